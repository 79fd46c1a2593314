"""What kind of file an image is: by its first bytes, whatever it is called.

Result codes: 4000003, 4000004 and 4131000 and their messages are documented; what triggers each is
inferred.
"""

from __future__ import annotations

from typing import Final

from ._size import MAX_IMAGE
from .recognition import Refused

__all__ = ["file_type"]

_INVALID_FILE_TYPE: Final = 4000003
_EMPTY_FILE: Final = 4000004
_TOO_LARGE: Final = 4131000

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"


def file_type(data: bytes) -> str:
    """Return "png" or "jpg"; raise Refused for anything else, for nothing, and past MAX_IMAGE."""
    if not data:
        raise Refused(_EMPTY_FILE)
    if len(data) > MAX_IMAGE:
        raise Refused(_TOO_LARGE)
    if data.startswith(_PNG):
        return "png"
    if data.startswith(_JPEG):
        return "jpg"
    raise Refused(_INVALID_FILE_TYPE)
