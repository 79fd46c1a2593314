"""Middle dots between syllables, told by their ink: the Korean model hardly knows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PIL import Image

from ._characters import Character, is_hangul
from ._components import stretches, tones

__all__ = ["middle_dots", "with_dots"]

# How these were chosen: docs/decisions/reading-by-script.md.
_INK: Final = 110  # of 255, that a dot has somewhere
_PALE: Final = 40  # and all that touches it: the short stroke of ㅏ does, its long one
_APART: Final = 0.04  # of a line's height, that is without ink beside it
_SIZE: Final = (0.07, 0.22)  # of a line's height, that a dot is wide and high
_SQUARE: Final = 1.7  # times as long as wide it is at most: a dash is longer
_MIDDLE: Final = (0.35, 0.65)  # of a line's height: a full stop is below, an accent above
_NEAR: Final = 0.3  # of a line's height, that a dot may be from where a syllable begins


def middle_dots(strip: Image.Image, height: int) -> list[float]:
    """Return the columns of dots with nothing above or below, on a line so many pixels high."""
    darkness = 255 - tones(strip)
    ink = darkness >= _PALE
    edges = stretches(ink)
    least, most = (round(size * height) for size in _SIZE)
    margin = (strip.height - height) / 2
    found = []
    apart = np.diff(edges.ravel())[1::2] >= max(_APART * height, 1)  # the gaps between
    alone = np.concatenate(([False], apart)) & np.concatenate((apart, [False]))
    for start, end in edges[alone & (edges[:, 1] - edges[:, 0] <= most)]:
        if darkness[:, start:end].max() < _INK:
            continue
        rows = np.flatnonzero(ink[:, start:end].any(axis=1))
        wide, high = int(end - start), int(rows[-1] - rows[0] + 1)
        middle = ((rows[0] + rows[-1]) / 2 - margin) / height
        if (
            least <= min(wide, high)
            and max(wide, high) <= min(most, _SQUARE * min(wide, high))
            and _MIDDLE[0] <= middle <= _MIDDLE[1]
        ):
            found.append((start + end) / 2)
    return found


def with_dots(line: Sequence[Character], dots: Sequence[float], height: int) -> list[Character]:
    """Return a line with the dots that stand between two of its syllables, and were not read."""
    result = list(line)
    for dot in dots:
        index = min(
            range(1, len(result)),
            key=lambda index: abs(result[index].rectangle.left - dot),
            default=None,
        )
        if index is None or abs(result[index].rectangle.left - dot) > _NEAR * height:
            continue
        before, after = result[index - 1], result[index]
        if is_hangul(before.text) and is_hangul(after.text) and not after.blank:
            place = after.rectangle._replace(left=round(dot), right=round(dot) + 1)
            result.insert(index, Character("·", before.confidence, place, False))
    return result
