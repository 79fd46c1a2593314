"""Sound pictures that are much to look at: print, grids, and what looks like panels and fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from .bomb import Bomb, encoded

__all__ = ["bombs", "dense", "print_of"]

_RECEIPT: Final = (
    Path(__file__).resolve().parents[2] / "tests/data/images/ours/s08_mixed_receipt.png"
)
_SIDE: Final = 3999  # squared, what is read without being made smaller
_LARGE: Final = 7000

Tones = NDArray[np.uint8]


def print_of(width: int, height: int) -> Image.Image:
    """A grey page of a size, full of small print."""
    with Image.open(_RECEIPT) as file:
        receipt = file.convert("L")
    page = Image.new("L", (width, height), 255)
    for left, top in product(range(0, width, receipt.width), range(0, height, receipt.height)):
        page.paste(receipt, (left, top))
    return page


def dense() -> bytes:
    """A page of 8 megapixels full of small print: a minute's work."""
    with Image.open(_RECEIPT) as receipt:
        return encoded(print_of(5 * receipt.width, 5 * receipt.height))


def _tiled(tile: Tones, side: int = _SIDE) -> Image.Image:
    times = (-(-side // size) for size in tile.shape)
    return Image.fromarray(np.tile(tile, tuple(times))[:side, :side].copy())


def _checks(period: int) -> Image.Image:
    tile = np.kron([[0, 255], [255, 0]], np.ones((period, period))).astype(np.uint8)
    return _tiled(tile)


def _stripes(thickness: int, pitch: int, *, upright: bool = False) -> Image.Image:
    tile = np.full((pitch, pitch), 255, np.uint8)
    tile[:thickness] = 0
    return _tiled(tile.T if upright else tile)


def _outlines(pitch: int, size: int, *, tone: int = 0) -> Image.Image:
    """Squares beside each other."""
    tile = np.full((pitch, pitch), 255, np.uint8)
    tile[2 : 2 + size, 2 : 2 + size] = tone
    tile[3 : 1 + size, 3 : 1 + size] = 255
    return _tiled(tile)


def _buttons(width: int, height: int, text: bool) -> Image.Image:
    """Dark areas beside each other, each with a light speck, or with strokes as of a word."""
    tile = np.full((height + 2, width + 2), 255, np.uint8)
    tile[1:-1, 1:-1] = 60
    middle = tile[height // 2 - 2 : height // 2 + 4, 6:-6]
    middle[:] = np.where(np.arange(middle.shape[1]) % 4 < 2, 230, 60) if text else middle
    tile[height // 2, width // 2] = 230
    return _tiled(tile)


def _halftone() -> Image.Image:
    """A slope of tones as dots of a size."""
    y, x = np.indices((_SIDE, _SIDE), dtype=np.float32)
    cell = np.cos(x * np.pi / 4) + np.cos(y * np.pi / 4)
    return Image.fromarray(np.where(cell > 4 * x / _SIDE - 2, 255, 0).astype(np.uint8))


def _dots(pitch: int) -> Image.Image:
    tile = np.full((pitch, pitch), 255, np.uint8)
    tile[0, 0] = 0
    return _tiled(tile)


def _rectangles(count: int, largest: int, *, filled: bool) -> Image.Image:
    page = Image.new("L", (_SIDE, _SIDE), 255)
    draw = ImageDraw.Draw(page)
    chance = np.random.default_rng(count)
    for left, top, width, height, tone in chance.integers(
        0, (_SIDE, _SIDE, largest, largest, 256), (count, 5)
    ).tolist():
        box = (left, top, left + width + 3, top + height + 3)
        draw.rectangle(box, fill=tone if filled else None, outline=0)
    return page


def _nested(step: int) -> Image.Image:
    """Frame in frame."""
    y, x = np.indices((_SIDE, _SIDE))
    edge = np.minimum(np.minimum(x, y), np.minimum(_SIDE - 1 - x, _SIDE - 1 - y))
    return Image.fromarray(np.where(edge % step == 0, 0, 255).astype(np.uint8))


def _shades(step: int) -> Image.Image:
    """Area in area, each of another tone."""
    y, x = np.indices((_SIDE, _SIDE))
    edge = np.minimum(np.minimum(x, y), np.minimum(_SIDE - 1 - x, _SIDE - 1 - y))
    return Image.fromarray((edge // step * 90 % 256).astype(np.uint8))


def _comb() -> Image.Image:
    """One long line that winds through the page: a component with a run in each row, many times."""
    page = np.full((_SIDE, _SIDE), 255, np.uint8)
    page[:, ::4] = 0
    page[0, :] = 0
    page[2::4, 2::8] = 0
    return Image.fromarray(page)


@lru_cache(1)
def _spiral() -> Image.Image:
    """One line that winds inwards."""
    page = Image.new("L", (_SIDE, _SIDE), 255)
    draw = ImageDraw.Draw(page)
    left, top, right, bottom = 0, 0, _SIDE - 1, _SIDE - 1
    points = [(0, 0)]
    while right - left > 8 and bottom - top > 8:
        points += [(right, top), (right, bottom), (left, bottom), (left, top + 4)]
        left, top, right, bottom = left + 4, top + 4, right - 4, bottom - 4
        points.append((left, top))
    draw.line(points, 0)
    return page


def _words_and(page: Image.Image) -> Image.Image:
    """A page with print in a corner, which tells the height of text."""
    page.paste(print_of(600, 600), (100, 100))
    return page


_PAGES: Final[dict[str, Callable[[], Image.Image]]] = {
    "print, 49 MP": lambda: print_of(_LARGE, _LARGE),
    "noise, 16 MP": lambda: Image.effect_noise((_SIDE, _SIDE), 120),
    "checks of 1 pixel": lambda: _checks(1),
    "checks of 3 pixels": lambda: _checks(3),
    "checks of 12 pixels": lambda: _checks(12),
    "stripes across, 1 of 2": lambda: _stripes(1, 2),
    "stripes across, 2 of 9": lambda: _stripes(2, 9),
    "stripes down, 2 of 9": lambda: _stripes(2, 9, upright=True),
    "stripes across, 12 of 20": lambda: _stripes(12, 20),
    "halftone": _halftone,
    "dots, every 5 pixels": lambda: _dots(5),
    "dots, every 9 pixels": lambda: _dots(9),
    "checkboxes of 9 pixels": lambda: _words_and(_outlines(12, 9)),
    "checkboxes of 24 pixels": lambda: _words_and(_outlines(40, 24)),
    "fields of 40 pixels": lambda: _words_and(_outlines(46, 40, tone=150)),
    "buttons of 21 x 15 with specks": lambda: _buttons(21, 15, text=False),
    "buttons of 21 x 15 with strokes": lambda: _buttons(21, 15, text=True),
    "buttons of 60 x 24 with strokes": lambda: _buttons(60, 24, text=True),
    "10,000 rectangles": lambda: _words_and(_rectangles(10_000, 60, filled=False)),
    "40,000 areas": lambda: _words_and(_rectangles(40_000, 40, filled=True)),
    "1,000 areas": lambda: _words_and(_rectangles(1000, 600, filled=True)),
    "frames in frames": lambda: _words_and(_nested(8)),
    "areas in areas": lambda: _shades(24),
    "a comb": _comb,
    "a spiral": _spiral,
}


def bombs() -> Iterator[Bomb]:
    """All of them."""
    yield Bomb("print, 8 MP", lambda: [dense()])
    for name, page in _PAGES.items():
        yield Bomb(name, lambda page=page: [encoded(page())])
