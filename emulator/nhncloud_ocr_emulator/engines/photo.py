"""The `photo` engine: finds turned and skewed lines, and has Tesseract read them one by one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final

from PIL import Image

from .._images import Picture
from ..recognition import Word
from . import Line, Region, check_time
from ._geometry import Quad, box_inside, in_lines
from ._line_reader import LineReader, Piece, clarity
from ._rapidocr import LineDetector

__all__ = ["PhotoEngine"]

_SAMPLES: Final = 3  # lines read each way up, to find out which way that is
_UPRIGHT: Final = 0.85  # clarity that proves a way up; upside down, lines have 0.2 to 0.5
_LONG: Final = 1.5  # times as long as wide: a shorter quad may be one character, taller than wide


class PhotoEngine:
    """Reads photographed, tilted and turned text; several times slower than `tesseract`."""

    def __init__(self) -> None:
        self._models: tuple[LineDetector, LineReader] | None = None

    def load(self) -> None:
        """Load detector and languages."""
        if self._models is None:
            self._models = LineDetector(), LineReader()

    def close(self) -> None:
        """Give the models' memory back."""
        if self._models is not None:
            self._models[1].close()
            self._models = None

    def read(self, picture: Picture, digest: bytes, region: Region, end: float) -> list[Line]:
        """Return the lines of text in the region, which may be tilted, or turned as a whole.

        Corners start at the top left of the text's own direction: of text that stands on its
        head, at the bottom right of the picture. Raises Refused with 5005003 after `end`.
        """
        if self._models is None:
            raise RuntimeError("load() the engine first")
        detector, reader = self._models
        reader.give_up_at(end)
        image = region.of(picture.pixels)
        quads, known = _turned_to_text(detector.detect(image), image, reader)
        read = []
        for index, quad in enumerate(quads):
            check_time(end)
            if pieces := reader.read(image, quad, known.get(index)):
                read.append((quad, pieces))
        lines = in_lines(read)

        def word(piece: Piece) -> Word:
            box = box_inside(piece.quad.shifted(region.left, region.top), picture.pixels.size)
            return Word(piece.text, round(piece.confidence, 2), box)

        return [tuple(word(piece) for _, pieces in line for piece in pieces) for line in lines]


def _turned_to_text(
    quads: Sequence[Quad], image: Image.Image, reader: LineReader
) -> tuple[Sequence[Quad], dict[int, list[Piece]]]:
    """Turn the quads' corners to the direction that the page's text is read in.

    A few of the longest are read each way up, for the clearest way. Returns what was read of
    them, too, by their index.
    """
    ways = _ways(quads)
    widths = [quad.turned(ways[0]).width for quad in quads]
    longest = sorted(range(len(quads)), key=lambda index: -widths[index])[:_SAMPLES]
    samples: dict[int, dict[int, list[Piece]]] = {}
    clear: dict[int, float] = {}
    for way in ways:
        samples[way] = {i: reader.read_once(image, quads[i].turned(way)) for i in longest}
        clear[way] = clarity(chain.from_iterable(samples[way].values()))
        # Of lines, the first that is clear will do; single characters may be clear in two ways.
        if clear[way] >= _UPRIGHT and len(ways) == 2:
            break
    best = max(clear, key=clear.__getitem__)
    return [quad.turned(best) for quad in quads], samples[best]


def _ways(quads: Sequence[Quad]) -> Sequence[int]:
    """Return by how many quarters the page may be turned, as far as the quads' shapes tell.

    The detector's corners begin at the picture's top left, whichever way the text runs.
    """
    lying = sum(
        quad.width - quad.height
        for quad in quads
        if max(quad.width, quad.height) >= _LONG * min(quad.width, quad.height)
    )
    if not lying:
        return (0, 1, 2, 3)
    return (0, 2) if lying > 0 else (1, 3)
