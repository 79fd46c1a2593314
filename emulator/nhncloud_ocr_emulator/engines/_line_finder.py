"""Where the lines of a page are: Tesseract finds them, at a size of its liking, some in halves."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from PIL import Image

from ._components import stretches, tones
from ._page import Page
from ._scripts import ScriptReader
from ._tesserocr import Rectangle

__all__ = ["SIDE", "find_lines", "scaled"]

SIDE: Final = 3
"""Pixels of the page that the end of a line may be off."""

_TOUCHING: Final = 0.07  # of a line's height
_NEAR: Final = 0.15  # of it: so far apart halves of syllables may be
_SYLLABLE: Final = (0.6, 1.2)  # of its height, that a syllable is wide
_OVERLAPPING: Final = 0.6  # of the narrower one's width
# How these were chosen: docs/decisions/reading-by-script.md.
# Of 334 pages none reads otherwise with 0.33 or 1.0: what follows tells nearly all halves too.
_LOWER_HALF: Final = 0.67  # of the upper one's height
_AS_USUAL: Final = 1.1  # times the usual height of lines
_FEW: Final = 3  # lines tell nothing of what is usual
# Of 334 pages none reads otherwise with 0.02 or 0.08: strokes of halves cross far more, or none.
_CROSSED: Final = 0.04  # of two lines' width, that strokes of one line cross
_INK: Final = 128
# Of 334 pages (7, 56) invented 3 words more.
_FOUND_AT: Final = (14, 28)  # pixels of text that lines are found in best
_SCALED_TO: Final = 22
_MOST_ENLARGED: Final = 4.0  # times
_MAX_PIXELS: Final = 64_000_000  # in which they are looked for; each is there four times


def find_lines(page: Page, finder: ScriptReader) -> list[Rectangle]:
    """Return where the lines of a page are, in reading order, in its pixels."""
    height = page.text_height
    scale = 1.0
    if height and not _FOUND_AT[0] <= height <= _FOUND_AT[1]:
        room = math.sqrt(_MAX_PIXELS / (page.pixels.width * page.pixels.height))
        scale = min(_SCALED_TO / height, _MOST_ENLARGED, max(room, 1.0))
    pixels = page.pixels if scale == 1 else scaled(page.pixels, scale)
    found = [Rectangle(*(round(x / scale) for x in line)) for line in finder.find_lines(pixels)]
    found = [line for line in found if line.bottom > line.top and line.right > line.left]
    heights = sorted(line.bottom - line.top for line in found)
    usual = heights[3 * len(heights) // 4] if len(heights) > _FEW else 0  # halves are lower
    lines: list[Rectangle] = []
    for line in found:
        if lines and (_is_in(lines[-1], line) or _is_one(lines[-1], line, usual, page.pixels)):
            line = Rectangle.around([lines.pop(), line])
        lines.append(line)
    return lines


def scaled(image: Image.Image, scale: float) -> Image.Image:
    """Return an image so many times as large, of a pixel at least."""
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.LANCZOS)


def _is_in(line: Rectangle, following: Rectangle) -> bool:
    """Whether a line is a part of the one before it, as the lower half of a large letter."""
    return (
        line.left - SIDE <= following.left
        and following.right <= line.right + SIDE
        and line.top <= following.top
        and following.bottom <= line.bottom
    )


def _is_one(line: Rectangle, following: Rectangle, usual: int, page: Image.Image) -> bool:
    """Whether two lines are the upper and lower halves of one, as of a large word by itself.

    Halves are if no stroke crosses them too, where both together are as high as `usual` lines.
    """
    heights = sorted(x.bottom - x.top for x in (line, following))
    left, right = max(line.left, following.left), min(line.right, following.right)
    narrower = min(line.right - line.left, following.right - following.left)
    apart = (following.top - line.bottom) / heights[1]
    if apart > _NEAR or following.bottom <= line.bottom or right - left < _OVERLAPPING * narrower:
        return False
    return (
        apart <= _TOUCHING
        and (
            heights[0] <= _LOWER_HALF * heights[1]
            or following.bottom - line.top <= _AS_USUAL * usual
            or _crossing(page, (line.bottom + following.top) // 2, left, right) >= _CROSSED
        )
    ) or _is_syllables(page, Rectangle.around([line, following]))


def _is_syllables(page: Image.Image, both: Rectangle) -> bool:
    """Whether all that stands between gaps is at most as wide as two lines are high, most as wide.

    Of two lines gaps seldom lie below each other, and if so, as in columns, are closer.
    """
    ink = tones(page.crop(both)) < _INK
    edges = stretches(ink)
    widths = (edges[:, 1] - edges[:, 0]) / (both.bottom - both.top)
    least, most = _SYLLABLE
    return bool(widths.size) and bool(np.median(widths) >= least and widths.max() <= most)


def _crossing(page: Image.Image, row: int, left: int, right: int) -> float:
    """Return how much of a row, between two columns, ink crosses."""
    if not 0 < row < page.height:
        return 0.0
    ink = tones(page.crop((left, row - 1, right, row + 1))) < _INK
    return float(ink.all(axis=0).mean())
