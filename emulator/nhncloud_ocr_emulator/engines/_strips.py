"""Lines of a page, cut out and brought to the height at which the models read best."""

from __future__ import annotations

from typing import Final

from PIL import Image, ImageOps

from ._page import Page
from ._scripts import ScriptReader
from ._tesserocr import Rectangle, TextReader, Token

__all__ = ["find_strips", "read_strip"]

_HEIGHTS: Final = (36, 42, 31)  # pixels of a line; the others when the first leaves a doubt
_DOUBT: Final = 0.75  # a line with a word of less confidence is read again
_LARGEST: Final = 5  # times: smaller specks are no text
_MARGIN: Final = 0.125  # of the height, above and below: accents, and what the finder cut off
_SIDE: Final = 3  # pixels of the page
_WHITE: Final = 10  # pixels around a strip
_FOUND_AT: Final = (14, 28)  # pixels of text that lines are found in best
_SCALED_TO: Final = 22


def find_strips(page: Page, finder: TextReader) -> list[Rectangle]:
    """Return where the lines of a page are, in reading order, in its pixels."""
    height = page.text_height
    scale = 1.0
    if height and not _FOUND_AT[0] <= height <= _FOUND_AT[1]:
        scale = min(_SCALED_TO / height, 4.0)
    pixels = page.pixels if scale == 1 else _scaled(page.pixels, scale)
    found = (Rectangle(*(round(x / scale) for x in line)) for line in finder.find_lines(pixels))
    return [line for line in found if line.bottom > line.top and line.right > line.left]


def read_strip(line: Rectangle, page: Image.Image, reader: ScriptReader) -> list[Token]:
    """Return the words of one line of a page, if in doubt by the clearest of three readings."""
    best: list[Token] = []
    for height in _HEIGHTS:
        best = max(best, _read_at(height, line, page, reader), key=_clarity)
        if best and min(token.confidence for token in best) >= _DOUBT:
            break
    return best


def _read_at(height: int, line: Rectangle, page: Image.Image, reader: ScriptReader) -> list[Token]:
    tall = line.bottom - line.top
    margin = max(2, round(_MARGIN * tall))
    left, top = max(line.left - _SIDE, 0), max(line.top - margin, 0)
    box = (left, top, min(line.right + _SIDE, page.width), min(line.bottom + margin, page.height))
    scale = min(height / tall, _LARGEST)
    strip = ImageOps.expand(_scaled(page.crop(box), scale), _WHITE, 255)

    def on_page(rectangle: Rectangle) -> Rectangle:
        return Rectangle(
            *(
                round((x - _WHITE) / scale) + start
                for x, start in zip(rectangle, (left, top, left, top), strict=True)
            )
        )

    return [
        token._replace(
            rectangle=on_page(token.rectangle),
            characters=tuple(map(on_page, token.characters)),
        )
        for token in reader.read(strip, height)
    ]


def _scaled(image: Image.Image, scale: float) -> Image.Image:
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.LANCZOS)


def _clarity(tokens: list[Token]) -> float:
    letters = sum(len(token.text) for token in tokens)
    return sum(token.confidence * len(token.text) for token in tokens) / max(letters, 1)
