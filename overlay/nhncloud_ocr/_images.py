"""The image on its way out: read once, told apart by its first bytes, refused before it costs."""

import os
from math import inf
from pathlib import Path
from typing import IO, Any, TypeAlias
from urllib.parse import urlsplit

from ._errors import InvalidImageError

ImageInput: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes]
IN_MEMORY = (bytes, bytearray, memoryview, type(None))

MAX_BYTES = 20 * 1024 * 1024  # as a file or behind a URL, since 2026-08-11 (documented)
MAX_SIDE_RATIO = 2.5  # past it the quality falls (documented)
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_JPEG_BARE = {0x01, *range(0xD0, 0xD8)}  # markers without a length


def source(image: Any, url: str | None, precheck: bool) -> bytes | str:
    """An image's bytes, a file's from its current position, or the image's URL; with `precheck` refused if the service
    would refuse it. Raises InvalidImageError, the OSError of a path, TypeError."""
    if (image is None) == (url is None):
        raise TypeError("pass either an image or image_url=..., one of the two")
    if url is not None:
        _check_url(url, precheck)
        return url
    data = _read(image, MAX_BYTES if precheck else inf)
    if precheck and not data:
        raise InvalidImageError("the image is empty: there is nothing to recognise")
    if precheck and len(data) > MAX_BYTES:
        raise InvalidImageError(
            f"the image has more than {MAX_BYTES:,} bytes (20 MiB), the limit: scale it down"
        )
    if precheck and not data.startswith((_PNG, _JPEG)):
        raise InvalidImageError(
            "neither a JPEG nor a PNG, by its first bytes: convert it to one of the two"
        )
    return data


def _read(image: Any, limit: float) -> bytes:
    """All, or little more than `limit`, so that a huge file is refused without being loaded."""
    if isinstance(image, IN_MEMORY):
        return bytes(image or b"")
    if isinstance(image, (str, os.PathLike)):
        if (
            isinstance(image, str)
            and image.lower().startswith("http")
            and not os.path.exists(image)
        ):
            raise InvalidImageError("a URL is not a path: pass it as image_url=...")
        with Path(image).open("rb") as file:
            return _read(file, limit)
    if not hasattr(image, "read"):
        raise TypeError(f"image must be a path, bytes or a binary file, not {type(image).__name__}")
    data = bytearray()
    while (
        len(data) <= limit and (chunk := image.read(2**20)) != b""
    ):  # an unbuffered pipe gives less than asked for
        if chunk is None or isinstance(chunk, str):
            raise TypeError('image must be a blocking file, opened in binary mode ("rb")')
        data += chunk
    return bytes(data)


def kind(data: bytes) -> tuple[str, str]:
    """The file name and the media type that an image is sent with: the user's name stays at home."""
    if data.startswith(_JPEG):
        return "image.jpg", "image/jpeg"
    return "image.png", "image/png" if data.startswith(_PNG) else "application/octet-stream"


def _check_url(url: str, precheck: bool) -> None:
    """Raise InvalidImageError for a URL that JSON cannot carry, or that the service refuses (the ports: guide)."""
    if not isinstance(url, str):
        raise TypeError(f"image_url must be a string, not {type(url).__name__}")
    try:
        url.encode()
        parts = urlsplit(url)
        fetched, port = parts.scheme in ("http", "https") and parts.hostname, parts.port
    except UnicodeEncodeError:
        raise InvalidImageError("image_url has characters that UTF-8 cannot carry") from None
    except ValueError:
        fetched, port = False, None
    if precheck and not fetched:
        raise InvalidImageError(
            "image_url must begin with http:// or https:// and name a host, and maybe a port"
        )
    if precheck and port not in (None, 80, 443, *range(10000, 12001)):
        raise InvalidImageError(
            f"image_url has port {port}; the service fetches only from 80, 443 and 10000-12000"
        )


def side_ratio(data: bytes) -> float:
    """The longer side over the shorter, from the header bytes; 1 where they do not say."""
    width, height = 1, 1
    if data.startswith(_PNG):
        width, height = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    at = 2 if data.startswith(_JPEG) else len(data)
    while at + 9 <= len(data) and data[at] == 0xFF:
        if data[at + 1] in _JPEG_FRAMES:
            width, height = (
                int.from_bytes(data[at + 7 : at + 9]),
                int.from_bytes(data[at + 5 : at + 7]),
            )
            break
        length = 0 if data[at + 1] in _JPEG_BARE else int.from_bytes(data[at + 2 : at + 4])
        at += 1 if data[at + 1] == 0xFF else 2 + length
    return max(width, height) / min(width, height) if width and height else 1.0
