"""Where a tall or wide picture is cut: by its side ratio, through gaps between lines of text.

How the service cuts is not known; the rule here was measured to lose the least text.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from PIL import Image, ImageChops

__all__ = ["Slice", "slice_count", "slices"]

_UNSLICED: Final = 3  # long side over short side
_TALL_SLICE: Final = 2
_WIDE_SLICE: Final = 6
_SHIFT: Final = 0.18  # of a slice's length: how far a cut may move to find a gap
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
    return -(-long // ((_WIDE_SLICE if width > height else _TALL_SLICE) * short))


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
    halo = min(max(48, short * 9 // 100), max(1, int(length / 2) - shift))
    cuts = [0]
    for i in range(1, count):
        ideal = round(i * length)
        cuts.append(_quietest(ink, ideal - shift, ideal + shift + 1, ideal))
    cuts.append(long)
    pieces = []
    for core_start, core_end in pairwise(cuts):
        start = core_start and _quietest(
            ink, max(core_start - 2 * halo, 0), core_start - halo + 1, core_start - halo
        )
        end = core_end
        if core_end < long:
            end = _quietest(
                ink, core_end + halo, min(core_end + 2 * halo, long) + 1, core_end + halo
            )
        pieces.append(Slice(start, core_start, core_end, end))
    return pieces


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
    limit = low + 0.1 * (high - low)
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
