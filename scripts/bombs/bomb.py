"""What a bomb is, and what several kinds are made with."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from PIL import Image

__all__ = ["MIB", "SIGNATURE", "Bomb", "chunk", "encoded", "header", "noise", "png"]

MIB: Final = 1024 * 1024
SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


class Bomb(NamedTuple):
    """Images that are sent one after the other, and what they are called together."""

    name: str
    images: Callable[[], Iterable[bytes]]


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def header(width: int, height: int, depth: int = 8, colour: int = 0, interlace: int = 0) -> bytes:
    """The first chunk of a PNG."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))


def png(width: int, height: int, rows: Iterable[bytes], *parts: bytes, **options: int) -> bytes:
    """A PNG of filtered rows, with other chunks between its header and its pixels."""
    packer = zlib.compressobj(6)
    data = b"".join([*map(packer.compress, rows), packer.flush()])
    head = header(width, height, **options)
    return SIGNATURE + head + b"".join(parts) + chunk(b"IDAT", data) + chunk(b"IEND")


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """An image as a file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@lru_cache(1)
def noise(side: int = 7000) -> Image.Image:
    """A grey square without two alike in its neighbourhood, the same each time."""
    chance = np.random.default_rng(13)
    tile = np.clip(chance.normal(128, 80, (1000, 1000)), 0, 255).astype(np.uint8)
    times = -(-side // 1000)
    return Image.fromarray(np.tile(tile, (times, times))[:side, :side].copy())
