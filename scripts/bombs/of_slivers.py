"""Images that are long and thin: cropping would cut them into very many slices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import Final

from PIL import Image

from . import of_pages
from .bomb import Bomb, encoded, png

__all__ = ["bombs"]

_LINE: Final = 49_999_999
_MOST: Final = 200  # slices that are read


def _down(depth: int) -> Iterable[bytes]:
    """One column of white."""
    row = b"\0" + b"\xff" * max(1, depth // 8)
    many = 1_000_000
    yield png(1, _LINE, [*repeat(row * many, _LINE // many), row * (_LINE % many)], depth=depth)


def _across(depth: int) -> Iterable[bytes]:
    """One row of white."""
    row = b"\0" + b"\xff" * (-(-_LINE * depth // 8))
    yield png(_LINE, 1, [row], depth=depth)


def _blank() -> Iterator[bytes]:
    """Blank ones on both sides of each limit: of the ratio, of slices, of what is decoded."""
    sizes = [(1, 10), (1, 11), (1, 400), (1, 401), (1, 1200), (1, 1201), (2, 2401), (3, 1300)]
    sizes += [(9, 3600), (9, 3601), (204, 244_800), (353, 141_200)]
    for width, height in sizes:
        for size in ((width, height), (height, width), (height // 2, width)):
            yield encoded(Image.new("1", size, 1))


def _printed(width: int, height: int) -> Iterable[bytes]:
    """One full of small print."""
    yield encoded(of_pages.print_of(width, height))


def bombs() -> Iterator[Bomb]:
    """All of them."""
    for depth in (1, 8, 16):
        yield Bomb(f"1 x {_LINE}, {depth} bits", lambda depth=depth: _down(depth))
        yield Bomb(f"{_LINE} x 1, {depth} bits", lambda depth=depth: _across(depth))
    yield Bomb("1 x 10,000,000, 1 bit", lambda: [encoded(Image.new("1", (1, 10_000_000), 1))])
    yield Bomb("blank slivers at each limit", _blank)
    tall, wide = 2 * _MOST, 6 * _MOST
    for side in (100, 353):
        yield Bomb(f"print, {side} x {tall * side}", lambda s=side: _printed(s, tall * s))
    for side in (60, 204):
        yield Bomb(f"print, {wide * side} x {side}", lambda s=side: _printed(wide * s, s))
