"""The image on its way out: read once, and refused before it costs."""

import inspect
import os
import warnings
from collections.abc import Awaitable
from math import ceil, inf
from pathlib import Path
from typing import IO, Any, Protocol, TypeAlias
from urllib.parse import urlsplit

from ._errors import AspectRatioWarning, InvalidImageError
from ._sniff import JPEG, PNG, is_base64, other_format, sides

ImageInput: TypeAlias = str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes]


class AsyncFile(Protocol):
    """What is read with `await`, such as an upload of Starlette and FastAPI, or a file of anyio."""

    def read(self, size: int = ..., /) -> Awaitable[bytes]: ...


AsyncImageInput: TypeAlias = ImageInput | AsyncFile
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
        _check_bytes(data, from_file=not isinstance(image, IN_MEMORY))
    return data


async def read_async(image: AsyncFile, precheck: bool) -> bytes:
    """Return the bytes of a file that is read with `await`, from its current position.

    With `precheck` they are refused if the service would refuse them. Raises InvalidImageError,
    TypeError, and what reading raises.
    """
    limit = MAX_BYTES if precheck else inf
    data = bytearray()
    while len(data) <= limit:
        chunk = _checked_chunk(await image.read(_CHUNK))
        if not chunk:
            break
        data += chunk
    whole = bytes(data)
    if precheck:
        _check_bytes(whole, from_file=True)
    return whole


def reads_async(image: object) -> bool:
    """Whether this is a file that is read with `await`."""
    return inspect.iscoroutinefunction(getattr(image, "read", None))


def warn_of_long_sides(sent: bytes | str, *, stacklevel: int) -> None:
    """Warn that cropping would read this image better; a URL's sides are not known here.

    Only a tall one: a wide one would be cut through its lines.
    stacklevel: as of `warnings.warn`, 2 is the caller of this function.
    """
    found = None if isinstance(sent, str) else sides(sent)
    if found is None:
        return
    width, height = found
    if height > MAX_SIDE_RATIO * width:
        ratio = ceil(1000 * height / width) / 1000  # rounded up, so that it is past the limit too
        text = (
            f"the image has {width} x {height} pixels, 1:{ratio:g}; "
            "past 1:2.5 recognize_cropping() reads a long image better"
        )
        warnings.warn(text, AspectRatioWarning, stacklevel=stacklevel + 1)


def _read(image: Any, limit: float) -> bytes:
    """Return all, or little more than `limit` bytes: a huge file is refused without being held."""
    if isinstance(image, IN_MEMORY):
        return bytes(image or b"")
    if isinstance(image, (str, os.PathLike)):
        _check_path(image)
        with Path(image).open("rb") as file:
            return _read_file(file, limit)
    return _read_file(image, limit)


def _read_file(file: Any, limit: float) -> bytes:
    if not callable(getattr(file, "read", None)) or _advice(file):
        text = f"image must be a path, bytes or a binary file, not {type(file).__name__}"
        raise TypeError(text + _advice(file))
    if reads_async(file):
        raise TypeError(
            f"the read() of this {type(file).__name__} has to be awaited: pass `await "
            "file.read()`, or the file itself to AsyncOcrClient"
        )
    data = bytearray()
    while len(data) <= limit:  # an unbuffered pipe gives less than asked for
        chunk = _checked_chunk(file.read(_CHUNK))
        if not chunk:
            break
        data += chunk
    return bytes(data)


def _checked_chunk(chunk: Any) -> bytes:
    if isinstance(chunk, (bytes, bytearray, memoryview)):
        return bytes(chunk)
    if inspect.isawaitable(chunk):
        if inspect.iscoroutine(chunk):
            chunk.close()  # else Python warns that nobody awaited it
        raise TypeError(
            "the file's read() has to be awaited: pass `await file.read()`, or the file itself to "
            "AsyncOcrClient"
        )
    raise TypeError('image must be a blocking file, opened in binary mode ("rb")')


def _advice(given: object) -> str:
    """Return what to do about an object of another library that is no file, or ""."""
    library = type(given).__module__.partition(".")[0]
    if library in ("httpx", "requests"):
        return ": pass its .content"
    if library == "PIL":
        return ": save it as PNG into an io.BytesIO, and pass what its getvalue() gives"
    if library in ("numpy", "torch"):
        return ": encode it as PNG first, for example with cv2.imencode"
    return ""


def _check_path(path: str | os.PathLike[str]) -> None:
    """Raise InvalidImageError for a string that can be no path, without repeating it."""
    if not isinstance(path, str):
        return
    if not path:
        raise InvalidImageError("the path is empty: there is no file of that name")
    beginning = path[:16].lower()
    if beginning.startswith("data:"):
        raise InvalidImageError(
            "a data: URL is no path: decode the base64 after its comma, and pass the bytes"
        )
    url = beginning.startswith(("http://", "https://"))
    base64 = is_base64(path[:1024].encode("ascii", "replace"))
    if not beginning.startswith("http") and not base64:
        return
    if os.path.exists(path):  # noqa: PTH110 (a long one is no error to it)
        return
    if base64 and not url:
        raise InvalidImageError("base64 text is no path: decode it, and pass the bytes")
    raise InvalidImageError("a URL is not a path: pass it as image_url=...")


def _check_bytes(data: bytes, *, from_file: bool) -> None:
    """Raise InvalidImageError for what the service would refuse."""
    if not data and from_file:
        raise InvalidImageError(
            "the file is empty from its current position on: there is nothing to recognise "
            "(seek(0) goes back to its beginning)"
        )
    if not data:
        raise InvalidImageError("the image is empty: there is nothing to recognise")
    if len(data) > MAX_BYTES:
        raise InvalidImageError(
            f"the image has more than {MAX_BYTES:,} bytes (20 MiB), the limit: scale it down"
        )
    if data.startswith((PNG, JPEG)):
        return
    found = other_format(data)
    if found is None:
        raise InvalidImageError(
            "neither a JPEG nor a PNG, by its first bytes: convert it to one of the two"
        )
    what_to_do = "" if ":" in found else ": convert it to one of the two"
    raise InvalidImageError(f"neither a JPEG nor a PNG, but {found}{what_to_do}")


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
