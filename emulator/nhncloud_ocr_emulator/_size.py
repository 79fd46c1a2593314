"""How large an image may be, and what size it says it has: nothing is decoded."""

from __future__ import annotations

import struct
from math import prod
from typing import Final

__all__ = ["MAX_IMAGE", "stated_size"]

MAX_IMAGE: Final = 20 * 1024 * 1024
"""Bytes (documented: 20 MB, for an upload and for an image behind a URL alike)."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_MAX_SEGMENTS: Final = 1000
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN: Final = 0xDA


def stated_size(image: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG or JPEG in pixels, None if its head does not tell.

    EXIF is not looked at. Of several sizes, which only a hostile file has, it is the largest.
    """
    if image.startswith(_PNG) and image[12:16] == b"IHDR" and len(image) >= 24:
        width, height = struct.unpack_from(">II", image, 16)
        return int(width), int(height)
    if image.startswith(b"\xff\xd8"):
        return _of_jpeg(image)
    return None


def _of_jpeg(image: bytes) -> tuple[int, int] | None:
    largest: tuple[int, int] | None = None
    at = 2
    for _ in range(_MAX_SEGMENTS):
        if len(image) < at + 9 or image[at] != 0xFF:
            return largest
        marker, length = struct.unpack_from(">xBH", image, at)
        if marker == _SCAN:
            return largest
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", image, at + 5)
            largest = max(largest or (0, 0), (width, height), key=prod)
        at += 2 + length
    return None
