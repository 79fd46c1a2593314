"""Where blanks are in a line, by its ink: Tesseract tells them by the look of running text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ._characters import Character, is_hangul
from ._components import tones
from ._gaps import Gap, Gaps, Places, away, laid_on

__all__ = ["Blanks", "blank_width", "least_blank"]

# In heights of the line. How they were chosen: docs/decisions/reading-by-script.md.
_WIDE: Final = 0.2  # Tesseract sees no blank in less
_BLANK: Final = (0.21, 0.38)  # the least gap between syllables that is a blank, by the typeface
_USUAL: Final = 0.3  # that gap in most of them
_LIKE: Final = 0.75  # of the median blank that Tesseract saw in the line, that another is wide
_SEVERAL: Final = 2  # blanks that Tesseract saw in a line: then none is much narrower than they are
_ALMOST: Final = 0.9  # of the narrowest of them
_COLUMN: Final = 0.4  # but the gaps between columns say nothing of the blanks in them
_AROUND: Final = 0.04  # of it there are the fewest gaps
_DIGITS: Final = 0.28  # digits are narrower than their cells: less is no blank between them
_BESIDE_ONE: Final = 0.33  # the same where one of them is a 1, the narrowest in its cell
_CLOSE: Final = 0.2  # how far Tesseract's boxes may be from a gap that it did not see
_ROOM: Final = 0.35  # and this is enough for one that it saw
_NARROW: Final = 0.1  # a blank between syllables is wider
_DIGITS_APART: Final = 0.45  # and so much is one
_FAR: Final = 3.0
_IN_ADDRESS: Final = frozenset("?=&:@_")
_BEGINS: Final = re.compile(r"[₩\\¥￦+A-Za-z02-9-]")  # after Hangul without a blank stands closer
_FINAL_P: Final = (17, 18)  # ㅂ and ㅄ, of the final consonants as Unicode counts them
_PALE: Final = 40  # of 255: the ground's own unevenness
_THIN: Final = 110  # of 255: beside other ink, the end of a thin stroke
_INK: Final = 400  # of a column's darkness, 255 a pixel: less is a speck of noise


class Blanks:
    """The columns without ink of a line, dark on light, that is so many pixels high."""

    def __init__(self, strip: Image.Image, height: int) -> None:
        ink = 255 - tones(strip).astype(np.int32)
        ink[ink < _PALE] = 0
        dark = _spread(ink.sum(axis=0) >= _INK, ink.max(axis=0) >= _THIN)
        edges = np.flatnonzero(np.diff(np.concatenate(([True], dark, [True])).astype(np.int8)))
        self._gaps = Gaps((int(a), int(b)) for a, b in edges.reshape(-1, 2))
        self._width = strip.width
        self._height = height

    def widths(self) -> list[float]:
        """Return the widths of the gaps inside the line, in heights of it."""
        inside = (gap for gap in self._gaps if gap[0] > 0 and gap[1] < self._width)
        return [(end - start) / self._height for start, end in inside]

    def respaced(
        self, line: Sequence[Character], blank: float
    ) -> tuple[list[Character], list[int]]:
        """Return a line with its blanks where the ink leaves room, and the column before each.

        From `blank` heights on, a gap between syllables is one: `blank_width` tells it of a page.
        Hangul leaves little between the syllables of a word, so that a wide gap is a blank.
        Tesseract's boxes may be a syllable off: its own blanks are laid on the gaps first, and
        then the words between them.
        """
        line = self._without_phantoms(line)
        begins = [0.0, *(self._begin(line, index) for index in range(1, len(line)))]
        own = [index for index, character in enumerate(line) if index and character.blank]
        places = [begins[index] for index in own]
        matched = dict(zip(own, laid_on(self._wide(), places, _FAR * self._height), strict=True))
        laid = {index: gap or self._near(line, index) for index, gap in matched.items()}
        for index, (start, end) in laid.items():
            narrow = matched[index] is None and end - start <= _NARROW * self._height
            if narrow and _hangul(line, index):
                line[index] = line[index]._replace(blank=False)
        taken = set(filter(None, matched.values()))
        least = least_blank([(end - start) / self._height for start, end in taken])
        self._add_blanks(line, begins, max(blank, least) * self._height, laid, taken)
        for index in _inside_endings(line):
            line[index] = line[index]._replace(blank=False)
        return self._on_ink(line, laid), self._cuts(line, laid)

    def _add_blanks(
        self,
        line: list[Character],
        begins: Sequence[float],
        enough: float,
        laid: dict[int, Gap],
        taken: Collection[Gap],
    ) -> None:
        """Put blanks on the wide gaps beside Hangul that have none, and add these to the laid."""
        places = Places((begins[index], index) for index in range(1, len(line)))
        for free in self._wide():
            if free in taken:
                continue
            close = places.near(free, _CLOSE * self._height)
            nearest = min((near for near in close if near[1] not in laid), default=None)
            if nearest is None:
                continue  # inside a syllable, or Tesseract's boxes are off
            index = nearest[1]
            if free[1] - free[0] < enough and not _begins_word(line, index):
                continue
            if _hangul(line, index):
                line[index] = line[index]._replace(blank=True)
                laid[index] = free

    def _cuts(self, line: Sequence[Character], laid: Mapping[int, Gap]) -> list[int]:
        """Return the column before each character, in the middle of the gap there."""
        cuts = [0]
        for index in range(1, len(line)):
            start, end = laid.get(index) or self._near(line, index)
            cuts.append(max(cuts[-1], (start + end) // 2))
        return cuts

    def between_latin(self, line: Sequence[Character]) -> list[Character]:
        """Return a line with blanks between digits, and within addresses, only where there is room.

        After a question mark in one the English model sees a blank, as at the end of a sentence.
        """
        line = list(line)
        for index, (before, after) in enumerate(pairwise(line), 1):
            if after.blank and (before.text in _IN_ADDRESS or after.text == "@"):
                start, end = self._near(line, index)
                line[index] = after._replace(blank=end - start >= _DIGITS * self._height)
            elif before.text.isdigit() and after.text.isdigit():
                start, end = self._near(line, index)
                together = _BESIDE_ONE if "1" in (before.text, after.text) else _DIGITS
                limit = together if after.blank else _DIGITS_APART
                line[index] = after._replace(blank=end - start >= limit * self._height)
        return line

    def as_in(self, other: Sequence[Character], line: Sequence[Character]) -> list[Character]:
        """Return a line with a blank also where another reading has one and the ink leaves room.

        What is read in parts loses the blanks beside a letter or digit that stands alone.
        """
        line = list(line)
        starts = Places((c.rectangle.left, 0) for c in other if c.blank)
        for index in range(1, len(line)):
            start, end = self._near(line, index)
            if end - start >= _ROOM * self._height and any(
                True for _ in starts.near((start, end), _CLOSE * self._height)
            ):
                line[index] = line[index]._replace(blank=True)
        return line

    def _without_phantoms(self, line: Sequence[Character]) -> list[Character]:
        """Return a line without signs that stand alone where there is no ink."""
        kept: list[Character] = []
        for index, character in enumerate(line):
            left, _, right, _ = character.rectangle
            alone = (character.blank or not index) and (
                index + 1 == len(line) or line[index + 1].blank
            )
            if alone and not character.text.isalnum() and self._gaps.holds(left, right):
                continue
            kept.append(character)
        return kept

    def _on_ink(self, line: list[Character], gaps: Mapping[int, Gap]) -> list[Character]:
        """Return a line with the outer edges of words where their ink ends, by the gaps before."""
        first = self._gaps[0][1] if self._gaps and not self._gaps[0][0] else 0
        last = self._gaps[-1][0] if self._gaps and self._gaps[-1][1] == self._width else self._width
        starts = [index for index in sorted(gaps) if line[index].blank]
        for start, end in pairwise([0, *starts, len(line)]):
            left = gaps[start][1] if start else first
            right = gaps[end][0] if end < len(line) else last
            if start == end or right - left < end - start:
                continue
            for index in range(start, end):
                box = line[index].rectangle
                low = left if index == start else min(max(box.left, left), right - 1)
                high = right if index == end - 1 else min(max(box.right, low + 1), right)
                line[index] = line[index]._replace(
                    rectangle=box._replace(left=low, right=max(high, low + 1))
                )
        return line

    def _wide(self) -> list[Gap]:
        return [
            (start, end)
            for start, end in self._gaps
            if end - start >= _WIDE * self._height and start > 0 and end < self._width
        ]

    def _near(self, line: Sequence[Character], index: int) -> Gap:
        """Return the gap before a character that is not known to have a blank there."""
        before, after = line[index - 1].rectangle, line[index].rectangle
        ideal = after.left
        low, high = min(before.left + 2, ideal - 1), max((after.left + after.right) // 2, ideal)
        inside = self._gaps.within(low, high)
        if not inside:
            return ideal, ideal
        return max(inside, key=lambda gap: 0.5 * (gap[1] - gap[0]) - away(gap, ideal))

    def _begin(self, line: Sequence[Character], index: int) -> float:
        """Return about where a character begins."""
        left = line[index].rectangle.left
        return (max(line[index - 1].rectangle.left, left - self._height / 2) + left) / 2


def blank_width(widths: Sequence[float]) -> float:
    """Return from what width on a gap of a page is a blank, in heights of a line.

    Typefaces differ, but in each few gaps are as wide as that: those in words are narrower, and
    those between them wider.
    """
    low, high = (round(100 * limit) for limit in _BLANK)

    def crowd(limit: float) -> tuple[int, float]:
        near = sum(abs(width - limit) <= _AROUND for width in widths)
        return near, abs(limit - _USUAL)

    return min((hundredth / 100 for hundredth in range(low, high + 1)), key=crowd)


def least_blank(sure: Sequence[float]) -> float:
    """Return from what width on a gap of a line is a blank, by those that surely are.

    In heights of the line, as they are.
    """
    if not sure:
        return 0.0
    alike = min(_LIKE * median(sure), _COLUMN)
    return alike if len(sure) < _SEVERAL else max(alike, _ALMOST * min(*sure, _COLUMN))


def _spread(sure: NDArray[np.bool_], likely: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the columns that are sure, and the likely ones that reach to them."""
    stretch = np.cumsum(np.diff(likely.astype(np.int8), prepend=0) != 0)
    reached = np.zeros(int(stretch[-1]) + 1, bool)
    reached[stretch[sure & likely]] = True
    spread: NDArray[np.bool_] = sure | (likely & reached[stretch])
    return spread


def _hangul(line: Sequence[Character], index: int) -> bool:
    """Whether a character or the one before it is Hangul."""
    return is_hangul(line[index - 1].text) or is_hangul(line[index].text)


def _inside_endings(line: Sequence[Character]) -> Iterator[int]:
    """Yield before which characters no blank is, however wide the gap: within the ending ㅂ니다."""
    for index in range(2, len(line)):
        stem, middle, last = (c.text for c in line[index - 2 : index + 1])
        if middle == "니" and last in "다까" and is_hangul(stem) and _final(stem) in _FINAL_P:
            yield from (index - 1, index)


def _final(syllable: str) -> int:
    """Return the number of a syllable's final consonant, 0 if it has none."""
    return (ord(syllable) - ord("가")) % 28


def _begins_word(line: Sequence[Character], index: int) -> bool:
    """Whether any wide gap before a character is a blank: Hangul leaves none before these."""
    return is_hangul(line[index - 1].text) and _BEGINS.match(line[index].text) is not None
