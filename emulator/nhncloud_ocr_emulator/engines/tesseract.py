"""The `tesseract` engine: tesserocr, Korean and English, on language data that ships with us."""

from __future__ import annotations

from .._images import Picture
from ..recognition import Word
from . import Line, Region
from ._geometry import Quad, box_inside
from ._tesserocr import SINGLE_BLOCK, TextReader, Token

__all__ = ["TesseractEngine"]


class TesseractEngine:
    """Reads upright text, printed or on a screen."""

    def __init__(self) -> None:
        self._reader: TextReader | None = None

    def load(self) -> None:
        """Load both languages, about 80 MB of memory."""
        if self._reader is None:
            # One block of text, never Tesseract's own page layout, which loses Korean lines.
            self._reader = TextReader(SINGLE_BLOCK)

    def close(self) -> None:
        """Give the models' memory back."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def read(self, picture: Picture, digest: bytes, region: Region) -> list[Line]:
        """Return the lines of text in the region."""
        if self._reader is None:
            raise RuntimeError("load() the engine first")
        lines = self._reader.read(picture.pixels.crop(region))

        def word(token: Token) -> Word:
            left, top, right, bottom = token.rectangle
            quad = Quad((left, top), (right, top), (right, bottom), (left, bottom))
            box = box_inside(quad.shifted(region.left, region.top), picture.pixels.size)
            return Word(token.text, round(token.confidence, 2), box)

        return [tuple(map(word, line)) for line in lines]
