"""Wide images: slices lie side by side, so words are the copies, and lines run on in the next one.

Words are looked at lying on their side, left as top, so that all that holds for lines in slices one
below the other holds for them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from nhncloud_ocr import Line, OcrResult, Word

from ._copies import copies
from ._geometry import Bounds, reach, shifted
from ._likeness import plain
from ._overlaps import starts_of
from ._slices import Piece, SliceFrame, coincidences, frame_of, pieces_of, split

_RUNS_ON = 3  # heights: a wider gap is one between columns


class _Part(NamedTuple):
    """What a slice has of a line: its number in the reply, its slice, its words."""

    number: int
    slice: int
    words: list[Word]


def merge_sideways(page: OcrResult, width: float) -> tuple[tuple[Line, ...], SliceFrame, int]:
    """The lines with each word once, what boxes counted from, and how many words were left out."""
    lines = pieces_of(page.lines)
    slices = min(page.slices or 1, len(lines))
    words, home = _lying(lines)
    pairs = coincidences(words)
    found = frame_of(words, pairs, width / max(slices, 1), goes_back=False)
    crossing = sorted({(home[a], home[b]) for a, b in pairs if home[a] != home[b]})
    groups = split(lines, crossing, slices, "image")
    first_words = [0]
    for group in groups:
        first_words.append(first_words[-1] + sum(len(piece.line.words) for piece in group))
    parts = [words[first:end] for first, end in pairwise(first_words)]
    if found == "slice":
        starts = starts_of(parts, width, slices)
        parts = [[_moved(word, x) for word in part] for part, x in zip(parts, starts, strict=True)]
    dropped = {word.number for left, right in pairwise(parts) for word in copies(left, right)}
    rows: list[list[_Part]] = []
    for index, part in enumerate(parts):
        kept: dict[int, _Part] = {}
        for word in part:
            if word.number not in dropped:
                number = lines[home[word.number]].number
                kept.setdefault(number, _Part(number, index, [])).words.extend(word.line.words)
        for each in kept.values():
            row = next((row for row in rows if _runs_on(row[-1], each)), None)
            if row is None:
                rows.append([each])
            else:
                row.append(each)
    return _with_the_others(page, lines, rows), found, len(dropped)


def _lying(lines: list[Piece]) -> tuple[list[Piece], list[int]]:
    """Each word as a piece that lies on its side, and the position of its line."""
    words: list[Piece] = []
    home: list[int] = []
    for position, piece in enumerate(lines):
        for word in piece.line.words:
            left, top, right, bottom = reach(word.box) or piece.box
            box = Bounds(top, left, bottom, right)
            words.append(Piece(len(words), Line((word,)), box, plain(word.text)))
            home.append(position)
    return words, home


def _moved(piece: Piece, right: float) -> Piece:
    (word,) = piece.line.words
    if not right or word.box is None:
        return piece
    step = round(right) if isinstance(word.box.x1, int) else right
    moved = Word(word.text, word.confidence, shifted(word.box, 0, step))
    left, top, side, bottom = piece.box
    return piece._replace(line=Line((moved,)), box=Bounds(left, top + step, side, bottom + step))


def _runs_on(left: _Part, right: _Part) -> bool:
    """Whether a line goes on in the next slice: at the same height, after a gap between words."""
    one, other = reach(left.words[-1].box), reach(right.words[0].box)
    if one is None or other is None or right.slice != left.slice + 1:
        return False
    height = max(one.bottom - one.top, other.bottom - other.top)
    gap = other.left - one.right
    return (
        -height <= gap <= _RUNS_ON * height
        and one.top <= (other.top + other.bottom) / 2 <= one.bottom
        and other.top <= (one.top + one.bottom) / 2 <= other.bottom
    )


def _with_the_others(
    page: OcrResult,
    lines: list[Piece],
    rows: list[list[_Part]],
) -> tuple[Line, ...]:
    """The rows as lines, and between them, where they were, the lines that have no place."""
    placed = {piece.number for piece in lines}
    found = [(n, line) for n, line in enumerate(page.lines) if n not in placed]
    for row in rows:
        found.append((row[0].number, Line(tuple(word for part in row for word in part.words))))
    return tuple(line for _, line in sorted(found, key=lambda each: each[0]))
