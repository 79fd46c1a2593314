"""The image on its way out: read once, told apart by its first bytes, refused before it costs."""

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

_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_JPEG_BARE = {0x01, *range(0xD0, 0xD8)}  # markers without a length


class Upload(NamedTuple):
    """An image as it is sent: the user's file name stays at home."""

    data: bytes
    file_name: str
    media_type: str | None

    def __repr__(self) -> str:
        return f"Upload({self.media_type}, {len(self.data)} bytes)"


def read(image: ImageInput, limit: int | None) -> Upload:
    """Read an image into memory, once, a file from its current position; little more than `limit` bytes, so that a huge
    file is refused without being loaded. Raises the OSError of a path; InvalidImageError for a URL; TypeError."""
    data = _read(image, limit)
    if data.startswith(_PNG):
        return Upload(data, "image.png", "image/png")
    if data.startswith(_JPEG):
        return Upload(data, "image.jpg", "image/jpeg")
    return Upload(data, "image.png", "application/octet-stream")


def check(upload: Upload) -> None:
    """Raise InvalidImageError for what the service refuses anyway."""
    if not upload.data:
        raise InvalidImageError("the image is empty: there is nothing to recognise")
    if len(upload.data) > MAX_BYTES:
        raise InvalidImageError(f"the image has more than {MAX_BYTES:,} bytes (20 MiB), the limit: scale it down")
    if not upload.data.startswith((_PNG, _JPEG)):
        raise InvalidImageError("neither a JPEG nor a PNG, by its first bytes: convert it to one of the two")


def check_url(url: Any, precheck: bool) -> str:
    """Raise InvalidImageError for a URL that the service refuses (the ports: guide), or that JSON cannot carry."""
    if not isinstance(url, str):
        raise TypeError(f"image_url must be a string, not {type(url).__name__}")
    try:
        url.encode()
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except UnicodeEncodeError:
        raise InvalidImageError("image_url has characters that UTF-8 cannot carry") from None
    except ValueError:
        scheme, host, port = "", None, None
    if precheck and (scheme not in ("http", "https") or not host):
        raise InvalidImageError("image_url must begin with http:// or https:// and name a host, and maybe a port")
    if precheck and port is not None and port not in (80, 443) and not 10000 <= port <= 12000:
        raise InvalidImageError(f"image_url has port {port}; the service fetches only from 80, 443 and 10000-12000")
    return url


def side_ratio(data: bytes) -> float | None:
    """The longer side over the shorter, from the header bytes; None where they do not say."""
    size = _png_size(data) or _jpeg_size(data)
    return max(size) / min(size) if size and min(size) else None


def _read(image: Any, limit: int | None) -> bytes:
    if isinstance(image, IN_MEMORY):
        return bytes(image)
    if isinstance(image, (str, os.PathLike)):
        if isinstance(image, str) and image.lower().startswith("http") and not os.path.exists(image):  # noqa: PTH110 (Path.exists raises for a long name)
            raise InvalidImageError("a URL is not a path: pass it as image_url=...")
        with Path(image).open("rb") as file:
            return _read_file(file, limit)
    if hasattr(image, "read"):
        return _read_file(image, limit)
    raise TypeError(f"image must be a path, bytes or a binary file, not {type(image).__name__}")


def _read_file(file: Any, limit: int | None) -> bytes:
    """To the end, or to one byte past the limit; an unbuffered pipe gives less than asked for."""
    data = bytearray()
    while limit is None or len(data) <= limit:
        chunk = file.read() if limit is None else file.read(limit + 1 - len(data))
        if chunk is None or isinstance(chunk, str):
            raise TypeError('image must be a blocking file, opened in binary mode ("rb")')
        if not chunk:
            break
        data += chunk
    return bytes(data)


def _png_size(data: bytes) -> tuple[int, int] | None:
    return (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) if data.startswith(_PNG) else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2 if data.startswith(_JPEG) else len(data)
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _JPEG_FRAMES:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        if marker == 0xFF:  # padding
            at += 1
        else:
            at += 2 if marker in _JPEG_BARE else 2 + int.from_bytes(data[at + 2 : at + 4])
    return None
