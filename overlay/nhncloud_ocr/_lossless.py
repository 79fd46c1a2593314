"""JSON read without losing anything: repeated keys are kept, trailing commas forgiven.

The guide's own sample replies have both. Everything else that is not strict JSON is refused.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from math import isinf
from typing import Any, NoReturn, TypeVar

import msgspec

from ._wire import DOCUMENTED, RESULT_FIELDS, Envelope, Grouped, GroupedResult, Header

T = TypeVar("T")

_INNER = {"listOfInferTexts": "inferTexts", "listOfBoundingBoxes": "boundingBoxes"}

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


def read(body: bytes, cropping: bool) -> tuple[Header, GroupedResult | None, dict[str, Any]]:
    """The header; of a success also the result, in which each `inferTexts` and `boundingBoxes` is the list of all lists
    that were sent under that key, in order, and its unknown fields. Raises NotTheEnvelope with the JSON path."""
    parsed = _loads(body)
    header = _convert(parsed, Envelope).header
    if header.isSuccessful != (header.resultCode == 0):
        raise NotTheEnvelope("isSuccessful contradicts resultCode - at `$.header`")
    if not header.isSuccessful:
        return header, None, {}
    known = RESULT_FIELDS if cropping else RESULT_FIELDS - {"slicesImages"}
    sent = parsed.get("result")
    if isinstance(sent, dict):
        parsed["result"] = {key: _grouped(sent[key], _INNER.get(key)) for key in known.intersection(sent)}
    result = _convert(parsed, Grouped).result
    return header, result, {key: _plain(value) for key, value in sent.items() if key not in known}


def _loads(body: bytes) -> Any:
    try:
        text = body.decode("utf-8-sig")
        try:
            return _decoder.decode(text)
        except json.JSONDecodeError:
            return _decoder.decode(_KEPT_OR_TRAILING_COMMA.sub(lambda m: m[1] or "", text))
    except (ValueError, RecursionError):  # also integers with more digits than Python reads
        raise NotTheEnvelope("the body is not JSON") from None


def _convert(parsed: Any, kind: type[T]) -> T:
    try:
        return msgspec.convert(parsed, kind)
    except msgspec.ValidationError as exc:
        problem = str(exc).replace("_Unusable", "repeated key, or infinite")
        raise NotTheEnvelope(problem if "`$" in problem else f"{problem} - at `$`") from None
    except (OverflowError, UnicodeEncodeError):
        raise NotTheEnvelope("a number is too large, or a key is half a surrogate pair") from None


def _grouped(lines: Any, key: str | None) -> Any:
    """Objects that hold all values of `key`, for those that have it."""
    if key is None or not isinstance(lines, list):
        return lines
    return [{key: _values(line, key)} if isinstance(line, dict) and key in line else line for line in lines]


def _values(obj: dict[str, Any], key: str) -> list[Any]:
    return [value for name, value in obj.pairs if name == key] if isinstance(obj, _Repeating) else [obj[key]]


def _plain(value: Any) -> Any:
    """`value` as the json module would have read it: of a repeated key the last wins."""
    if isinstance(value, _Unusable):
        return _plain(value.last)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    obj = dict(pairs)
    return obj if len(obj) == len(pairs) else _Repeating(pairs)


def _float(digits: str) -> Any:
    number = float(digits)
    return _Unusable(number) if isinf(number) else number


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_shared = lru_cache(4096)(int)  # equal coordinates are one object: they would be most of the memory
_decoder = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_float,
    parse_int=lambda digits: _shared(digits) if len(digits) < 6 else int(digits),
    parse_constant=_refuse_constant,
)
