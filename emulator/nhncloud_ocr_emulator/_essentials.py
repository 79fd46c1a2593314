"""What of an image file makes its picture: the rest may be broken, or large, and harms nobody.

Other programs show pictures whose colour profile, comments or checksums of comments are wrong, and
JPEGs without their end marker. Pillow reads such parts first, and refuses. So they are left out,
so that nothing is inflated but pixels: a file is read in one pass, in little more than its size.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final

__all__ = ["END_OF_JPEG", "FILLER", "essential_jpeg", "essential_png", "has_end"]

END_OF_JPEG: Final = b"\xff\xd9"
FILLER: Final = bytes((7 * i * i + 3 * i) % 251 for i in range(512))
"""Data of no picture, without a marker. See `_images._whole`."""

_EMBEDDED: Final = b"nhncloud-ocr-emulator\0"  # `_embedded_text` writes it
_XMP: Final = b"XML:com.adobe.xmp\0\0"  # uncompressed; it may say which way is up
_SIGNATURE: Final = 8
_MAX_SEGMENTS: Final = 200_000  # millions take a minute
_MAX_SCANS: Final = 200  # of 50 megapixels, each takes 40 ms; encoders make up to 20 or so
_MAX_TOLD: Final = 64  # segments of EXIF and the like: Pillow copies all before for each
_MAX_CHUNKS: Final = 200_000  # millions take 400 MB; encoders write 8 KiB each, which makes 2,560
_FILL: Final = re.compile(rb"\xff+")
_MARKER: Final = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")  # among pixels
_SCAN: Final = 0xDA
_END: Final = 0xD9
_COMMENT: Final = 0xFE
_ALONE: Final = {0x01, *range(0xD0, 0xD9)}  # markers without a length


def essential_png(data: bytes) -> bytes:
    """Return a PNG without ancillary chunks, but for transparency, EXIF and known text.

    Raises ValueError when the checksum of pixels is wrong, or there are too many chunks. What is
    cut or no chunk stays as it is.
    """
    view = memoryview(data)
    parts: list[bytes | memoryview] = [view[:_SIGNATURE]]
    pixels: list[memoryview] = []
    position = _SIGNATURE
    count = 0
    while position + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if end > len(data):
            break
        chunk = view[position:end]
        position = end
        count += 1
        if count > _MAX_CHUNKS:
            raise ValueError("too many chunks")
        if kind == b"IDAT":
            if not _is_right(chunk):
                raise ValueError("wrong checksum of pixels")
            pixels.append(chunk[8:-4])
        elif kind == b"IEND":
            parts += [*_joined(pixels), chunk]
            return b"".join(parts)
        elif not kind[0] & 0x20 or (_is_wanted(kind, chunk) and _is_right(chunk)):
            parts.append(chunk)
    return b"".join([*parts, *_joined(pixels), view[position:]])


def essential_jpeg(data: bytes) -> bytes:
    """Return a JPEG's first picture, without comments and colour profiles before its pixels.

    Raises ValueError for what has no pixels, or has more segments or scans than any picture needs.
    """
    parts = [data[:2]]
    told = 0
    for marker, segment, rest in _segments(data):
        if marker == _SCAN:
            _check_scans(data, rest)
            parts.append(data[rest:])
            return b"".join(parts)
        if _is_needed(marker, segment):
            told += 0xE0 <= marker <= 0xEF
            if told <= _MAX_TOLD or not 0xE0 <= marker <= 0xEF:
                parts.append(segment)
    raise ValueError("no pixels")


def has_end(jpeg: bytes) -> bool:
    """Whether a JPEG that went through `essential_jpeg` has an end marker after its pixels."""
    for marker, _, rest in _segments(jpeg):
        if marker == _SCAN:
            return jpeg.find(END_OF_JPEG, rest) >= 0
    return False


def _is_right(chunk: memoryview) -> bool:
    return zlib.crc32(chunk[4:-4]) == int.from_bytes(chunk[-4:], "big")


def _is_wanted(kind: bytes, chunk: memoryview) -> bool:
    if kind == b"iTXt":
        return bytes(chunk[8:64]).startswith((_EMBEDDED, _XMP))
    return kind in (b"tRNS", b"eXIf")


def _joined(pixels: list[memoryview]) -> Iterator[bytes]:
    """Yield one chunk for many: each costs Pillow a step."""
    if pixels:
        body = b"".join([b"IDAT", *pixels])
        yield struct.pack(">I", len(body) - 4)
        yield body
        yield struct.pack(">I", zlib.crc32(body))


def _segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Yield each segment up to the pixels: its marker, its bytes, and where it starts."""
    position = 2
    for _ in range(_MAX_SEGMENTS):
        fill = _FILL.match(data, position)
        if fill is None or fill.end() >= len(data):
            raise ValueError("no marker")
        start = fill.end() - 1
        marker = data[fill.end()]
        end = start + 2
        if marker not in _ALONE:
            end += int.from_bytes(data[end : end + 2], "big")
        yield marker, data[start:end], start
        position = end
    raise ValueError("too many segments")


def _check_scans(data: bytes, position: int) -> None:
    """Raise ValueError if more scans begin there than any picture needs."""
    scans = 0
    for _ in range(_MAX_SEGMENTS):
        found = _MARKER.search(data, position)
        if found is None or found[1][0] == _END:
            return
        scans += found[1][0] == _SCAN
        if scans > _MAX_SCANS:
            raise ValueError("too many scans")
        position = found.end()
        if found[1][0] not in _ALONE:
            position += int.from_bytes(data[position : position + 2], "big")
    raise ValueError("too many segments")


def _is_needed(marker: int, segment: bytes) -> bool:
    """Whether a segment tells how to decode, which way is up, or what a test put in."""
    body = segment[4:]
    if marker == _COMMENT:
        return body.startswith(_EMBEDDED)
    if 0xE0 <= marker <= 0xEF:
        return body.startswith((b"JFIF\0", b"Exif\0", b"http://ns.adobe.com/xap/", b"Adobe"))
    return True
