"""The lossless reader: repeated keys keep all their lists, trailing commas are forgiven."""

import json
import pickle
import re
from functools import lru_cache
from itertools import chain
from math import isfinite
from typing import Any

import msgspec

from .shapes import (
    CROPPING_ONLY,
    DOCUMENTED,
    Envelope,
    Lengths,
    Parsed,
    Result,
    Success,
    Undocumented,
)

# Strings are matched whole, so that a comma inside recognised text is never touched; possessively,
# and up to the end where they do not end, so that it takes linear time. A comma after nothing is
# matched to be kept, and so refused.
_KEPT_OR_COMMA = re.compile(
    r"""(?sx)("(?:[^"\\]|\\.)*+(?:"|\\?\Z) | [\[{,][ \t\r\n]*+,) | ,(?=[ \t\r\n]*+[\]}])"""
)
_REPEATABLE = ("inferTexts", "boundingBoxes")


class _Groups(list[Any]):
    """The lists that came under one repeated key, as one."""

    def __init__(self, groups: list[list[Any]]) -> None:
        super().__init__(chain(*groups))
        self.lengths = [len(group) for group in groups]


class Refused:
    """Stands where a key was repeated or a number is infinite: no field takes it."""


_REFUSED = Refused()


def read(body: bytes, cropping: bool) -> Parsed:
    """Return what the reply says. Raises Undocumented with the JSON path, and RecursionError."""
    parsed = _loads(body, _decoder)
    header = _convert(parsed, Envelope)["header"]
    if header["isSuccessful"] != (header["resultCode"] == 0):
        raise Undocumented("isSuccessful contradicts resultCode - at `$.header`")
    if not header["isSuccessful"]:
        return Parsed(header)
    sent = parsed["result"] if isinstance(parsed.get("result"), dict) else {}
    documented = set(Result.__annotations__)
    if not cropping:
        documented -= CROPPING_ONLY
    unknown = sent.keys() - documented
    for key in unknown:
        del sent[key]
    result = _convert(parsed, Success)["result"]
    text_lengths = _lengths(sent["listOfInferTexts"], "inferTexts")
    box_lengths = _lengths(sent["listOfBoundingBoxes"], "boundingBoxes")
    del parsed, sent  # the next takes as much memory
    return Parsed(header, result, text_lengths, box_lengths, _extra(body, unknown))


def _lengths(lines: list[dict[str, Any]], key: str) -> Lengths:
    return {i: line[key].lengths for i, line in enumerate(lines) if isinstance(line[key], _Groups)}


def _extra(body: bytes, unknown: set[str]) -> dict[str, Any]:
    """Return the fields of the result that nobody documents, as plain JSON."""
    if not unknown:
        return {}
    result = _loads(body, json.JSONDecoder())["result"]
    extra = {key: value for key, value in result.items() if key in unknown}
    pickle.dumps(extra)  # what nests too deep for that is refused now
    return extra


def _loads(body: bytes, decoder: json.JSONDecoder) -> Any:
    try:
        text = body.decode("utf-8-sig")
        try:
            return decoder.decode(text)
        except json.JSONDecodeError:
            return decoder.decode(_KEPT_OR_COMMA.sub(lambda match: match[1] or "", text))
    except (ValueError, RecursionError):  # also integers with more digits than Python reads
        raise Undocumented("the body is not JSON") from None


def _convert(parsed: Any, shape: Any) -> Any:
    try:
        return msgspec.convert(parsed, shape)
    except msgspec.ValidationError as exc:
        problem = str(exc).replace(f"`{Refused.__name__}`", "a repeated key, or infinity")
        if "`$" not in problem:
            problem = f"{problem} - at `$`"
        raise Undocumented(problem) from None
    except (OverflowError, UnicodeEncodeError):
        raise Undocumented("a number is too large, or a key is half a surrogate pair") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    obj = dict(pairs)
    if len(obj) == len(pairs):
        return obj
    for key in DOCUMENTED.intersection(obj):
        values = [value for name, value in pairs if name == key]
        if len(values) > 1:
            lists = all(isinstance(value, list) for value in values)
            obj[key] = _Groups(values) if lists and key in _REPEATABLE else _REFUSED
    return obj


_shared_int = lru_cache(4096)(int)  # equal coordinates are one object: most of the memory


def _integer(digits: str) -> int:
    return _shared_int(digits) if len(digits) < 6 else int(digits)


def _finite(digits: str) -> float | Refused:
    number = float(digits)
    return number if isfinite(number) else _REFUSED


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


_decoder = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_finite,
    parse_int=_integer,
    parse_constant=_no_constant,
)
