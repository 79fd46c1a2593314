"""Images in object stores, by obstore (extra `stores`)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from .states import JournalError


def below(url: str, suffixes: frozenset[str]) -> Iterator[str]:
    """Yield the URLs of the images below one that ends with / or has no suffix, or the URL itself.

    Listings are streamed. Raises JournalError without obstore, OSError.
    """
    if PurePosixPath(url).suffix.lower() in suffixes:
        yield url
        return
    root, prefix = _parts(url)
    for chunk in _obstore().list(_store(root), prefix=prefix or None):
        for entry in chunk:
            path = PurePosixPath(entry["path"])
            if path.suffix.lower() in suffixes and not path.name.startswith("."):
                yield f"{root}/{entry['path']}"


def read(url: str, most: int) -> bytes:
    """Return an object's bytes, at most one more than `most`. Raises OSError."""
    root, path = _parts(url)
    obstore = _obstore()
    try:
        if obstore.head(_store(root), path)["size"] > most:
            return bytes(most + 1)
        return bytes(obstore.get(_store(root), path).bytes())
    except FileNotFoundError:
        raise FileNotFoundError(2, "no such object") from None
    except obstore.exceptions.BaseError as exc:
        # Its text may hold a signed URL.
        raise OSError(5, f"the store refused it ({type(exc).__name__})") from None


def _parts(url: str) -> tuple[str, str]:
    """Return the URL of the bucket, and the path in it."""
    scheme, _, rest = url.partition("://")
    bucket, _, path = rest.partition("/")
    return f"{scheme}://{bucket}", path


@lru_cache(maxsize=64)
def _store(root: str) -> Any:
    _obstore()
    from obstore.store import from_url

    return from_url(root)


def _obstore() -> Any:
    try:
        import obstore
    except ImportError:
        raise JournalError(
            'object stores need an extra: pip install "nhncloud-ocr[stores]"'
        ) from None
    return obstore
