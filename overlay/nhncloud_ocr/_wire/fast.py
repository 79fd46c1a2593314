"""The fast reader: straight into the generated shapes, and a proof that nothing was lost."""

from typing import Any

import msgspec

from . import places, strict
from .nesting import nests_little
from .proof import strings_in_structs, strings_in_text
from .shapes import RESULT, CroppingReply, GeneralReply, Parsed, Reply, Result, shape_of

_anything = msgspec.json.Decoder()
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


def read(body: bytes, cropping: bool) -> Parsed | None:
    """Return a success, or None where the lossless reader has to look."""
    try:
        reply: Reply
        if cropping:
            reply = strict.decode(body, CroppingReply)
        else:
            reply = strict.decode(body, GeneralReply)
        if not reply.header.is_successful or reply.header.result_code != 0:
            return None
        result = reply.result
        if isinstance(result, msgspec.UnsetType):
            return None
        # No field was passed over. If a key was repeated, the text has more strings than these.
        if strings_in_text(body) != strings_in_structs(shape_of(type(reply)), [reply]):
            return None
        extra = _extra(body, result)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return Parsed(reply.header, result, extra=extra) if nests_little(extra) else None


def _extra(body: bytes, result: Result) -> dict[str, Any]:
    """Return the fields of the result without a place of their own, as plain JSON."""
    left = places.without_place(type(result))
    names = [name for name in left if getattr(result, name) is not msgspec.UNSET]
    if all(name.startswith(strict.UNKNOWN) for name in names):
        return {left[name]: getattr(result, name) for name in names}
    sent = _fields.decode(_fields.decode(body)[RESULT])  # a described one was decoded as described
    return {left[name]: _anything.decode(sent[left[name]]) for name in names}
