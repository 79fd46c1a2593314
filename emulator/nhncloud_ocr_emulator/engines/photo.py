"""The `photo` engine: finds turned and skewed lines, and has Tesseract read them one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from PIL import Image

from .._images import Picture
from ..recognition import Word
from . import Line, Region
from ._geometry import Quad, box_inside, flatten, in_lines
from ._rapidocr import LineDetector
from ._tesserocr import SINGLE_LINE, TextReader, Token

__all__ = ["PhotoEngine"]

_STRIP_HEIGHT: Final = 48  # pixels; smaller text is enlarged, which halved the errors in Korean
_SAMPLES: Final = 3  # lines read both ways up, to find out which way that is


class _Piece(NamedTuple):
    """A word and its corners in pixels of the region."""

    quad: Quad
    text: str
    confidence: float


class PhotoEngine:
    """Reads photographed, tilted and turned text; several times slower than `tesseract`."""

    def __init__(self) -> None:
        self._models: tuple[LineDetector, TextReader] | None = None

    def load(self) -> None:
        """Load detector and languages."""
        if self._models is None:
            self._models = LineDetector(), TextReader(SINGLE_LINE)

    def close(self) -> None:
        """Give the models' memory back."""
        if self._models is not None:
            self._models[1].close()
            self._models = None

    def read(self, picture: Picture, digest: bytes, region: Region) -> list[Line]:
        """Return the lines of text in the region, which may be tilted, or turned as a whole.

        Corners start at the top left of the text's own direction: of text that stands on its
        head, at the bottom right of the picture.
        """
        if self._models is None:
            raise RuntimeError("load() the engine first")
        detector, reader = self._models
        image = picture.pixels.crop(region)
        quads = _turned_to_text(detector.detect(image), image, reader)
        read = ((quad, _read(image, quad, reader)) for quad in quads)
        lines = in_lines((quad, pieces) for quad, pieces in read if pieces)

        def word(piece: _Piece) -> Word:
            box = box_inside(piece.quad.shifted(region.left, region.top), picture.pixels.size)
            return Word(piece.text, round(piece.confidence, 2), box)

        return [tuple(word(piece) for _, pieces in line for piece in pieces) for line in lines]


def _turned_to_text(quads: Sequence[Quad], image: Image.Image, reader: TextReader) -> Sequence[Quad]:
    """Turn the quads' corners to the direction that the page's text is read in."""
    upright = sum(quad.width - quad.height for quad in quads) >= 0
    ways = [[quad.turned(quarters) for quad in quads] for quarters in ((0, 2) if upright else (1, 3))]
    longest = sorted(range(len(quads)), key=lambda index: -ways[0][index].width)[:_SAMPLES]

    def clarity(way: list[Quad]) -> float:
        pieces = [piece for index in longest for piece in _read(image, way[index], reader)]
        letters = sum(len(piece.text) for piece in pieces)
        return sum(piece.confidence * len(piece.text) for piece in pieces) / max(letters, 1)

    return max(ways, key=clarity)


def _read(image: Image.Image, quad: Quad, reader: TextReader) -> list[_Piece]:
    """Read one line."""
    strip = flatten(image, quad, _STRIP_HEIGHT)

    def piece(token: Token) -> _Piece:
        left, right = (x / strip.width for x in token.rectangle[::2])
        top, bottom = (y / strip.height for y in token.rectangle[1::2])
        return _Piece(quad.part(left, top, right, bottom), token.text, token.confidence)

    return [piece(token) for line in reader.read(strip) for token in line]
