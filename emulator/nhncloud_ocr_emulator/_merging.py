"""Text in the overlap of two slices, taken once: each line from the slice whose core it lies in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ._slicing import Slice
from .engines import Line
from .recognition import Word

__all__ = ["merge_tall", "merge_wide"]


def merge_tall(pieces: Sequence[tuple[Slice, Sequence[Line]]]) -> list[Line]:
    """Merge slices that lie one below the other; whole lines are taken or left."""
    return [
        line
        for piece, lines in pieces
        for line in lines
        if piece.owns(sum(_middle(word.box[1::2]) for word in line) / len(line))
    ]


def merge_wide(pieces: Sequence[tuple[Slice, Sequence[Line]]]) -> list[Line]:
    """Merge slices that lie side by side; a line that runs on in the next slice becomes one."""
    rows: list[list[Line]] = []
    for piece, lines in pieces:
        for line in lines:
            part = tuple(word for word in line if piece.owns(_middle(word.box[0::2])))
            if not part:
                continue
            row = next((row for row in rows if _runs_on(row[-1], part)), None)
            if row is None:
                rows.append([part])
            else:
                row.append(part)
    rows.sort(key=lambda row: _edges(row[0]))
    return [tuple(word for part in row for word in part) for row in rows]


def _runs_on(left: Line, right: Line) -> bool:
    """Whether the middle of each line is between top and bottom of the other."""
    (top, bottom), (other_top, other_bottom) = _edges(left[-1:]), _edges(right[:1])
    return (
        left[-1].box.x1 <= right[0].box.x1
        and top <= (other_top + other_bottom) / 2 <= bottom
        and other_top <= (top + bottom) / 2 <= other_bottom
    )


def _edges(words: Iterable[Word]) -> tuple[int, int]:
    """Return the top and bottom of a line's words."""
    heights = [y for word in words for y in word.box[1::2]]
    return min(heights), max(heights)


def _middle(coordinates: Sequence[int]) -> float:
    return sum(coordinates) / len(coordinates)
