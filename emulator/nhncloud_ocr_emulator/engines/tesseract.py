"""The `tesseract` engine: tesserocr, Korean and English, on language data that ships with us."""

from __future__ import annotations

from time import monotonic
from typing import Final

from .._images import Picture
from ..recognition import FAILED, Refused, Word
from . import TIME_LIMIT, Line, Region
from ._blanks import is_hangul
from ._geometry import Quad, box_inside
from ._page import Page, prepare
from ._scripts import ScriptReader
from ._strips import cut_lines, find_strips, read_strip
from ._tesserocr import Token

__all__ = ["TesseractEngine"]

# How these were chosen: the decision on thresholds.
_DOUBTFUL: Final = 0.55  # words of less confidence are dropped
_SURE: Final = 0.8  # a picture without a word of this confidence has no text
_SURE_ALONE: Final = 0.9  # the same for a word of one letter or digit


class TesseractEngine:
    """Reads text that is printed or on a screen, turned by a few degrees at most."""

    def __init__(self) -> None:
        self._reader: ScriptReader | None = None

    def load(self) -> None:
        """Load the model of each language."""
        if self._reader is None:
            self._reader = ScriptReader()

    def close(self) -> None:
        """Give the models' memory back."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def read(self, picture: Picture, digest: bytes, region: Region) -> list[Line]:
        """Return the lines of text in the region, without words that are hardly any.

        Raises Refused with 5005003 after 60 seconds.
        """
        if self._reader is None:
            raise RuntimeError("load() the engine first")
        end = monotonic() + TIME_LIMIT
        page = prepare(region.of(picture.pixels))
        lines = []
        strips = find_strips(page, self._reader)
        cuts, blank = cut_lines(strips, page.pixels)
        latin = False  # whether the line before is Latin: the next one often is
        for strip, cut in zip(strips, cuts, strict=True):
            if monotonic() > end:
                raise Refused(FAILED)
            tokens = read_strip(strip, cut, page.pixels, self._reader, blank, latin_first=latin)
            latin = bool(tokens) and not any(is_hangul(x) for token in tokens for x in token.text)
            words = [
                _word(token, page, region, picture.pixels.size)
                for token in tokens
                if token.confidence >= _DOUBTFUL
            ]
            if words:
                lines.append(tuple(words))
        return lines if any(_is_sure(word) for line in lines for word in line) else []


def _is_sure(word: Word) -> bool:
    """Whether a word is surely one: woods, walls and stars give single signs, and poor words."""
    letters = sum(x.isalnum() and not "\u3130" <= x <= "\u318f" for x in word.text)  # no jamo
    return word.confidence >= (_SURE if letters > 1 else _SURE_ALONE) and letters > 0


def _word(token: Token, page: Page, region: Region, size: tuple[int, int]) -> Word:
    left, top, right, bottom = token.rectangle
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    quad = Quad(*(page.original(x, y) for x, y in corners))
    box = box_inside(quad.shifted(region.left, region.top), size)
    return Word(token.text, round(token.confidence, 2), box)
