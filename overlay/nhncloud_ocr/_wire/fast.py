"""The fast reader: straight into the generated shapes, and a proof that nothing was lost."""

from typing import Any, TypeVar

import msgspec

from . import grouped, places, strict
from .nesting import nests_little
from .proof import strings_in_structs, strings_in_text
from .shapes import (
    RESULT,
    CroppingReply,
    GeneralReply,
    Lengths,
    Parsed,
    Result,
    shape_of,
)

R = TypeVar("R", GeneralReply, CroppingReply)

_anything = msgspec.json.Decoder()
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


def read(body: bytes, cropping: bool) -> Parsed | None:
    """Return a success, or None where the lossless reader has to look."""
    try:
        return _read(body, CroppingReply) if cropping else _read(body, GeneralReply)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _read(body: bytes, struct: type[R]) -> Parsed | None:
    reply, unknown = strict.decode(body, struct)
    if not reply.header.is_successful or reply.header.result_code != 0:
        return None
    # No field was passed over. If a key was repeated, the text has more strings than these.
    shape = shape_of(type(reply))
    strings = strings_in_text(body)
    lengths: dict[type[msgspec.Struct], Lengths] = {}
    if strings != strings_in_structs(shape, [reply]):
        reply, lengths = grouped.decode(body, struct, unknown)
        keys = sum(len(own) - 1 for each in lengths.values() for own in each.values())
        if strings != strings_in_structs(shape, [reply]) + keys:
            return None
    result = reply.result
    if isinstance(result, msgspec.UnsetType):
        return None
    extra = _extra(body, result)
    return Parsed(reply.header, result, lengths, extra) if nests_little(extra) else None


def _extra(body: bytes, result: Result) -> dict[str, Any]:
    """Return the fields of the result without a place of their own, as plain JSON."""
    left = places.without_place(type(result))
    names = [name for name in left if getattr(result, name) is not msgspec.UNSET]
    if all(name.startswith(strict.UNKNOWN) for name in names):
        return {left[name]: getattr(result, name) for name in names}
    sent = _fields.decode(_fields.decode(body)[RESULT])  # a described one was decoded as described
    return {left[name]: _anything.decode(sent[left[name]]) for name in names}
