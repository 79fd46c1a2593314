"""A page as every export with places sees it: clean words with boxes, the rest counted.

A word is placed when it has a box whose numbers are within an image's reach. The text of the others
stays in the file where the format has room for text without a place, and their number is said
twice: in the file, and by a `PlacementWarning`.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

from nhncloud_ocr import OcrResult, Quad

from ._clean import clean
from ._geometry import Bounds, reach
from ._picture import Frame, ImageInput, Picture, open_picture


class PlacementWarning(UserWarning):
    """Some words of a page have no box, so that an export could not place them.

    `count` says how many.
    """

    def __init__(self, count: int, export: str) -> None:
        super().__init__(count, export)
        self.count = count
        self.export = export

    def __str__(self) -> str:
        words = "word has" if self.count == 1 else "words have"
        return f"{self.export}: {self.count} {words} no box in the reply and could not be placed"


class Item(NamedTuple):
    """A word: clean text without blanks around it, confidence 0..1, its box or None, and the
    upright rectangle around that."""

    text: str
    confidence: float
    box: Quad | None
    bounds: Bounds | None


class Sheet(NamedTuple):
    """A page's lines on its picture; `width` and `height` are pixels of the boxes' frame."""

    picture: Picture
    width: int
    height: int
    lines: list[list[Item]]
    unplaced: int


def lay(page: OcrResult, image: ImageInput | Picture, frame: Frame = "upright") -> Sheet:
    """The page's lines as items, on the picture; lines without a word are left out.

    `frame`: which pixels the boxes count in when EXIF turns the image; see `Picture.size`.
    """
    picture = open_picture(image)
    width, height = picture.size(frame)
    lines, unplaced = [], 0
    for line in page.lines:
        items = []
        for word in line.words:
            bounds = reach(word.box)
            box = word.box if bounds else None
            unplaced += bounds is None
            items.append(Item(clean(word.text).strip(), word.confidence, box, bounds))
        if items:
            lines.append(items)
    return Sheet(picture, width, height, lines, unplaced)


def warn_unplaced(sheet: Sheet, export: str, depth: int = 3) -> None:
    """Say how many words have no place, to the caller of the export."""
    if sheet.unplaced:
        warnings.warn(PlacementWarning(sheet.unplaced, export), stacklevel=depth)


def placed_boxes(page: OcrResult) -> list[list[Quad]]:
    """Each line's boxes that can be placed, in order."""
    return [
        [word.box for word in line.words if word.box and reach(word.box)] for line in page.lines
    ]
