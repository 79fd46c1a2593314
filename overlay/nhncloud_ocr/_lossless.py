"""JSON read without losing anything: repeated keys are kept, trailing commas forgiven.

The guide's own sample replies have both. Everything else that is not strict JSON is refused.
"""

import json
import re
from functools import lru_cache
from itertools import chain
from math import isinf
from typing import Any, NamedTuple, TypeVar

import msgspec

from ._wire import DOCUMENTED, Envelope, Header, Result, Success

T = TypeVar("T")

# Strings are matched whole, so that a comma inside recognised text is never touched; possessively, and up to the end
# where they do not end, so that it takes linear time. A comma after nothing is matched to be kept, and so refused.
_KEPT_OR_TRAILING_COMMA = re.compile(
    r"""("(?:[^"\\]|\\.)*+(?:"|\Z) | [\[{,][ \t\r\n]*+,) | ,(?=[ \t\r\n]*+[\]}])""", re.DOTALL | re.VERBOSE
)


class NotTheEnvelope(ValueError):
    """The bytes are not the documented envelope; the text says where, and never what they are."""


class Page(NamedTuple):
    """The result of a success; of each outer index how many words, and boxes, each list had that was sent for it (in
    `result` they are one list); and the unknown fields of the result."""

    result: Result
    texts: list[list[int]]
    boxes: list[list[int]]
    extra: dict[str, Any]


class _Unusable:
    """The values of a documented key that came more than once, or a number too large: what no field can take, so that
    the conversion names its path."""

    def __init__(self, *values: Any) -> None:
        self.values = values


def read(body: bytes, cropping: bool) -> tuple[Header, Page | None]:
    """The header, and of a success the page. Raises NotTheEnvelope with the JSON path."""
    parsed = _loads(body)
    header = _convert(parsed, Envelope)["header"]
    if header["isSuccessful"] != (header["resultCode"] == 0):
        raise NotTheEnvelope("isSuccessful contradicts resultCode - at `$.header`")
    if not header["isSuccessful"]:
        return header, None
    result = parsed.get("result")
    sent = result if isinstance(result, dict) else {}
    known = set(Result.__annotations__) - ({"slicesImages"} if not cropping else set())
    extra = {key: _plain(sent.pop(key)) for key in [*sent] if key not in known}
    texts = _flattened(sent.get("listOfInferTexts"), "inferTexts")
    boxes = _flattened(sent.get("listOfBoundingBoxes"), "boundingBoxes")
    return header, Page(_convert(parsed, Success)["result"], texts, boxes, extra)


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


def _flattened(lines: Any, key: str) -> list[list[int]]:
    """Make one list of all that each object has under `key`; returns their lengths. What is no list is left."""
    lengths = []
    for line in lines if isinstance(lines, list) else ():
        value = line.get(key) if isinstance(line, dict) else None
        groups: Any = value.values if isinstance(value, _Unusable) else (value,)
        if all(isinstance(group, list) for group in groups):
            lengths.append([len(group) for group in groups])
            line[key] = [*chain(*groups)]
    return lengths


def _plain(value: Any) -> Any:
    """`value` as the json module would have read it: of a repeated key the last wins."""
    if isinstance(value, _Unusable):
        return _plain(value.values[-1])
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    obj = dict(pairs)
    for key in DOCUMENTED.intersection(obj) if len(obj) < len(pairs) else ():
        values = [value for name, value in pairs if name == key]
        obj[key] = _Unusable(*values) if len(values) > 1 else obj[key]
    return obj


_shared = lru_cache(4096)(int)  # equal coordinates are one object: they would be most of the memory
_decoder = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=lambda digits: _Unusable(number) if isinf(number := float(digits)) else number,
    parse_int=lambda digits: _shared(digits) if len(digits) < 6 else int(digits),
    parse_constant=int,  # fails: NaN and Infinity are not JSON
)
