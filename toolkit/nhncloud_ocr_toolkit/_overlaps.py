"""Where slices begin in the image, when boxes count from their slice: told by the shared lines."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from math import log2
from statistics import median
from typing import NamedTuple

from ._slices import ALIKE, Piece, agreement, touches_most

_LOOKED_AT = 14  # lines on either side of a seam
_SAME_PLACE = 0.25  # of a line's height: how far copies may lie apart
_WHOLE = 0.8  # of the usual height: an outermost line that is lower was cut through
_CUT = 0.4  # a copy lower than this part of the other's: one of them tells no place
_MOST_LETTERS = 20  # a line counts for: one long line is no proof by itself
_AGREEING = 0.25  # of the letters that meet: how many more must agree than differ
_SURE = 0.85  # agreement of lines that prove something
_LONG = 5  # letters: shorter lines are often said twice
_PROOF, _PROOF_IF_TOO_HIGH = 7, 2  # bits, 1 in 128 and 1 in 4: that lines agree by chance
_ROUNDED = 2  # pixels, for each slice: as much as boxes may stand out of it
_LIKE_THE_OTHERS = 1.5  # times the greatest proven overlap: how far a weak one may reach


class Overlap(NamedTuple):
    """How far below the upper slice's start the lower one begins, in pixels, and what says so.

    `score`: letters that agree less those that do not; `clear`: the same, less a margin; `proof`:
    in bits, how unlikely the agreeing ones are by chance; `extent`: pixels that both slices show
    lines in.
    """

    start: float
    score: float
    clear: float
    proof: float
    extent: float


class _Chance:
    """How often two lines of this page read alike without being copies: in a table often."""

    def __init__(self, groups: list[list[Piece]]) -> None:
        self._often = Counter(piece.text for group in groups for piece in group)
        self._lines = self._often.total()
        self._alike = {is_long: _collisions(groups, is_long) for is_long in (False, True)}

    def bits(self, text: str) -> float:
        """How surprising it is to meet the text on both sides of a seam."""
        elsewhere = (self._often[text] - 2) / self._lines
        return -log2(max(self._alike[len(text) >= _LONG], elsewhere))


def _collisions(groups: list[list[Piece]], is_long: bool) -> float:
    """The share of pairs within a slice that read the same; never quite none."""
    alike, pairs = 0, 0
    for group in groups:
        texts = Counter(piece.text for piece in group if (len(piece.text) >= _LONG) == is_long)
        alike += sum(n * (n - 1) // 2 for n in texts.values())
        pairs += texts.total() * (texts.total() - 1) // 2
    return (alike + (0.5 if is_long else 2)) / (pairs + 100)


def starts_of(groups: list[list[Piece]], height: float, slices: int) -> list[float]:
    """Each group's start in pixels of the whole image.

    Where nothing is shared, or too little to be told from chance, a slice is taken to begin where
    equal slices would, and below all lines of the one before. Less proof is asked for where slices
    must overlap, since one below the other their lines would not fit into the image.
    """
    chance = _Chance(groups)
    best = [
        max(_candidates(upper, lower, chance), key=lambda each: each.score, default=None)
        for upper, lower in pairwise(groups)
    ]
    high = sum(max(piece.box.bottom for piece in group) for group in groups if group)
    overlap = high > height + _ROUNDED * len(groups)

    def is_proven(found: Overlap) -> bool:
        if overlap:
            return found.score > 0 and found.proof >= _PROOF_IF_TOO_HIGH
        return found.clear > 0 and found.proof >= _PROOF

    proven = [each.extent for each in best if each and is_proven(each)]
    widest = _LIKE_THE_OTHERS * max(proven, default=0.0)
    starts = [0.0]
    for (upper, lower), found in zip(pairwise(groups), best, strict=True):
        if found and (is_proven(found) or (found.score > 0 and found.extent <= widest)):
            step = found.start
        else:
            lowest = max(piece.box.bottom for piece in upper)
            highest = min(piece.box.top for piece in lower)
            step = max(height / slices, lowest - highest)
        starts.append(starts[-1] + step)
    return starts


def _candidates(upper: list[Piece], lower: list[Piece], chance: _Chance) -> list[Overlap]:
    """Every shift that lays one line of the lower slice on a like line of the upper."""
    above = sorted(upper, key=lambda piece: piece.middle)[-_LOOKED_AT:]
    below = sorted(lower, key=lambda piece: piece.middle)[:_LOOKED_AT]
    alike = {
        (one.number, other.number): agreement(one.text, other.text)
        for one in above
        for other in below
    }
    shifts = sorted(
        one.middle - other.middle
        for one in above
        for other in below
        if alike[one.number, other.number] >= ALIKE and _as_high(one, other)
    )
    distinct = [
        shift
        for before, shift in zip([float("-inf"), *shifts], shifts, strict=False)
        if shift - before > 1 and shift > 0
    ]
    return [_weighed(shift, above, below, alike, chance) for shift in distinct]


def _weighed(
    start: float,
    above: list[Piece],
    below: list[Piece],
    alike: dict[tuple[int, int], float],
    chance: _Chance,
) -> Overlap:
    cut = _maybe_cut(above, below)
    lowest = max(one.box.bottom for one in above if one.number not in cut)
    highest = min(other.box.top for other in below if other.number not in cut) + start
    score = letters_met = 0.0
    proven: set[str] = set()
    met: set[int] = set()
    for other in below:
        if other.box.bottom + start > lowest + other.height * _SAME_PLACE:
            continue  # below what the upper slice shows, or cut through there
        letters = min(len(other.text), _MOST_LETTERS)
        ones = [one for one in above if touches_most(one.box, other.box, start)]
        met.update(one.number for one in ones)
        one = max(ones, key=lambda one: alike[one.number, other.number], default=None)
        letters_met += letters if one else 0
        agreeing = alike[one.number, other.number] if one else 0.0
        if one and agreeing >= ALIKE and _in_place(one, other, start):
            score += letters
            if agreeing >= _SURE:
                proven.add(other.text)
        elif other.number in cut:
            continue
        elif one is None:
            score -= letters / 2
        elif _as_high(one, other):
            score -= letters * (1 - agreeing)
    for one in above:
        if one.number not in met and one.number not in cut and one.box.top > highest:
            score -= min(len(one.text), _MOST_LETTERS) / 2
    proof = sum(map(chance.bits, proven))
    return Overlap(start, score, score - _AGREEING * letters_met, proof, lowest - highest)


def _maybe_cut(above: list[Piece], below: list[Piece]) -> set[int]:
    """The outermost lines at the seam that are lower than usual: nothing is held against them."""
    usual = median([piece.height for piece in above + below])
    last, first = max(one.box.bottom for one in above), min(other.box.top for other in below)
    low = [piece for piece in above if piece.box.bottom == last and len(above) > 1]
    low += [piece for piece in below if piece.box.top == first and len(below) > 1]
    return {piece.number for piece in low if piece.height < _WHOLE * usual}


def _in_place(one: Piece, other: Piece, start: float) -> bool:
    farthest = _SAME_PLACE * max(one.height, other.height)
    return abs(one.middle - other.middle - start) <= farthest


def _as_high(one: Piece, other: Piece) -> bool:
    return min(one.height, other.height) >= _CUT * max(one.height, other.height)
