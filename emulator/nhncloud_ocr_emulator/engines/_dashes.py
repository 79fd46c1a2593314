"""Dashed and dotted rules: many small strokes in a row, or one below the other, evenly apart."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ._components import Bits, Components, Ints

__all__ = ["is_dash"]

# How these were chosen: docs/decisions/reading-by-script.md.
_THIN: Final = 0.25  # of the text's height, that a dash is thick
_LONG: Final = 1.2  # and long
_LEAST: Final = 4  # pixels, of both
_EVEN: Final = 1.6  # times the usual step from one to the next, that a step may be
_OPEN: Final = 0.5  # of the text's height between two: figures in a column are farther apart
_DOWN: Final = (4, 2.5)  # dashes, and heights of the text, of a rule down a page
_ACROSS: Final = (12, 4.0)  # and across: dots and hyphens of a text are fewer

Floats = NDArray[np.float64]


def is_dash(found: Components, height: float) -> Bits:
    """Return which components belong to dashed rules on a page with text so many pixels high."""
    member = np.zeros(len(found.top), dtype=np.bool_)
    for start, end, left, right, enough in (
        (found.top, found.bottom, found.left, found.right, _DOWN),
        (found.left, found.right, found.top, found.bottom, _ACROSS),
    ):
        thick, long = right - left, end - start
        small = (thick <= max(_LEAST, _THIN * height)) & (long <= max(_LEAST, _LONG * height))
        indices = np.flatnonzero(small)
        place = (left + right)[indices] / 2
        order = np.lexsort((start[indices], place))
        indices, place = indices[order], place[order]
        for group in np.split(indices, np.flatnonzero(np.diff(place) > 1) + 1):
            if len(group) >= enough[0]:
                member[_rule(group[np.argsort(start[group])], start, end, height, enough)] = True
    return member


def _rule(group: Ints, start: Ints, end: Ints, height: float, enough: tuple[int, float]) -> Ints:
    """Return those of a group that follow each other evenly, far enough for a rule."""
    steps = np.diff((start + end)[group] / 2)
    gaps = start[group][1:] - end[group][:-1]
    apart = (steps > _EVEN * np.median(steps)) | (gaps > max(_LEAST, _OPEN * height))
    rules = [
        run
        for run in np.split(group, np.flatnonzero(apart) + 1)
        if len(run) >= enough[0] and end[run[-1]] - start[run[0]] >= enough[1] * height
    ]
    return np.concatenate(rules) if rules else group[:0]
