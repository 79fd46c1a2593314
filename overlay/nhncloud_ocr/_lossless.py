"""The careful reader of the envelope: every repeated key kept or refused, every type checked.

It is stricter than the vendor promises only where a value could not be used at all, and it says
with a JSON path what it could not read.
"""

from __future__ import annotations

from math import isfinite
from typing import Any, NamedTuple

from . import _wire
from ._json import values

_RESULT_KEYS = {"fileType", "listOfInferTexts", "listOfBoundingBoxes"}
_CORNERS = ("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4")


class Mismatch(Exception):
    """The JSON at a path is not what is documented."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path} {problem}")


class Header(NamedTuple):
    is_successful: bool
    result_code: int
    result_message: str


class Page(NamedTuple):
    """The result as sent: per outer index the groups of texts, and those of boxes."""

    file_type: str
    slices: int | None
    texts: list[list[_wire.InferTexts]]
    boxes: list[list[_wire.BoundingBoxes]]
    extra: dict[str, Any]


def header(envelope: Any) -> Header:
    """Raises Mismatch."""
    obj = _one(envelope, "$", "header", dict)
    read = Header(
        _one(obj, "$.header", "isSuccessful", bool),
        _one(obj, "$.header", "resultCode", int),
        _one(obj, "$.header", "resultMessage", str),
    )
    if read.is_successful != (read.result_code == 0):
        raise Mismatch("$.header", "contradicts itself: isSuccessful and resultCode")
    _one(envelope, "$", "result", object, required=False)  # repeated, it is neither of the two
    return read


def page(envelope: Any, *, cropping: bool) -> Page:
    """Raises Mismatch."""
    path = "$.result"
    obj = _one(envelope, "$", "result", dict)
    known = _RESULT_KEYS | {"slicesImages"} if cropping else _RESULT_KEYS
    return Page(
        _one(obj, path, "fileType", str),
        _one(obj, path, "slicesImages", int, required=False) if cropping else None,
        [
            [[_text(item, at) for item, at in group] for group in groups]
            for groups in _outer(obj, path, "listOfInferTexts", "inferTexts")
        ],
        [
            [[_box(item, at) for item, at in group] for group in groups]
            for groups in _outer(obj, path, "listOfBoundingBoxes", "boundingBoxes")
        ],
        {key: value for key, value in obj.items() if key not in known},
    )


def _outer(obj: Any, path: str, key: str, inner: str) -> list[list[list[tuple[Any, str]]]]:
    """The items of all groups of all outer objects, each with its path."""
    found = []
    for i, outer in enumerate(_one(obj, path, key, list)):
        at = f"{path}.{key}[{i}]"
        groups = values(_typed(outer, at, dict), inner)
        if not groups:
            raise Mismatch(f"{at}.{inner}", "is missing")
        found.append(
            [
                [
                    (item, f"{at}.{inner}[{j}]")
                    for j, item in enumerate(_typed(group, f"{at}.{inner}", list))
                ]
                for group in groups
            ]
        )
    return found


def _text(item: Any, path: str) -> _wire.InferText:
    _one(item, path, "value", str)
    _number(item, path, "conf")
    return _wire.infer_text(item)


def _box(item: Any, path: str) -> _wire.BoundingBox:
    for corner in _CORNERS:
        _number(item, path, corner)
    return _wire.bounding_box(item)


def _number(obj: Any, path: str, key: str) -> None:
    number = _one(obj, path, key, (int, float))
    try:
        finite = isfinite(number)
    except OverflowError:  # an integer beyond what a float can hold
        finite = False
    if not finite:
        raise Mismatch(f"{path}.{key}", "is not a finite number")


def _one(obj: Any, path: str, key: str, kind: Any, *, required: bool = True) -> Any:
    """The only value of a documented key, of the right type."""
    found = values(_typed(obj, path, dict), key)
    if len(found) > 1:
        raise Mismatch(f"{path}.{key}", "is repeated")
    if not found:
        if required:
            raise Mismatch(f"{path}.{key}", "is missing")
        return None
    return _typed(found[0], f"{path}.{key}", kind)


def _typed(value: Any, path: str, kind: Any) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind in (int, (int, float))):
        raise Mismatch(path, f"has the wrong type ({type(value).__name__})")
    return value
