"""Where areas of one tone are on a page, whatever touches them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from ._components import Bits, Components, Ints, components, runs_of
from ._windows import over_neighbours

__all__ = ["Area", "edge_of", "full_part", "grown", "solid_areas"]

# How these were chosen: docs/decisions/reading-by-script.md.
_SOLID: Final = 0.5  # of an area's rectangle has its tone, the rest is text
_FILLED: Final = 0.75  # of it is the area with its text: a disc has more, letters have less
_SMALLEST: Final = (20, 14)  # pixels across and down: no label fits into less
_MOST: Final = 2_000  # areas of one tone, the largest; a spreadsheet may have half as many
_STROKE: Final = 4  # pixels: what is thinner joins no areas, and is none
_MARGIN: Final = 0.85  # of a row without text has the area's tone
_BAND: Final = 4  # rows without text, at most: of what is large a sixteenth is more than a margin
_WIDE: Final = 0.5  # of an area's width, that its upper and lower rows have: an arrow has less


class Area(NamedTuple):
    """A part of a page, and which pixels there belong to it, text included."""

    box: tuple[slice, slice]
    shape: Bits

    @property
    def size(self) -> int:
        """How many pixels its rectangle has."""
        return self.shape.size


def solid_areas(tone: Bits) -> Iterator[Area]:
    """Yield the areas of a tone, given where a page has it, that are large enough for text."""
    if np.count_nonzero(tone) < _SOLID * _SMALLEST[0] * _SMALLEST[1]:
        return
    found = components(_opened(tone))
    if found is None:
        return
    large = np.nonzero(
        (found.width >= _SMALLEST[0])
        & (found.height >= _SMALLEST[1])
        & (found.area >= _SOLID * found.width * found.height)
    )[0]
    large = large[np.argsort(-found.area[large], kind="stable")[:_MOST]]
    for index, own in zip(large, runs_of(found, large), strict=True):
        area = _area(found, int(index), own)
        if area.shape.mean() >= _FILLED:
            yield area


def _area(found: Components, index: int, own: Ints) -> Area:
    """Return a component, made of its own runs, as an area."""
    top, bottom = int(found.top[index]), int(found.bottom[index])
    left, right = int(found.left[index]), int(found.right[index])
    firsts = np.full(bottom - top, right)
    lasts = np.full(bottom - top, left)
    np.minimum.at(firsts, found.rows[own] - top, found.starts[own])
    np.maximum.at(lasts, found.rows[own] - top, found.ends[own])
    columns = np.arange(left, right)
    shape = (columns >= firsts[:, None]) & (columns < lasts[:, None])
    return Area((slice(top, bottom), slice(left, right)), shape)


def grown(area: Area, by: int, page: tuple[int, ...]) -> Area:
    """Return an area with its edge, so many pixels wide."""
    box = tuple(
        slice(max(side.start - by, 0), min(side.stop + by, most))
        for side, most in zip(area.box, page, strict=True)
    )
    shape = np.pad(area.shape, by)
    for axis in (0, 1):
        shape = over_neighbours(shape, np.logical_or, axis, by, by)
    inside = tuple(
        slice(whole.start - side.start + by, whole.stop - side.start + by)
        for whole, side in zip(box, area.box, strict=True)
    )
    return Area((box[0], box[1]), shape[inside])


def edge_of(area: Area, start: int, end: int, page: tuple[int, ...]) -> Area:
    """Return what is around an area, from so many pixels away to so many."""
    near, wide = grown(area, start, page), grown(area, end, page)
    shape = wide.shape.copy()
    rows, columns = (
        slice(inner.start - outer.start, inner.stop - outer.start)
        for inner, outer in zip(near.box, wide.box, strict=True)
    )
    shape[rows, columns] &= ~near.shape
    return Area(wide.box, shape)


def full_part(own: Bits, shape: Bits) -> Bits | None:
    """Return an area without its edges, arrows and shadows; None if it is a letter.

    Above and below its text an area is its own: M, ㅂ and 트 have gaps there.
    """
    rows = _between_margins(own, shape)
    if rows is None:
        return None
    part = np.zeros_like(shape)
    part[rows] = shape[rows]
    columns = _between_margins(own[rows].T, shape[rows].T)
    if columns is not None:
        part[:, : columns.start] = False
        part[:, columns.stop :] = False
    return part


def _between_margins(own: Bits, shape: Bits) -> slice | None:
    """Return the rows from the upper margin to the lower one, both included."""
    widths = shape.sum(axis=1)
    full = (own & shape).sum(axis=1) >= _MARGIN * widths
    full &= widths >= _WIDE * shape.shape[1]
    band = max(2, min(len(full) // 16, _BAND))
    reach = max(len(full) // 4, band + 1)
    clear = np.asarray(np.lib.stride_tricks.sliding_window_view(full, band).all(axis=1))
    above = np.flatnonzero(clear[: reach - band + 1])
    below = np.flatnonzero(clear[len(full) - reach :])
    if not above.size or not below.size:
        return None
    return slice(int(above[0]), len(full) - reach + int(below[-1]) + band)


def _opened(bits: Bits) -> Bits:
    """Return bits without what is thinner than a square."""
    before, after = _STROKE // 2, _STROKE - 1 - _STROKE // 2
    for axis in (0, 1):
        bits = over_neighbours(bits, np.logical_and, axis, before, after)
    for axis in (0, 1):
        bits = over_neighbours(bits, np.logical_or, axis, after, before)
    return bits
