"""The text of a long image once: slices overlap, and the service leaves what they share twice."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from attrs import evolve
from nhncloud_ocr import Line, OcrResult, Quad, Word

from ._geometry import Bounds, shifted
from ._overlaps import starts_of
from ._picture import Frame, ImageInput, open_picture
from ._slices import (
    MOSTLY,
    Piece,
    SliceFrame,
    coincidences,
    frame_of,
    pieces_of,
    split,
    touches_most,
)

_AT_EDGE = 0.2  # of its height: how far a line may lie from the last (or first) one's edge
_CUT = 0.8  # a copy lower than this part of the other's height was cut through, and loses


class Merged(NamedTuple):
    """A page without doubled lines.

    `page` has all boxes in pixels of the whole image; its `slices` is None, so that merging it
    again changes nothing; `raw` and `attempts` are as they came. `frame` says what the reply's
    boxes counted from, "image" or "slice" (inferred from the reply). `dropped` is how many lines
    were left out because another one is their copy.
    """

    page: OcrResult
    frame: SliceFrame
    dropped: int


def merge_slices(page: OcrResult, image: ImageInput, *, frame: Frame = "upright") -> Merged:
    """The page of `recognize_cropping` with the text of its slices' overlaps once.

    Lines are copies of each other if they lie on the same place of the image and read alike, so
    that equal lines that follow each other stay; of two copies the one further from its slice's
    edge is kept. Where boxes count from their slice, the slices' places are found by the lines that
    two of them share, and boxes are moved to the whole image's pixels: inferred, as is everything
    about where the service cuts. Lines with a word without a box are kept where they are.

    Images that are cut side by side, wider than tall, are given back as they are. `frame` as in
    `svg`: which way up the image is. Raises InvalidImageError, OSError.
    """
    width, height = open_picture(image).size(frame)
    if page.slices is None or page.slices < 2 or width > height:
        return Merged(page, "image", 0)
    pieces = pieces_of(page.lines)
    pairs = coincidences(pieces)
    found = frame_of(pieces, pairs, height / page.slices)
    groups = split(pieces, pairs, min(page.slices, len(pieces)), found)
    if found == "slice":
        groups = _moved(groups, starts_of(groups, height, page.slices))
    dropped = {
        piece.number for upper, lower in _neighbours(groups) for piece in _copies(upper, lower)
    }
    placed = {piece.number: piece.line for group in groups for piece in group}
    lines = tuple(
        placed.get(index, line) for index, line in enumerate(page.lines) if index not in dropped
    )
    boxes = tuple(tuple(word.box for word in line.words if word.box) for line in lines)
    return Merged(evolve(page, lines=lines, boxes=boxes, slices=None), found, len(dropped))


def _neighbours(groups: list[list[Piece]]) -> list[tuple[list[Piece], list[Piece]]]:
    return list(pairwise(groups))


def _moved(groups: list[list[Piece]], starts: list[float]) -> list[list[Piece]]:
    """The groups with their lines in pixels of the whole image."""
    return [
        [_moved_piece(piece, start) for piece in group]
        for group, start in zip(groups, starts, strict=True)
    ]


def _moved_piece(piece: Piece, start: float) -> Piece:
    if not start:
        return piece
    step = round(start) if all(_whole(word.box) for word in piece.line.words) else start
    words = [
        Word(word.text, word.confidence, word.box and shifted(word.box, step))
        for word in piece.line.words
    ]
    left, top, right, bottom = piece.box
    return piece._replace(
        line=Line(tuple(words)), box=Bounds(left, top + step, right, bottom + step)
    )


def _whole(box: Quad | None) -> bool:
    return box is None or all(isinstance(y, int) for y in (box.y1, box.y2, box.y3, box.y4))


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


def _copies(upper: list[Piece], lower: list[Piece]) -> list[Piece]:
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
