"""From the sources to images that can be sent: taken in batches, read and hashed in a thread."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .._tall import is_tall
from .claims import Claim
from .sources import Found, Unreadable

Cropping: TypeAlias = Literal["auto"] | bool

BATCH = 64
_PATIENCE = 0.1  # seconds for a batch: standard input may be slow
_IMAGES, _BYTES = 16, 8 * 2**20  # read in one go
# v1.0 and v1.1 give the same results (documented): what one has answered, the other need not.
_VERSION = "v1"


@dataclass(slots=True)
class Image:
    """One image that may be sent. data: None of a URL. key: of its bytes and what is asked."""

    item: int
    found: Found
    data: bytes | None
    sha256: str | None
    key: str
    cropping: bool


@dataclass(frozen=True, slots=True)
class Unfit:
    """One that cannot be sent, and why."""

    item: int
    error: str
    sha256: str | None = None


def batch(waiting: Iterator[Found]) -> list[Found]:
    """Return the next images of the sources; none at their end."""
    taken: list[Found] = []
    until = time.monotonic() + _PATIENCE
    for found in waiting:
        taken.append(found)
        if len(taken) >= BATCH or time.monotonic() > until:
            break
    return taken


def read_some(claims: Sequence[Claim], cropping: Cropping) -> list[Image | Unfit]:
    """Read the first of these images, as many as are worth a trip to a thread, at least one."""
    images: list[Image | Unfit] = []
    size = 0
    for claim in claims[:_IMAGES]:
        image = read(claim.item, claim.found, cropping)
        images.append(image)
        size += len(image.data or b"") if isinstance(image, Image) else 0
        if size > _BYTES:
            break
    return images


def read(item: int, found: Found, cropping: Cropping) -> Image | Unfit:
    """Read one image. What is hashed is what is sent: the file is not looked at again."""
    if found.is_url and not found.problem:
        by_address = hashlib.sha256(found.where.encode("utf-8", "surrogatepass")).hexdigest()
        slices = cropping is True
        return Image(item, found, None, None, _key(f"url:{by_address}", slices), slices)
    try:
        data = found.read()
    except Unreadable as exc:
        return Unfit(item, str(exc))
    sha256 = hashlib.sha256(data).hexdigest()
    slices = is_tall(data) if cropping == "auto" else cropping
    return Image(item, found, data, sha256, _key(sha256, slices), slices)


def _key(content: str, cropping: bool) -> str:
    return f"{content} general{'/cropping' if cropping else ''} {_VERSION}"
