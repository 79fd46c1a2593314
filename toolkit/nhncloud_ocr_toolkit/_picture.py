"""An image's header, read with the standard library: size, resolution, orientation."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal, NamedTuple, TypeAlias

from nhncloud_ocr import InvalidImageError

ImageInput: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes]
"""What `recognize` takes: a path, bytes-like, or a binary file."""

Frame: TypeAlias = Literal["upright", "stored"]
"""Which pixels boxes count in when EXIF turns an image: as people see it, or as it is stored."""

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPEG_SIGNATURE = b"\xff\xd8\xff"
_ORIENTATION_TAG = 0x0112
_START_OF_SCAN = 0xDA
_FRAME_HEADERS = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}
_INCHES_PER_UNIT = {1: 1.0, 2: 2.54}  # JFIF: dots per inch, dots per centimetre
_INCH_IN_METRES = 0.0254


class Picture(NamedTuple):
    """An image's bytes and what its header says.

    `width` and `height` are pixels as stored, `dpi` is horizontal and vertical (JFIF or pHYs), None
    where the file names no unit, `orientation` is EXIF's, 1 to 8.
    """

    data: bytes
    kind: Literal["jpeg", "png"]
    width: int
    height: int
    dpi: tuple[float, float] | None
    orientation: int

    def size(self, frame: Frame = "upright") -> tuple[int, int]:
        """Width and height in pixels, as boxes of `frame` see the image."""
        if frame not in ("upright", "stored"):
            raise ValueError(f'frame must be "upright" or "stored", not {frame!r}')
        if frame == "upright" and self.orientation >= 5:
            return self.height, self.width
        return self.width, self.height


def open_picture(image: ImageInput | Picture) -> Picture:
    """The image's bytes and header. A file is read from where it stands, from its start if nothing
    is left there (`recognize` has read it).

    Raises InvalidImageError (neither JPEG nor PNG, no size in it, a URL), the OSError of a path,
    TypeError.
    """
    if isinstance(image, Picture):
        return image
    data = _read(image)
    if data.startswith(PNG_SIGNATURE):
        return _png(data)
    if data.startswith(JPEG_SIGNATURE):
        return _jpeg(data)
    raise InvalidImageError(
        "neither a JPEG nor a PNG, by its first bytes: pass the image that was recognised"
    )


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and payload of each whole chunk of a PNG, in order; ends where the file is cut."""
    at = len(PNG_SIGNATURE)
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if at + 8 + length > len(data):
            return
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and payload of each segment of a JPEG before its scan; ends where the file is cut."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker in _WITHOUT_LENGTH:
            at += 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _START_OF_SCAN or length < 2 or at + 2 + length > len(data):
            return
        yield marker, data[at + 4 : at + 2 + length]
        at += 2 + length


def _read(image: ImageInput) -> bytes:
    if isinstance(image, (bytes, bytearray, memoryview)):
        return bytes(image)
    if isinstance(image, (str, os.PathLike)):
        if (
            isinstance(image, str)
            and image.lower().startswith(("http://", "https://"))
            and not Path(image).exists()
        ):
            raise InvalidImageError(
                "an export needs the image itself, not its URL: download it first"
            )
        return Path(image).read_bytes()
    if not hasattr(image, "read"):
        raise TypeError(f"image must be a path, bytes or a binary file, not {type(image).__name__}")
    data = _read_file(image)
    if not data and image.seekable():
        image.seek(0)
        data = _read_file(image)
    return data


def _read_file(file: IO[bytes]) -> bytes:
    data = bytearray()
    while (chunk := file.read(2**20)) != b"":
        if not isinstance(chunk, bytes):
            raise TypeError('image must be a blocking file, opened in binary mode ("rb")')
        data += chunk
    return bytes(data)


def _png(data: bytes) -> Picture:
    width = height = 0
    dpi: tuple[float, float] | None = None
    orientation = 1
    for kind, payload in png_chunks(data):
        if kind == b"IHDR" and len(payload) >= 8:
            width, height = struct.unpack(">II", payload[:8])
        elif kind == b"pHYs" and len(payload) == 9:
            across, down, unit = struct.unpack(">IIB", payload)
            if unit == 1 and across and down:
                dpi = across * _INCH_IN_METRES, down * _INCH_IN_METRES
        elif kind == b"eXIf":
            orientation = _orientation(payload)
    return _checked(Picture(data, "png", width, height, dpi, orientation))


def _jpeg(data: bytes) -> Picture:
    width = height = 0
    dpi: tuple[float, float] | None = None
    orientation = 1
    for marker, payload in jpeg_segments(data):
        if marker in _FRAME_HEADERS and len(payload) >= 5 and not width:
            height, width = struct.unpack(">HH", payload[1:5])
        elif marker == 0xE0 and payload.startswith(b"JFIF\0") and len(payload) >= 12:
            unit, across, down = struct.unpack(">BHH", payload[7:12])
            scale = _INCHES_PER_UNIT.get(unit)
            if scale and across and down:
                dpi = across * scale, down * scale
        elif marker == 0xE1 and payload.startswith(b"Exif\0\0"):
            orientation = _orientation(payload[6:])
    return _checked(Picture(data, "jpeg", width, height, dpi, orientation))


def _checked(picture: Picture) -> Picture:
    if not picture.width or not picture.height:
        raise InvalidImageError("the image's header has no size: the file is cut or damaged")
    return picture


def _orientation(tiff: bytes) -> int:
    """EXIF's orientation from a TIFF structure; 1 where it has none, or is damaged."""
    order: Literal["little", "big"] = "little" if tiff[:2] == b"II" else "big"

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)

    first = number(4, 4)
    for index in range(min(number(first, 2), 1000)):
        entry = first + 2 + 12 * index
        if number(entry, 2) == _ORIENTATION_TAG:
            value = number(entry + 8, 2)
            return value if 1 <= value <= 8 else 1
    return 1
