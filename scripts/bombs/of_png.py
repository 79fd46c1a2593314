"""PNGs whose parts are too many, too large, or not what they say."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import Final

import numpy as np
from PIL import Image

from .bomb import MIB, SIGNATURE, Bomb, chunk, encoded, header, png

__all__ = ["bombs"]

_SIDE: Final = 7071  # squared: 50 megapixels
_SMALL: Final = encoded(Image.effect_noise((60, 40), 50))
_HEAD: Final = len(SIGNATURE) + 25  # where chunks can be put in
_PASSES: Final = (  # Adam7: first column and row, and the steps
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4),
    (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
)  # fmt: skip


def _with(*parts: bytes, before: bytes = _SMALL) -> bytes:
    return before[:_HEAD] + b"".join(parts) + before[_HEAD:]


def _plain(bytes_a_pixel: int, **options: int) -> Iterable[bytes]:
    """A square of one colour, half transparent where it can be."""
    row = b"\0" + b"\x55" * (bytes_a_pixel * _SIDE)
    yield png(_SIDE, _SIDE, repeat(row, _SIDE), **options)


def _striped() -> Iterable[bytes]:
    """A transparent square of noise that is the same in each row, so that it is a small file."""
    row = b"\0" + np.random.default_rng(7).bytes(4 * _SIDE)
    yield png(_SIDE, _SIDE, repeat(row, _SIDE), colour=6)


def _junk(depth: int, *parts: bytes, **options: int) -> Iterable[bytes]:
    """A square of noise."""
    chance = np.random.default_rng(depth)
    rows = (b"\0" + chance.bytes(-(-_SIDE * depth // 8)) for _ in range(_SIDE))
    yield png(_SIDE, _SIDE, rows, *parts, depth=depth, **options)


def _interlaced(bits: int, junk: bool, **options: int) -> Iterable[bytes]:
    """A square whose rows come in seven passes."""
    chance = np.random.default_rng(bits)

    def rows() -> Iterator[bytes]:
        for left, top, across, down in _PASSES:
            width = -(-(_SIDE - left) // across)
            size = -(-width * bits // 8)
            for _ in range(-(-(_SIDE - top) // down)):
                yield b"\0" + (chance.bytes(size) if junk else b"\x55" * size)

    yield png(_SIDE, _SIDE, rows(), interlace=1, **options)


def _swollen(size: int) -> bytes:
    """So many zeros, packed: a thousandth of that."""
    packer = zlib.compressobj(9)
    block = bytes(MIB)
    return b"".join([*(packer.compress(block) for _ in range(size // MIB)), packer.flush()])


def _swollen_texts() -> Iterator[bytes]:
    """Profiles and texts that unpack to 256 MiB each, alone and twenty of them."""
    packed = _swollen(256 * MIB)
    ours = b"nhncloud-ocr-emulator"
    for part in (
        chunk(b"iCCP", b"profile\0\0" + packed),
        chunk(b"zTXt", b"text\0\0" + packed),
        chunk(b"iTXt", b"text\0\1\0\0\0" + packed),
        chunk(b"iTXt", ours + b"\0\1\0\0\0" + packed),
        chunk(b"zTXt", ours + b"\0\0" + packed),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + packed),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + b"<a>" * (5 * MIB)),
    ):
        yield _with(part)
        yield _with(part * (19 * MIB // len(part)))


def _swollen_pixels() -> Iterator[bytes]:
    """Pixels that unpack to 1 GiB where 6 kB are announced, and to nothing where much is."""
    packed = _swollen(1024 * MIB)
    yield SIGNATURE + header(100, 60) + chunk(b"IDAT", packed) + chunk(b"IEND")
    yield SIGNATURE + header(_SIDE, _SIDE) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND")


def _chunks() -> Iterator[bytes]:
    """Very many parts, below and above what is let pass."""
    for count in (190_000, 1_600_000):
        for kind in (b"tEXt", b"IDAT", b"PLTE", b"eXIf", b"tRNS", b"ABCD"):
            yield _with(chunk(kind) * count)


def _bytewise() -> Iterator[bytes]:
    """Pixels in chunks of one byte each, below and above what is let pass."""
    for side in (400, 1200):
        whole = next(iter(_grain(side)))
        start = _HEAD + 8
        data = whole[start:-16]
        parts = b"".join(chunk(b"IDAT", data[at : at + 1]) for at in range(len(data)))
        yield whole[:_HEAD] + parts + chunk(b"IEND")


def _grain(side: int) -> Iterator[bytes]:
    chance = np.random.default_rng(side)
    yield png(side, side, (b"\0" + chance.bytes(side) for _ in range(side)))


def _frames() -> Iterator[bytes]:
    """Animations of thousands of frames, or of more than there are."""
    control = chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))
    frame = b"".join(
        chunk(b"fcTL", struct.pack(">IIIIIHHBB", 2 * number, 60, 40, 0, 0, 1, 9, 0, 0))
        + chunk(b"fdAT", struct.pack(">I", 2 * number + 1) + _SMALL[_HEAD + 8 : -16])
        for number in range(5000)
    )
    yield _with(control)
    yield _SMALL[:_HEAD] + control + _SMALL[_HEAD:-12] + frame + _SMALL[-12:]


def _exif() -> Iterator[bytes]:
    """A directory that says it has 65,535 entries, of 4 GB each or leading to itself."""
    for entry in (
        struct.pack("<HHII", 0x9286, 7, 2**32 - 1, 8),
        struct.pack("<HHII", 0x8769, 4, 1, 8),
        struct.pack("<HHII", 0x0112, 3, 1, 6),
        struct.pack("<HHII", 0x010E, 2, 1_000_000, 8),
    ):
        exif = b"II*\0\x08\0\0\0" + struct.pack("<H", 65535) + entry * 65535 + b"\x08\0\0\0"
        yield _with(chunk(b"eXIf", exif.ljust(1_100_000, b"\0")))
        yield _with(chunk(b"eXIf", exif) * 20)


def _cut() -> Iterator[bytes]:
    """A picture that ends at each chunk, and in the middle of it."""
    whole = _with(chunk(b"tEXt", b"a\0b"), chunk(b"gAMA", b"\0\0\1\0"))
    at = len(SIGNATURE)
    while at < len(whole):
        length = int.from_bytes(whole[at : at + 4], "big")
        for end in (at, at + 4, at + 8, at + 8 + length // 2, at + 8 + length):
            yield whole[:end]
        at += 12 + length


def bombs() -> Iterator[Bomb]:
    """All of them."""
    palette = chunk(b"PLTE", bytes(range(12)))
    yield Bomb("50 MP of RGBA", lambda: _plain(4, colour=6))
    yield Bomb("50 MP of RGBA, noise in stripes", _striped)
    yield Bomb("50 MP of 16-bit RGB", lambda: _plain(6, depth=16, colour=2))
    yield Bomb("50 MP of 16-bit RGBA", lambda: _plain(8, depth=16, colour=6))
    yield Bomb("50 MP of 16-bit grey", lambda: _plain(2, depth=16))
    yield Bomb("50 MP of noise, 1 bit", lambda: _junk(1))
    yield Bomb("50 MP of noise, palette", lambda: _junk(2, palette, colour=3))
    yield Bomb("50 MP of noise, interlaced", lambda: _interlaced(1, True, depth=1))
    yield Bomb("50 MP of RGBA, interlaced", lambda: _interlaced(32, False, colour=6))
    yield Bomb("chunks, 190,000 and 1.6 million", _chunks)
    yield Bomb("pixels in chunks of a byte", _bytewise)
    yield Bomb("profiles and texts that swell", _swollen_texts)
    yield Bomb("pixels that swell", _swollen_pixels)
    yield Bomb("animations", _frames)
    yield Bomb("EXIF in PNG", _exif)
    yield Bomb("PNG cut at each chunk", _cut)
