"""Reads one line of a photograph, and reads it anew when in doubt."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Final, NamedTuple

from PIL import Image

from ._geometry import Quad, flatten
from ._ground import ink_on_white
from ._spacing import split_spaced_digits
from ._tesserocr import SINGLE_LINE, TextReader

__all__ = ["LineReader", "Piece", "clarity"]

_STRIP_HEIGHT: Final = 48  # pixels; smaller text is enlarged, which halved the errors in Korean
# Pixels; strips twice as high and more are shrunk: Tesseract searched a texture, taken for one
# line, for minutes, and its own limit of time does not end that search.
_HIGH: Final = 96
_DOUBTFUL: Final = 0.8  # a line with a word of less confidence is read again; one in six is
_OTHER_HEIGHTS: Final = (36, 40)  # pixels, of small and large text: blur and noise shrink away
_MARGIN: Final = 0.05  # of the height: the detector cuts some strokes off


class Piece(NamedTuple):
    """A word and its corners in pixels of the region."""

    quad: Quad
    text: str
    confidence: float


def clarity(pieces: Iterable[Piece]) -> float:
    """Return the mean confidence of the pieces' characters, 0 when there are none."""
    pieces = list(pieces)
    letters = sum(len(piece.text) for piece in pieces)
    return sum(piece.confidence * len(piece.text) for piece in pieces) / max(letters, 1)


class LineReader:
    """Tesseract for single lines that lie in any quad; not safe across threads."""

    def __init__(self) -> None:
        self._reader = TextReader(SINGLE_LINE)

    def close(self) -> None:
        """Free the models."""
        self._reader.close()

    def give_up_at(self, end: float) -> None:
        """Set when reading ends with Refused, as `time.monotonic` tells it."""
        self._reader.end = end

    def read_once(self, image: Image.Image, quad: Quad) -> list[Piece]:
        """Return the words of a line."""
        return self._pieces(flatten(image, quad, _STRIP_HEIGHT), quad)

    def read(self, image: Image.Image, quad: Quad, known: list[Piece] | None = None) -> list[Piece]:
        """Return the words of a line, of a doubtful one by the clearest of up to three readings.

        `known` is what `read_once` returned of it. What Tesseract misreads at one size it often
        reads at another. This took away a third of the errors on photographs, turned pages and
        screenshots, for a fifth more readings.
        """
        pieces = self.read_once(image, quad) if known is None else known
        wider = quad.grown(_MARGIN)
        for height in _OTHER_HEIGHTS:
            if min((piece.confidence for piece in pieces), default=0.0) >= _DOUBTFUL:
                break
            strip = flatten(image, wider, _STRIP_HEIGHT)
            width = max(1, round(strip.width * height / strip.height))
            strip = strip.resize((width, height), Image.Resampling.LANCZOS)
            pieces = max(pieces, self._pieces(strip, wider), key=clarity)
        return pieces

    def _pieces(self, strip: Image.Image, quad: Quad) -> list[Piece]:
        pieces = []
        strip = strip.reduce(max(1, strip.height // _HIGH))
        for token in chain.from_iterable(
            map(split_spaced_digits, chain(*self._reader.read(ink_on_white(strip))))
        ):
            left, right = (x / strip.width for x in token.rectangle[::2])
            top, bottom = (y / strip.height for y in token.rectangle[1::2])
            pieces.append(Piece(quad.part(left, top, right, bottom), token.text, token.confidence))
        return pieces
