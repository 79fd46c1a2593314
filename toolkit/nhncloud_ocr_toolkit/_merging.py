"""The text of a long image once: slices overlap, and the service leaves what they share twice."""

from __future__ import annotations

from itertools import islice, pairwise
from typing import NamedTuple

from attrs import evolve
from nhncloud_ocr import Line, OcrResult, Quad, Word

from ._copies import copies
from ._geometry import Bounds, shifted
from ._overlaps import starts_of
from ._picture import Frame, ImageInput, open_picture
from ._sideways import merge_sideways
from ._slices import (
    ALIKE,
    Piece,
    SliceFrame,
    agreement,
    coincidences,
    frame_of,
    pieces_of,
    split,
    touches_most,
)

_CUT = 0.8  # a copy lower than this part of the other's height was cut through, and loses


class Merged(NamedTuple):
    """A page without doubled lines.

    `page` has all boxes in pixels of the whole image; its `slices` is None, so that merging it
    again changes nothing; `raw` and `attempts` are as they came. `frame` says what the reply's
    boxes counted from, "image" or "slice" (inferred from the reply). `dropped` is how many lines
    were left out because another one is their copy: words, where the image is wider than tall.
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

    An image wider than tall is taken to be cut side by side: there words are copies, and lines that
    run on in the next slice become one. `frame` as in `svg`: which way up the image is. Raises
    InvalidImageError, OSError.
    """
    width, height = open_picture(image).size(frame)
    if page.slices is None or page.slices < 2:
        return Merged(page, "image", 0)
    if width > height:
        return _with_lines(page, *merge_sideways(page, width))
    pieces = pieces_of(page.lines)
    pairs = coincidences(pieces)
    found = frame_of(pieces, pairs, height / page.slices)
    groups = split(pieces, pairs, min(page.slices, len(pieces)), found)
    if found == "slice":
        groups = _moved(groups, starts_of(groups, height, page.slices))
    dropped = {piece.number for upper, lower in pairwise(groups) for piece in copies(upper, lower)}
    if found == "image":
        dropped |= _out_of_order(pieces, dropped)
    placed = {piece.number: piece.line for group in groups for piece in group}
    lines = tuple(
        placed.get(index, line) for index, line in enumerate(page.lines) if index not in dropped
    )
    return _with_lines(page, lines, found, len(dropped))


def _out_of_order(pieces: list[Piece], dropped: set[int]) -> set[int]:
    """Copies that are left because the reply did not come slice by slice: the lower of two lines
    on the same place that read alike, or the later one."""
    left = sorted(
        (piece for piece in pieces if piece.number not in dropped),
        key=lambda piece: piece.box.top,
    )
    more: set[int] = set()
    for rank, one in enumerate(left):
        for other in islice(left, rank + 1, None):
            if other.box.top >= one.box.bottom:
                break
            if (
                {one.number, other.number}.isdisjoint(more)
                and touches_most(one.box, other.box)
                and agreement(one.text, other.text) >= ALIKE
            ):
                low = one.height < _CUT * other.height
                more.add(one.number if low else other.number)
    return more


def _with_lines(
    page: OcrResult,
    lines: tuple[Line, ...],
    frame: SliceFrame,
    dropped: int,
) -> Merged:
    boxes = tuple(tuple(word.box for word in line.words if word.box) for line in lines)
    return Merged(evolve(page, lines=lines, boxes=boxes, slices=None), frame, dropped)


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
