"""JPEGs whose parts are too many, too large, or not what they say; and what is no JPEG at all."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from PIL import Image

from .bomb import MIB, Bomb, encoded, noise

__all__ = ["bombs"]

_SMALL: Final = encoded(Image.effect_noise((60, 40), 50), "JPEG")
_COMMENT: Final = b"\xff\xfe\0\2"
_MOST: Final = 20 * MIB
_SCAN: Final = b"\xff\xda"
_END: Final = b"\xff\xd9"


def segment(marker: int, body: bytes = b"") -> bytes:
    """A segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _with(*parts: bytes, before: bytes = _SMALL) -> bytes:
    return before[:2] + b"".join(parts) + before[2:]


@lru_cache(1)
def _noise() -> bytes:
    return encoded(noise(), "JPEG", quality=12)


def _arithmetic() -> Iterator[bytes]:
    """Noise that says it is packed in other ways: lossless, in differences, arithmetically."""
    for frame in (0xC1, 0xC2, 0xC3, 0xC5, 0xC9, 0xCA, 0xCB):
        yield _noise().replace(b"\xff\xc0", bytes((0xFF, frame)), 1)


def _colours(**options: object) -> Iterable[bytes]:
    """Noise of four colours."""
    grey = noise().crop((0, 0, 6000, 6000))
    yield encoded(Image.merge("CMYK", [grey] * 4), "JPEG", quality=1, **options)


def _scans(side: int, times: int) -> Iterable[bytes]:
    """A picture of one tone whose last scan comes again and again: a few bytes for each."""
    whole = encoded(Image.new("L", (side, side), 200), "JPEG", progressive=True)
    last = whole[whole.rindex(_SCAN) : -2]
    yield whole[:-2] + last * min(times, (_MOST - len(whole)) // len(last)) + _END


def _exif() -> Iterator[bytes]:
    """Segments of EXIF: many that are small, many that are large; each says it has more entries."""
    body = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 65535)
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    for content, count in ((b"", 190_000), (entry * 3, 190_000), (entry * 5400, 300)):
        yield _with(segment(0xE1, body + content) * count)
    yield _with(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<a>") * 190_000)


def _segments() -> Iterator[bytes]:
    """Very many parts, below and above what is let pass."""
    yield _with(_COMMENT * 5_000_000)
    for marker in (0xE2, 0xED, 0xEE, 0xDB, 0xC4, 0xDD, 0xFE, 0x01):
        yield _with((segment(marker, b"Adobe\0\0\0") if marker > 1 else b"\xff\x01") * 190_000)


def _fill() -> Iterator[bytes]:
    """Fill bytes and other nothings, before and after the pixels."""
    most = _MOST - len(_SMALL) - 100
    scan = _SMALL.index(_SCAN)
    for filler in (b"\xff", b"\0", b"\xff\0", b"\xff\xd0", b"\xff\xd9", b"\xff\xff\xfe\0\2"):
        much = filler * (most // len(filler))
        yield _with(much)
        yield _SMALL[:scan] + much + _SMALL[scan:]
        yield _SMALL[:-40] + much + _SMALL[-40:]
        yield _SMALL[:-2] + much
    yield b"\xff\xd8" + b"\xff" * (_MOST - 2)


def _frames() -> Iterator[bytes]:
    """A picture after the other, as a camera stores a burst: thousands."""
    yield _SMALL * (_MOST // len(_SMALL))
    entry = struct.pack("<IIIHH", 0, len(_SMALL), 0, 0, 0)
    index = struct.pack("<HHHII", 1, 0xB002, 7, len(entry) * 3000, 26) + b"\0\0\0\0"
    yield _with(segment(0xE2, b"MPF\0II*\0\x08\0\0\0" + index + entry * 3000)) * 400


def _sizes() -> Iterator[bytes]:
    """Pictures that tell other sizes than they have, or several."""
    at = _SMALL.index(b"\xff\xc0")
    for height, width in ((0, 60), (40, 0), (65535, 65535), (65535, 700), (1, 65535)):
        told = _SMALL[: at + 5] + struct.pack(">HH", height, width) + _SMALL[at + 9 :]
        yield told
        yield _SMALL[:at] + told[at : at + 13] * 1000 + _SMALL[at:]


def _cut() -> Iterator[bytes]:
    """A picture that ends at each marker, and in the middle of a segment."""
    whole = encoded(noise().crop((0, 0, 400, 300)), "JPEG", progressive=True)
    for at in range(len(whole) - 1):
        if whole[at] == 0xFF and whole[at + 1] not in (0, 0xFF):
            for end in (at, at + 2, at + 4, at + 10):
                yield whole[:end]


def _others() -> Iterator[bytes]:
    """Other formats under a wrong name."""
    picture = Image.effect_noise((60, 40), 50)
    for kind in ("GIF", "BMP", "WEBP", "TIFF", "PDF", "ICO", "PPM", "TGA", "JPEG2000"):
        yield encoded(picture, kind)
    yield b"<svg xmlns='http://www.w3.org/2000/svg'><rect width='9' height='9'/></svg>"
    yield b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
    yield b"\0\0\0\x18ftypavif\0\0\0\0mif1avif" + bytes(100)
    yield b"<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><svg>&b;</svg>"


def bombs() -> Iterator[Bomb]:
    """All of them."""
    yield Bomb("49 MP of noise", lambda: [_noise()])
    yield Bomb(
        "49 MP of noise, progressive", lambda: [encoded(noise(), "JPEG", quality=12, progressive=1)]
    )
    yield Bomb("36 MP of noise, CMYK", _colours)
    yield Bomb("36 MP of noise, CMYK, progressive", lambda: _colours(progressive=True))
    yield Bomb("49 MP of noise, said to be packed otherwise", _arithmetic)
    yield Bomb(
        "49 MP with a restart each block",
        lambda: [encoded(Image.new("L", (7000, 7000), 99), "JPEG", restart_marker_blocks=1)],
    )
    yield Bomb("49 MP in 1000 scans", lambda: _scans(7000, 1000))
    yield Bomb("49 MP in as many scans as fit", lambda: _scans(7000, _MOST))
    yield Bomb("1 MP in as many scans as fit", lambda: _scans(1000, _MOST))
    yield Bomb("EXIF in JPEG", _exif)
    yield Bomb("segments, 190,000 and 5 million", _segments)
    yield Bomb("fill bytes, escapes, restarts, ends", _fill)
    yield Bomb("bursts of frames", _frames)
    yield Bomb("wrong sizes", _sizes)
    yield Bomb("JPEG cut at each marker", _cut)
    yield Bomb("other formats", _others)
