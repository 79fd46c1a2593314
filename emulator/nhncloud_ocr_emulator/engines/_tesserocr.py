"""All that the engines know of tesserocr: grey pixels in, lines of tokens with rectangles out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import pairwise
from math import inf
from pathlib import Path
from time import monotonic
from typing import Final, NamedTuple, Protocol, cast

from PIL import Image

from ..recognition import FAILED, Refused
from . import check_time

__all__ = ["SINGLE_BLOCK", "SINGLE_LINE", "Rectangle", "TextReader", "Token"]

SINGLE_BLOCK: Final = 6
SINGLE_LINE: Final = 7

_RESOLUTION: Final = 70  # dots an inch: the least that Tesseract believes

_MODELS: Final = Path(__file__).parent.parent / "models"
_TEXTLINE: Final = 2
_SYMBOL: Final = 4
_WORD: Final = 3


class _Layout(Protocol):
    """tesserocr.PyPageIterator."""

    def BoundingBox(self, level: int) -> tuple[int, int, int, int] | None: ...  # noqa: N802
    def Empty(self, level: int) -> bool: ...  # noqa: N802
    def Next(self, level: int) -> bool: ...  # noqa: N802


class _Cursor(_Layout, Protocol):
    """tesserocr.PyResultIterator."""

    def Confidence(self, level: int) -> float: ...  # noqa: N802
    def GetUTF8Text(self, level: int) -> str | None: ...  # noqa: N802
    def IsAtFinalElement(self, level: int, element: int) -> bool: ...  # noqa: N802


class _Api(Protocol):
    """tesserocr.PyTessBaseAPI."""

    def AnalyseLayout(self) -> _Layout | None: ...  # noqa: N802
    def Clear(self) -> None: ...  # noqa: N802
    def End(self) -> None: ...  # noqa: N802
    def GetIterator(self) -> _Cursor | None: ...  # noqa: N802
    def GetUTF8Text(self) -> str: ...  # noqa: N802
    def Recognize(self, timeout: int) -> bool: ...  # noqa: N802
    def SetPageSegMode(self, psm: int) -> None: ...  # noqa: N802
    def SetImageBytes(  # noqa: N802
        self, imagedata: bytes, width: int, height: int, bytes_per_pixel: int, bytes_per_line: int
    ) -> None: ...
    def SetSourceResolution(self, ppi: int) -> None: ...  # noqa: N802
    def SetVariable(self, name: str, value: str) -> bool: ...  # noqa: N802


class _Tesserocr(Protocol):
    def PyTessBaseAPI(self, *, path: str, lang: str, psm: int) -> _Api: ...  # noqa: N802


# Loaded by name: it ships no types, and an emulator without it still serves `fixture`.
_tesserocr = cast(_Tesserocr, import_module("tesserocr"))


class Rectangle(NamedTuple):
    """An upright rectangle in pixels, right and bottom not included."""

    left: int
    top: int
    right: int
    bottom: int

    @staticmethod
    def around(rectangles: Sequence[Rectangle]) -> Rectangle:
        """Return the smallest rectangle that holds them all, of which there is at least one."""
        lefts, tops, rights, bottoms = zip(*rectangles, strict=True)
        return Rectangle(min(lefts), min(tops), max(rights), max(bottoms))


class Token(NamedTuple):
    """Text between two blanks; `confidence` is in 0..1."""

    text: str
    confidence: float
    rectangle: Rectangle
    characters: tuple[Rectangle, ...]  # of each character; Tesseract is less exact about these
    confidences: tuple[float, ...]  # of each character, in 0..1


class _Symbol(NamedTuple):
    text: str
    confidence: float  # 0..100, of the word that Tesseract counts it to
    rectangle: Rectangle


class TextReader:
    """One Tesseract with Korean and English loaded, about 80 MB; not safe across threads.

    `end` is when it gives up, as `time.monotonic` tells it.
    """

    def __init__(
        self,
        page_segmentation: int,
        languages: str = "kor+eng",
        *,
        dark_on_light: bool = False,  # whether all that it will read surely is
    ) -> None:
        # tesserocr wants the separator at the end
        self._api = _tesserocr.PyTessBaseAPI(
            path=f"{_MODELS}/", lang=languages, psm=page_segmentation
        )
        self._page_segmentation = page_segmentation
        self.end = inf
        # Keeps the columns of a table apart in the text; words are the same without.
        self._api.SetVariable("preserve_interword_spaces", "1")
        if dark_on_light:
            # Else each line in doubt is read as light on dark too, in twice the time.
            self._api.SetVariable("invert_threshold", "0.0")

    def read(self, pixels: Image.Image) -> list[list[Token]]:
        """Return the lines of a grey (mode "L") image, dark on light, in reading order.

        Raises Refused with 5005003 after `end`.
        """
        check_time(self.end)
        width, height = pixels.size
        self._api.SetPageSegMode(self._page_segmentation)
        self._api.SetImageBytes(pixels.tobytes(), width, height, 1, width)
        # Without a resolution Tesseract guesses one, and prints its guess on stderr.
        self._api.SetSourceResolution(_RESOLUTION)
        try:
            if not self._api.Recognize(self._milliseconds()):
                raise Refused(FAILED, "reading took too long")
            cursor = self._api.GetIterator()
            lines = [] if cursor is None else list(_lines(cursor))
            if not lines:
                return []
            # Tesseract's own words are single Hangul syllables, and so is the text of its
            # iterators; only the text of the whole page has the true spacing.
            text = [line.split() for line in self._api.GetUTF8Text().splitlines()]
            return [
                tokens
                for words, symbols in zip(filter(None, text), lines, strict=False)
                if (tokens := _apart(list(_tokens(words, symbols))))
            ]
        finally:
            self._api.Clear()

    def find_lines(self, pixels: Image.Image) -> list[Rectangle]:
        """Return where lines of dark text on a light ground are, without reading them."""
        width, height = pixels.size
        # One block of text, never Tesseract's own page layout, which loses Korean lines.
        self._api.SetPageSegMode(SINGLE_BLOCK)
        self._api.SetImageBytes(pixels.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(_RESOLUTION)
        try:
            cursor = self._api.AnalyseLayout()
            lines = []
            more = cursor is not None and not cursor.Empty(_TEXTLINE)
            while cursor is not None and more:
                rectangle = cursor.BoundingBox(_TEXTLINE)
                if rectangle is not None:
                    lines.append(Rectangle(*rectangle))
                more = cursor.Next(_TEXTLINE)
            return lines
        finally:
            self._api.Clear()

    def close(self) -> None:
        """Free the models."""
        self._api.End()

    def _milliseconds(self) -> int:
        """Return how many are left, 0 if there is no end."""
        return 0 if self.end == inf else max(1, round(1000 * (self.end - monotonic())))


def _lines(cursor: _Cursor) -> Iterator[list[_Symbol]]:
    """Yield each line's symbols, no line empty."""
    line: list[_Symbol] = []
    more = not cursor.Empty(_SYMBOL)
    while more:
        rectangle = cursor.BoundingBox(_SYMBOL)
        if rectangle is not None:
            text = cursor.GetUTF8Text(_SYMBOL) or ""
            line.append(_Symbol(text, cursor.Confidence(_WORD), Rectangle(*rectangle)))
        ended = cursor.IsAtFinalElement(_TEXTLINE, _SYMBOL)
        more = cursor.Next(_SYMBOL)
        if line and (ended or not more):
            yield line
            line = []


def _tokens(words: list[str], symbols: list[_Symbol]) -> Iterator[Token]:
    """Give a line's words the rectangles of its symbols: both spell the same characters."""
    by_character = [symbol for symbol in symbols for _ in "".join(symbol.text.split())]
    start = 0
    for text in words:
        own = by_character[start : start + len(text)]
        start += len(text)
        if own:
            confidences = tuple(min(max(symbol.confidence / 100, 0.0), 1.0) for symbol in own)
            characters = tuple(symbol.rectangle for symbol in own)
            yield Token(
                text,
                sum(confidences) / len(own),
                Rectangle.around(characters),
                characters,
                confidences,
            )


def _apart(tokens: list[Token]) -> list[Token]:
    """End each token where the next begins: Tesseract gives some a symbol as wide as the rest."""
    for index, (token, following) in enumerate(pairwise(tokens)):
        left, top, right, bottom = token.rectangle
        if left < following.rectangle.left < right:
            trimmed = Rectangle(left, top, following.rectangle.left, bottom)
            tokens[index] = token._replace(rectangle=trimmed)
    return tokens
