"""The image on its way out: read once, and refused before it costs."""

import os
import warnings
from math import inf
from pathlib import Path
from typing import IO, Any, TypeAlias
from urllib.parse import urlsplit

from ._errors import AspectRatioWarning, InvalidImageError
from ._sniff import JPEG, PNG, side_ratio

ImageInput: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes]
IN_MEMORY = (bytes, bytearray, memoryview, type(None))

MAX_BYTES = 20 * 1024 * 1024  # as a file or behind a URL, since 2026-08-11 (documented)
MAX_SIDE_RATIO = 2.5  # past it the quality falls (documented)
_CHUNK = 2**20
_PORTS = frozenset({80, 443, *range(10000, 12001)})  # the service fetches from these (guide)


def source(image: Any, url: str | None, precheck: bool) -> bytes | str:
    """Return an image's bytes, a file's from its current position, or the image's URL.

    With `precheck` it is refused if the service would refuse it. Raises InvalidImageError, the
    OSError of a path, TypeError.
    """
    if (image is None) == (url is None):
        raise TypeError("pass either an image or image_url=..., one of the two")
    if url is not None:
        _check_url(url, precheck)
        return url
    data = _read(image, MAX_BYTES if precheck else inf)
    if precheck:
        _check_bytes(data)
    return data


def warn_of_long_sides(sent: bytes | str, *, stacklevel: int) -> None:
    """Warn that cropping would read this image better; a URL's sides are not known here.

    stacklevel: as of `warnings.warn`, 2 is the caller of this function.
    """
    if isinstance(sent, str):
        return
    ratio = side_ratio(sent)
    if ratio > MAX_SIDE_RATIO:
        text = f"the sides are 1:{ratio:.1f}; past 1:2.5 recognize_cropping() reads an image better"
        warnings.warn(text, AspectRatioWarning, stacklevel=stacklevel + 1)


def _read(image: Any, limit: float) -> bytes:
    """Return all, or little more than `limit` bytes: a huge file is refused without being held."""
    if isinstance(image, IN_MEMORY):
        return bytes(image or b"")
    if isinstance(image, (str, os.PathLike)):
        _check_path(image)
        with Path(image).open("rb") as file:
            return _read(file, limit)
    if not hasattr(image, "read"):
        raise TypeError(f"image must be a path, bytes or a binary file, not {type(image).__name__}")
    data = bytearray()
    while len(data) <= limit:  # an unbuffered pipe gives less than asked for
        chunk = image.read(_CHUNK)
        if chunk is None or isinstance(chunk, str):
            raise TypeError('image must be a blocking file, opened in binary mode ("rb")')
        if not chunk:
            break
        data += chunk
    return bytes(data)


def _check_path(path: str | os.PathLike[str]) -> None:
    looks_like_url = isinstance(path, str) and path.lower().startswith("http")
    if looks_like_url and not os.path.exists(path):  # noqa: PTH110 (a long one is no error to it)
        raise InvalidImageError("a URL is not a path: pass it as image_url=...")


def _check_bytes(data: bytes) -> None:
    """Raise InvalidImageError for what the service would refuse."""
    if not data:
        raise InvalidImageError("the image is empty: there is nothing to recognise")
    if len(data) > MAX_BYTES:
        raise InvalidImageError(
            f"the image has more than {MAX_BYTES:,} bytes (20 MiB), the limit: scale it down"
        )
    if not data.startswith((PNG, JPEG)):
        raise InvalidImageError(
            "neither a JPEG nor a PNG, by its first bytes: convert it to one of the two"
        )


def _check_url(url: str, precheck: bool) -> None:
    """Raise InvalidImageError for a URL that JSON cannot carry, or that the service refuses."""
    if not isinstance(url, str):
        raise TypeError(f"image_url must be a string, not {type(url).__name__}")
    try:
        url.encode()
        parts = urlsplit(url)
        fetched = parts.scheme in ("http", "https") and bool(parts.hostname)
        port = parts.port
    except UnicodeEncodeError:
        raise InvalidImageError("image_url has characters that UTF-8 cannot carry") from None
    except ValueError:
        fetched = False
        port = None
    if precheck and not fetched:
        raise InvalidImageError(
            "image_url must begin with http:// or https:// and name a host, and maybe a port"
        )
    if precheck and port is not None and port not in _PORTS:
        raise InvalidImageError(
            f"image_url has port {port}; the service fetches only from 80, 443 and 10000-12000"
        )
