"""The image on its way out: read once, told apart by its first bytes, refused before it costs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias
from urllib.parse import urlsplit

from ._errors import InvalidImageError

ImageInput: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes]

IN_MEMORY = (bytes, bytearray, memoryview)

MAX_BYTES = 20 * 1024 * 1024
"""The service takes 20 MB, as a file or behind a URL, since 2026-08-11 (documented)."""

MAX_SIDE_RATIO = 2.5
"""Past this ratio of the sides the quality falls (documented)."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length


class Upload(NamedTuple):
    """An image as it is sent: the user's file name stays at home."""

    data: bytes
    file_name: str
    media_type: str

    def __repr__(self) -> str:
        return f"Upload({self.media_type}, {len(self.data)} bytes)"


def read(image: ImageInput, limit: int | None) -> Upload:
    """Read a path, bytes-like or binary file (from its current position) into memory, once.

    Not much more than `limit` bytes are read, so that a huge file is refused without being loaded.
    Raises the OSError of a path that cannot be opened; InvalidImageError for a URL; TypeError.
    """
    data = _read(image, limit)
    if data.startswith(_PNG):
        return Upload(data, "image.png", "image/png")
    if data.startswith(_JPEG):
        return Upload(data, "image.jpg", "image/jpeg")
    return Upload(data, "image.png", "application/octet-stream")


def check_upload(upload: Upload) -> None:
    """Raise InvalidImageError for what the service refuses anyway."""
    if not upload.data:
        raise InvalidImageError("the image is empty: there is nothing to recognise")
    if len(upload.data) > MAX_BYTES:
        raise InvalidImageError(
            f"the image has more than {MAX_BYTES:,} bytes (20 MiB), the service's limit: scale it down"
        )
    if upload.media_type == "application/octet-stream":
        raise InvalidImageError("neither a JPEG nor a PNG, by its first bytes: convert it to one of the two")


def check_text(url: str) -> None:
    """Raise InvalidImageError for what cannot be written as JSON in UTF-8; TypeError for no string."""
    if not isinstance(url, str):
        raise TypeError(f"image_url must be a string, not {type(url).__name__}")
    try:
        url.encode()
    except UnicodeEncodeError:
        raise InvalidImageError("image_url has characters that UTF-8 cannot carry") from None


def check_url(url: str) -> None:
    """Raise InvalidImageError for a URL that the service refuses (the ports: guide)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidImageError("image_url is not a URL: its host or port cannot be read") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InvalidImageError("image_url must begin with http:// or https:// and name a host")
    if port is not None and port not in (80, 443) and not 10000 <= port <= 12000:
        raise InvalidImageError(f"image_url has port {port}; the service fetches from 80, 443 and 10000-12000 only")


def side_ratio(data: bytes) -> float | None:
    """The longer side over the shorter, from the header bytes; None where they do not say."""
    size = _png_size(data) if data.startswith(_PNG) else _jpeg_size(data)
    return max(size) / min(size) if size and min(size) else None


def _read(image: ImageInput, limit: int | None) -> bytes:
    if isinstance(image, bytes):
        return image
    if isinstance(image, IN_MEMORY):
        return bytes(image)
    if isinstance(image, str) and image.lower().startswith(("http://", "https://")):
        raise InvalidImageError("a URL is not a path: pass it as image_url=...")
    if isinstance(image, (str, os.PathLike)):
        try:
            with Path(image).open("rb") as file:
                return _read_file(file, limit)
        except FileNotFoundError:
            if str(image).startswith("http"):
                raise InvalidImageError("no such file; if it is meant to be a URL, pass it as image_url=...") from None
            raise
    if hasattr(image, "read"):
        return _read_file(image, limit)
    raise TypeError(f"image must be a path, bytes or a binary file, not {type(image).__name__}")


def _read_file(file: Any, limit: int | None) -> bytes:
    """To the end, or to one byte past the limit; an unbuffered pipe gives less than asked for."""
    data = bytearray()
    while limit is None or len(data) <= limit:
        chunk = file.read() if limit is None else file.read(limit + 1 - len(data))
        if isinstance(chunk, str):
            raise TypeError('image is a text file: open it in binary mode ("rb")')
        if chunk is None:
            raise TypeError("image is a non-blocking file with nothing to read yet")
        if not chunk:
            break
        data += chunk
    return bytes(data)


def _png_size(data: bytes) -> tuple[int, int] | None:
    if data[12:16] != b"IHDR" or len(data) < 24:
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _JPEG_FRAMES:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        if marker == 0xFF:  # padding
            at += 1
        elif marker in _JPEG_BARE:
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None
