"""Amounts as their ink has them: in pale or small print commas are read as digits, or lost."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Final, NamedTuple

import numpy as np
from PIL import Image

from ._characters import Character, split, text_of
from ._components import stretches, tones

__all__ = ["as_drawn"]

# How these were chosen: docs/decisions/reading-by-script.md.
_INK: Final = 80  # of 255
_SPECK: Final = 2  # pixels
_BEFORE: Final = (0.5, 1.2)  # of the line's height, that the first digit may be before its place
# Of the digits' height:
_LOW: Final = 0.5  # a comma has nothing above that
_BELOW: Final = 0.06  # it goes so far below the digits; a dot ends with them
_NARROW: Final = 0.45  # it is no wider
_TOUCHING: Final = 1.6  # times the usual width, that two digits have together
_APART: Final = 1.3  # times the usual step from digit to digit, that one over a blank is

_ONE: Final = re.compile(r"(?<![\d.,:/-])\d[\d.,]{2,}\d(?![\d.,:/-])")
_SEVERAL: Final = re.compile(r"(?<![\d.,:/-])\d[\d.,]* [\d., ]*\d(?![\d.,:/-])")
_NUMBERS: Final = re.compile(r"(?=.*,)(?:[1-9]\d{0,2}(?:,\d{3})*(?: |$))+")


class _Mark(NamedTuple):
    """What stands between two gaps, in pixels."""

    left: int
    right: int
    top: int
    bottom: int


class _Sign(NamedTuple):
    """A digit or a comma, from one column to another."""

    left: int
    right: int
    is_comma: bool

    @property
    def middle(self) -> float:
        """Its middle column."""
        return (self.left + self.right) / 2


def as_drawn(line: Sequence[Character], strip: Image.Image, height: int) -> list[Character]:
    """Return a line, so many pixels high, with the commas of amounts and the blanks beside them.

    An amount is changed only where all its digits and commas are told by the ink.
    """
    line = list(line)
    for pattern in (_SEVERAL, _ONE):  # beside a blank boxes may be off, but not at both ends
        text = "".join((" " if c.blank else "") + c.text for c in line)
        places = [index for index, c in enumerate(line) for _ in range(1 + c.blank)]
        for found in reversed(list(pattern.finditer(text))):  # the last first: places stay
            start, end = places[found.start()], places[found.end() - 1] + 1
            line[start:end] = _redrawn(line, start, end, strip, height) or line[start:end]
    return line


def _redrawn(
    line: Sequence[Character], start: int, end: int, strip: Image.Image, height: int
) -> list[Character] | None:
    """Return the figures from one index to another as drawn, None where that is not told."""
    least = line[start - 1].rectangle.right if start else 0
    right = line[end - 1].rectangle.right
    if end < len(line):
        right = min(right, line[end].rectangle.left)
    for reach in _BEFORE:
        left = max(line[start].rectangle.left - round(reach * height), least)
        written = _written(line[start:end], list(_marks(strip, left, right)))
        if written is not None:
            return written
    return None


def _written(figures: Sequence[Character], marks: Sequence[_Mark]) -> list[Character] | None:
    """Return figures as their marks have them, None where these do not fit."""
    signs = list(_signs(marks))
    known = [c for c in figures if c.text.isdigit()]
    commas = [sign.is_comma for sign in signs]
    if commas.count(False) != len(known):
        known = [c for c, is_comma in zip(figures, commas, strict=False) if not is_comma]
        if len(signs) != len(figures) or not all(c.text.isdigit() for c in known):
            return None
    digits = iter(known)
    written = []
    after_comma = False
    for (left, right, is_comma), blank in zip(signs, _blanks(signs), strict=True):
        c = figures[0]._replace(text=",", blank=False) if is_comma else next(digits)
        place = c.rectangle._replace(left=left, right=right)
        written.append(c._replace(rectangle=place, blank=blank or (c.blank and not after_comma)))
        after_comma = is_comma
    return written if _NUMBERS.fullmatch(" ".join(map(text_of, split(written)))) else None


def _signs(marks: Sequence[_Mark]) -> Iterator[_Sign]:
    """Yield the commas and digits that marks are, of those that touch each for itself."""
    if not marks:
        return
    top = median(mark.top for mark in marks)
    bottom = median(mark.bottom for mark in marks)
    high = bottom - top
    usual = median(mark.right - mark.left for mark in marks)
    for left, right, above, below in marks:
        wide = right - left
        is_comma = (
            above >= top + _LOW * high
            and below >= bottom + _BELOW * high
            and wide <= _NARROW * high
        )
        count = round(wide / usual) if wide >= _TOUCHING * usual else 1
        for index in range(count):
            yield _Sign(left + wide * index // count, left + wide * (index + 1) // count, is_comma)


def _blanks(signs: Sequence[_Sign]) -> list[bool]:
    """Return of each sign whether the digit before it stands farther away than digits do."""
    steps = [
        None if before.is_comma or sign.is_comma else sign.middle - before.middle
        for before, sign in pairwise(signs)
    ]
    usual = median([step for step in steps if step is not None] or [math.inf])
    return [False, *(step is not None and step >= _APART * usual for step in steps)]


def _marks(strip: Image.Image, left: int, right: int) -> Iterator[_Mark]:
    """Yield what stands between gaps from one column to another."""
    ink = tones(strip)[:, left:right] < 255 - _INK
    edges = stretches(ink)
    for start, end in edges:
        rows = np.flatnonzero(ink[:, start:end].any(axis=1))
        top, bottom = int(rows[0]), int(rows[-1]) + 1
        if max(end - start, bottom - top) > _SPECK:
            yield _Mark(left + int(start), left + int(end), top, bottom)
