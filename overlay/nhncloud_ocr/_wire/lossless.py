"""The lossless reader: repeated keys keep all their lists, trailing commas are forgiven."""

import json
from itertools import chain
from math import isfinite
from typing import Any, TypeVar

import msgspec
from nhncloud_ocr_api.models import Envelope

from . import places
from .commas import without_trailing_commas
from .nesting import nests_little
from .shapes import (
    CROPPING,
    DOCUMENTED,
    GENERAL,
    REPEATABLE,
    RESULT,
    CroppingReply,
    GeneralReply,
    Lengths,
    Parsed,
    Reply,
    Shape,
    Undocumented,
    shape_of,
)

S = TypeVar("S", bound=msgspec.Struct)


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
    header = _convert(parsed, Envelope).header
    if header.is_successful != (header.result_code == 0):
        raise Undocumented("isSuccessful contradicts resultCode - at `$.header`")
    if not header.is_successful:
        return Parsed(header)
    sent = parsed.get(RESULT)
    # What cropping adds to a result is no reason to lose the words where it is missing.
    added = isinstance(sent, dict) and not sent.keys().isdisjoint(CROPPING.keys - GENERAL.keys)
    sliced = cropping and added
    reply: Reply = _convert(parsed, CroppingReply) if sliced else _convert(parsed, GeneralReply)
    result = reply.result
    if isinstance(result, msgspec.UnsetType):
        raise Undocumented(f"a success without `{RESULT}` - at `$`")
    lengths = _lengths(shape_of(type(result)), sent)
    left = places.extra_keys(sent, type(result))
    del parsed, sent  # the next takes as much memory
    return Parsed(header, result, lengths, _extra(body, left) if left else {})


def _lengths(shape: Shape, sent: dict[str, Any]) -> dict[type[msgspec.Struct], Lengths]:
    """Return the lengths of the lists of each repeated key, by the shape that has the key."""
    lengths: dict[type[msgspec.Struct], Lengths] = {}
    for part in shape.parts:
        if part.inner is not None and part.inner.repeatable and part.key in sent:
            lengths[part.inner.struct] = {
                i: line[key].lengths
                for i, line in enumerate(sent[part.key])
                for key in part.inner.repeatable
                if isinstance(line.get(key), _Groups)
            }
    return lengths


def _extra(body: bytes, keys: set[str]) -> dict[str, Any]:
    """Return these fields of the result as plain JSON."""
    result = _loads(body, _plain_decoder)[RESULT]
    extra = {key: value for key, value in result.items() if key in keys}
    if not nests_little(extra):
        raise Undocumented(f"absurd nesting - at `$.{RESULT}`")
    return extra


def _loads(body: bytes, decoder: json.JSONDecoder) -> Any:
    try:
        text = body.decode("utf-8-sig")
        try:
            return decoder.decode(text)
        except json.JSONDecodeError:
            return decoder.decode(without_trailing_commas(text))
    except (ValueError, RecursionError):  # also integers with more digits than Python reads
        raise Undocumented("the body is not JSON") from None


def _convert(parsed: Any, struct: type[S]) -> S:
    try:
        return msgspec.convert(parsed, struct)
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
            obj[key] = _Groups(values) if lists and key in REPEATABLE else _REFUSED
    return obj


def _finite(digits: str) -> float | Refused:
    number = float(digits)
    return number if isfinite(number) else _REFUSED


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


_decoder = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_finite,
    parse_constant=_no_constant,
)
_plain_decoder = json.JSONDecoder()
