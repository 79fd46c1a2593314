"""The `tesseract` engine: tesserocr, Korean and English, on language data that ships with us."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .._images import Picture
from ..recognition import Word
from . import Line, Region, check_time
from ._characters import is_hangul
from ._doubts import letters_in, without_doubtful
from ._geometry import Quad, box_inside
from ._line_finder import find_lines
from ._page import Page, prepare
from ._scripts import ScriptReader
from ._strips import cut_lines, read_strip
from ._tesserocr import Token

__all__ = ["TesseractEngine"]

# How these were chosen: docs/decisions/reading-by-script.md.
_SURE: Final = 0.8  # a picture without a word of this confidence has no text
_SURE_ALONE: Final = 0.9  # the same for a word of one letter or digit
_TURNED: Final = 0.7  # a page of less confidence may stand on its head, or on its side
_UPRIGHT: Final = 0.8  # and stands so, if a few lines have this
_SAMPLES: Final = 3  # lines
_LETTERS: Final = 10  # that stand in words of at least so many
_WORD: Final = 3
_MISSED: Final = 6  # characters of a line without any


class TesseractEngine:
    """Reads text that is printed or on a screen; turned by a few degrees, or by quarters."""

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

    @property
    def _loaded(self) -> ScriptReader:
        if self._reader is None:
            raise RuntimeError("load() the engine first")
        return self._reader

    def read(self, picture: Picture, digest: bytes, region: Region, end: float) -> list[Line]:
        """Return the lines of text in the region, without words that are hardly any.

        Raises Refused with 5005003 after `end`.
        """
        self._loaded.give_up_at(end)
        grey = region.of(picture.pixels)
        page = prepare(grey)
        lines = self._read(page, end)
        if page.text_height and _clarity(lines) < _TURNED:
            for quarters in (2, 1, 3):
                turned = prepare(grey, quarters)
                if _is_upright(self._sample(turned)):
                    page, lines = turned, self._read(turned, end)
                    break
        words = [
            tuple(
                _word(token, page, region, picture.pixels.size) for token in without_doubtful(line)
            )
            for line in lines
        ]
        sure = any(_is_sure(word) for line in words for word in line)
        return list(filter(None, words)) if sure else []

    def _read(self, page: Page, end: float) -> list[list[Token]]:
        """Return all that may be words on a page, line by line, until the time ends."""
        reader = self._loaded
        places = find_lines(page, reader)
        cuts, blank = cut_lines(places, page.pixels)
        lines: list[list[Token]] = []
        latin = False  # whether the line before is Latin: the next one often is
        for place, cut in zip(places, cuts, strict=True):
            check_time(end)
            tokens = read_strip(place, cut, page.pixels, reader, blank, latin_first=latin)
            latin = bool(tokens) and not any(is_hangul(x) for token in tokens for x in token.text)
            lines.append(tokens)
        return lines

    def _sample(self, page: Page) -> list[list[Token]]:
        """Return what may be words in a few lines of a page, the longest ones."""
        places = find_lines(page, self._loaded)
        longest = sorted(places, key=lambda line: line.left - line.right)[:_SAMPLES]
        cuts, blank = cut_lines(longest, page.pixels)
        return [
            read_strip(line, cut, page.pixels, self._loaded, blank, latin_first=False)
            for line, cut in zip(longest, cuts, strict=True)
        ]


def _is_upright(lines: Sequence[Sequence[Token]]) -> bool:
    """Whether lines are surely read, and words: columns of signs are on any page, read across."""
    letters = sum(
        len(token.text)
        for line in lines
        for token in line
        if len(token.text) >= _WORD and token.confidence >= _UPRIGHT
    )
    return letters >= _LETTERS and _clarity(lines) >= _UPRIGHT


def _clarity(lines: Sequence[Sequence[Token]]) -> float:
    """Return the mean confidence of characters, those of lines without any counted as missed."""
    confidences = [token.confidence for line in lines for token in line for _ in token.text]
    missed = sum(_MISSED for line in lines if not line)
    return sum(confidences) / max(len(confidences) + missed, 1)


def _is_sure(word: Word) -> bool:
    """Whether a word is surely one: woods, walls and stars give single signs, and poor words."""
    letters = letters_in(word.text)
    return word.confidence >= (_SURE if letters > 1 else _SURE_ALONE) and letters > 0


def _word(token: Token, page: Page, region: Region, size: tuple[int, int]) -> Word:
    left, top, right, bottom = token.rectangle
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    quad = Quad(*(page.original(x, y) for x, y in corners))
    box = box_inside(quad.shifted(region.left, region.top), size)
    return Word(token.text, round(token.confidence, 2), box)
