"""Which of what two slices both show is left out."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from ._slices import MOSTLY, Piece, touches_most

_AT_EDGE = 0.2  # of its height: how far a line may lie from the last (or first) one's edge
_CUT = 0.8  # a copy lower than this part of the other's height was cut through, and loses


class _Copies(NamedTuple):
    """Lines of two slices that show the same ink; a line may have been torn into several."""

    upper: list[Piece]
    lower: list[Piece]

    @property
    def middle(self) -> float:
        pieces = self.upper + self.lower
        return sum(piece.middle for piece in pieces) / len(pieces)

    def cut(self, kept: list[Piece], other: list[Piece]) -> bool:
        """Whether what would be kept is lower than its copy: cut through at the slice's edge."""
        return _extent(kept) < _CUT * _extent(other)


def _extent(pieces: list[Piece]) -> float:
    return max(piece.height for piece in pieces)


def copies(upper: list[Piece], lower: list[Piece]) -> list[Piece]:
    """Of what two slices both show, the upper half from the upper one, the rest from the lower."""
    shared = sorted(_shared(upper, lower), key=lambda each: each.middle)

    def cut_through(taken: int) -> int:
        return sum(each.cut(each.upper, each.lower) for each in shared[:taken]) + sum(
            each.cut(each.lower, each.upper) for each in shared[taken:]
        )

    half = (len(shared) + 1) // 2
    taken = min(range(len(shared) + 1), key=lambda n: (cut_through(n), abs(n - half)))
    return [
        piece
        for index, each in enumerate(shared)
        for piece in (each.lower if index < taken else each.upper)
    ]


def _shared(upper: list[Piece], lower: list[Piece]) -> list[_Copies]:
    """Lines on the same ink, gathered until none touches another one's."""
    lowest = max(piece.box.bottom for piece in upper)
    highest = min(piece.box.top for piece in lower)
    upper = [piece for piece in upper if piece.box.bottom > highest]
    found: list[_Copies] = []
    for other in lower:
        if other.box.top >= lowest:
            continue
        first = other.box.top <= highest + _AT_EDGE * other.height
        ones = [
            one
            for one in upper
            if _same_ink(one, other, first or one.box.bottom >= lowest - _AT_EDGE * one.height)
        ]
        if not ones:
            continue
        joined = [each for each in found if any(one in each.upper for one in ones)]
        merged = _Copies([], [other])
        for each in joined:
            found.remove(each)
            merged.upper.extend(each.upper)
            merged.lower.extend(each.lower)
        merged.upper.extend(one for one in ones if one not in merged.upper)
        found.append(merged)
    return found


def _same_ink(one: Piece, other: Piece, at_the_edge: bool) -> bool:
    """Whether one box lies on the other for the most part, and reads like it or a part of it; a
    line that a slice's edge cuts through may read like nothing."""
    if not touches_most(one.box, other.box):
        return False
    if at_the_edge and min(one.height, other.height) < _CUT * max(one.height, other.height):
        return True
    agreeing = sum((Counter(one.text) & Counter(other.text)).values())
    return agreeing >= MOSTLY * min(len(one.text), len(other.text))
