"""Gaps in a line, from left to right, and which of them a place belongs to.

A line of a wide page has thousands of each: nothing here looks at all gaps for each place.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

__all__ = ["Gap", "Gaps", "Places", "away", "laid_on"]

_SAFE: Final = 1.0  # pixels: what a search may find too much rather than too little

Gap = tuple[int, int]  # columns without ink, the second not included


class Gaps(list[Gap]):
    """Gaps that do not touch, in their order."""

    def __init__(self, gaps: Iterable[Gap]) -> None:
        super().__init__(gaps)
        self._starts = [start for start, _ in self]
        self._ends = [end for _, end in self]

    def within(self, left: float, right: float) -> list[Gap]:
        """Return those that lie between two columns."""
        return self[bisect_left(self._starts, left) : bisect_right(self._ends, right)]

    def holds(self, left: int, right: int) -> bool:
        """Whether one reaches from the one column to the other."""
        index = bisect_right(self._starts, left) - 1
        return index >= 0 and right <= self._ends[index]


class Places:
    """Columns with a number each, in whatever order they come."""

    def __init__(self, columns: Iterable[tuple[float, int]]) -> None:
        self._sorted = sorted(columns)
        self._columns = [column for column, _ in self._sorted]

    def near(self, gap: Gap, distance: float) -> Iterator[tuple[float, int]]:
        """Yield how far from a gap each place is that is not farther, and its number."""
        low = bisect_left(self._columns, gap[0] - distance - _SAFE)
        high = bisect_right(self._columns, gap[1] + distance + _SAFE)
        for column, number in self._sorted[low:high]:
            if away(gap, column) <= distance:
                yield away(gap, column), number


def away(gap: Gap, column: float) -> float:
    """Return how far a column is from a gap."""
    return max(gap[0] - column, column - gap[1], 0.0)


def laid_on(gaps: Sequence[Gap], places: Sequence[float], far: float) -> list[Gap | None]:
    """Lay places on gaps, in their order and moving them least; a place left over has None.

    If there are more places than gaps, it may be one that would be moved as much as `far`.
    """
    over = far if len(places) > len(gaps) else math.inf
    starts, ends = np.array(gaps, dtype=np.float64).reshape(-1, 2).T
    cost = np.zeros((len(places) + 1, len(gaps) + 1))  # of the first places on the first gaps
    moved = [np.maximum(np.maximum(starts - place, place - ends), 0.0) for place in places]
    for above, row, by in zip(cost, cost[1:], moved, strict=False):
        row[0] = above[0] + over
        row[1:] = np.minimum(above[:-1] + by, above[1:] + over)
        np.minimum.accumulate(row, out=row)
    result: list[Gap | None] = [None] * len(places)
    i, j = len(places), len(gaps)
    while i and j:
        if cost[i, j] == cost[i, j - 1]:
            j -= 1
        elif cost[i, j] == cost[i - 1, j - 1] + moved[i - 1][j - 1]:
            result[i - 1] = gaps[j - 1]
            i, j = i - 1, j - 1
        else:
            i -= 1
    return result
