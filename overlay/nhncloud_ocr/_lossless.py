"""JSON read without losing anything: repeated keys are kept, trailing commas forgiven.

The guide's own sample replies have both. Everything else that is not strict JSON is refused.
"""

from __future__ import annotations

import json
import re
from math import isinf
from typing import Any, NoReturn, TypeVar

import msgspec

from ._wire import DOCUMENTED

T = TypeVar("T")

# Strings are matched whole, so that a comma inside recognised text is never touched; possessively, and up to the end
# where they do not end, so that it takes linear time. A comma after nothing is matched to be kept, and so refused.
_KEPT_OR_TRAILING_COMMA = re.compile(
    r"""("(?:[^"\\]|\\.)*+(?:"|\Z) | [\[{,][ \t\r\n]*+,) | ,(?=[ \t\r\n]*+[\]}])""", re.DOTALL | re.VERBOSE
)


class NotTheEnvelope(ValueError):
    """The bytes are not the documented envelope; the text says where, and never what they are."""


class _Unusable:
    """Stands for a value that no field can take, so that the conversion names its path."""

    def __init__(self, last: Any) -> None:
        self.last = last


class _Repeating(dict[str, Any]):
    """An object with a key that came more than once. As a dict it has the last value of each."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs
        names = [name for name, _ in pairs]
        for name in DOCUMENTED.intersection(names):
            if names.count(name) > 1:
                self[name] = _Unusable(self[name])


def loads(body: bytes) -> Any:
    """Parse the body of a reply. Raises NotTheEnvelope."""
    try:
        text = body.decode("utf-8-sig")
        try:
            return _decoder.decode(text)
        except json.JSONDecodeError:
            return _decoder.decode(_KEPT_OR_TRAILING_COMMA.sub(lambda m: m[1] or "", text))
    except (ValueError, RecursionError):  # also integers with more digits than Python reads
        raise NotTheEnvelope("the body is not JSON") from None


def convert(parsed: Any, kind: type[T]) -> T:
    """Check types and make `kind` of what `loads` gave. Raises NotTheEnvelope with the JSON path."""
    try:
        return msgspec.convert(parsed, kind)
    except msgspec.ValidationError as exc:
        problem = str(exc).replace("_Unusable", "repeated key, or infinite")
        raise NotTheEnvelope(problem if "`$" in problem else f"{problem} - at `$`") from None
    except (OverflowError, UnicodeEncodeError):
        raise NotTheEnvelope("a number is too large, or a key is half a surrogate pair") from None


def group(parsed: Any, cropping: bool) -> Any:
    """A success in which each `inferTexts` and `boundingBoxes` is the list of all the lists that
    were sent under that key, in order, and only a cropping reply has `slicesImages`."""
    if not isinstance(parsed.get("result"), dict):
        return parsed
    result = dict(parsed["result"])
    for outer, key in (("listOfInferTexts", "inferTexts"), ("listOfBoundingBoxes", "boundingBoxes")):
        if isinstance(lines := result.get(outer), list):
            result[outer] = [_grouped(line, key) for line in lines]
    if not cropping:
        result.pop("slicesImages", None)
    return {**parsed, "result": result}


def _grouped(line: Any, key: str) -> Any:
    if not isinstance(line, dict) or key not in line:
        return line
    pairs = line.pairs if isinstance(line, _Repeating) else line.items()
    return {key: [value for name, value in pairs if name == key]}


def plain(value: Any) -> Any:
    """`value` as the json module would have read it: of a repeated key the last wins."""
    if isinstance(value, _Unusable):
        return plain(value.last)
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    obj = dict(pairs)
    return obj if len(obj) == len(pairs) else _Repeating(pairs)


def _float(digits: str) -> Any:
    number = float(digits)
    return _Unusable(number) if isinf(number) else number


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_decoder = json.JSONDecoder(object_pairs_hook=_object, parse_float=_float, parse_constant=_refuse_constant)
