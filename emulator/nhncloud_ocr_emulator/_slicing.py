"""Where a tall or wide picture is cut: by its side ratio, through gaps between lines of text.

How the service cuts is not known; the rule here was measured to lose the least text.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from PIL import Image, ImageChops

__all__ = ["WIDE_SLICE", "Slice", "slice_count", "slices"]

_UNSLICED: Final = 3  # long side over short side, as are the next two
_TALL_SLICE: Final = 2
WIDE_SLICE: Final = 6
_SHIFT: Final = 0.18  # of a slice's length: how far a cut may move to find a gap
_OVERLAP: Final = 9  # hundredths of the short side, that a slice goes on past its core at least
_LEAST_OVERLAP: Final = 48  # pixels
_QUIET: Final = 0.1  # of the way from the least ink of a row to the most: a gap has less
_STRIP: Final = 1024  # rows measured at a time, to bound memory


class Slice(NamedTuple):
    """A piece of a picture along its long side, in pixels, ends not included.

    `start`..`end` is what an engine sees, `core_start`..`core_end` what is the slice's alone: the
    cores cover the long side once, the slices overlap.
    """

    start: int
    core_start: int
    core_end: int
    end: int

    def owns(self, position: float) -> bool:
        """Whether a place along the long side is this slice's and no other's."""
        return self.core_start <= position < self.core_end


def slice_count(size: tuple[int, int]) -> int:
    """Return into how many slices an image of a width and height, in pixels, is cut."""
    width, height = size
    short, long = sorted(size)
    if long <= _UNSLICED * short:
        return 1
    return -(-long // ((WIDE_SLICE if width > height else _TALL_SLICE) * short))


def slices(pixels: Image.Image) -> list[Slice]:
    """Cut a grey picture along its long side; up to 3:1 it stays one slice."""
    width, height = pixels.size
    short, long = sorted(pixels.size)
    wide = width > height
    count = slice_count(pixels.size)
    if count == 1:
        return [Slice(0, 0, long, long)]
    ink = _ink(pixels.transpose(Image.Transpose.TRANSPOSE) if wide else pixels)
    length = long / count
    shift = int(_SHIFT * length)
    overlap = max(_LEAST_OVERLAP, short * _OVERLAP // 100)
    overlap = min(overlap, max(1, int(length / 2) - shift))
    ideals = [round(index * length) for index in range(1, count)]
    inner = [_quietest(ink, ideal - shift, ideal + shift + 1, ideal) for ideal in ideals]
    return [_overlapping(ink, core, overlap) for core in pairwise([0, *inner, long])]


def _overlapping(ink: Sequence[float], core: tuple[int, int], overlap: int) -> Slice:
    """Return the slice around a core, which goes on past it to a gap, except at an edge."""
    start, end = core
    if start:
        least = start - overlap
        start = _quietest(ink, max(start - 2 * overlap, 0), least + 1, least)
    if end < len(ink):
        least = end + overlap
        end = _quietest(ink, least, min(end + 2 * overlap, len(ink)) + 1, least)
    return Slice(start, *core, end)


def _ink(tall: Image.Image) -> list[float]:
    """Return for each row how much neighbouring pixels differ, 0..255 on average."""
    width, height = tall.size
    rows: list[float] = []
    for top in range(0, height, _STRIP):
        bottom = min(top + _STRIP, height)
        left = tall.crop((0, top, width - 1, bottom))
        right = tall.crop((1, top, width, bottom))
        change = ImageChops.difference(left, right).convert("F")
        rows.extend(array("f", change.resize((1, bottom - top), Image.Resampling.BOX).tobytes()))
    return rows


def _quietest(ink: Sequence[float], start: int, end: int, ideal: int) -> int:
    """Return the middle of the widest quiet band within start..end, of equals the nearest."""
    window = ink[start:end]
    if not window:
        return ideal
    low, high = min(window), max(window)
    limit = low + _QUIET * (high - low)
    if high - low < 1:  # no text in it
        return ideal
    bands = []
    first = None
    for row in range(start, end + 1):
        quiet = row < end and row < len(ink) and ink[row] <= limit
        if quiet and first is None:
            first = row
        elif not quiet and first is not None:
            bands.append((row - first, -abs((first + row) // 2 - ideal), (first + row) // 2))
            first = None
    return max(bands)[2]
