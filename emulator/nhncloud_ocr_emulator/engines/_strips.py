"""Lines of a page, cut out and brought to the height at which the models read best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageOps, ImageStat

from ._blanks import Blanks, blank_width
from ._likelihood import comma_read_as_digit, likelihood
from ._page import Page
from ._scripts import ScriptReader
from ._tesserocr import Rectangle, TextReader, Token

__all__ = ["find_strips", "page_blank", "read_strip"]

_HEIGHTS: Final = (36, 42, 31)  # pixels of a line; the others when the first leaves a doubt
_DOUBT: Final = 0.75  # a line with a word of less confidence is read again
_HOPELESS: Final = 0.5  # a line without a word of this confidence is not
_LARGEST: Final = 5  # times: smaller specks are no text
_MARGIN: Final = 0.125  # of the height, above and below: accents, and what the finder cut off
_SIDE: Final = 3  # pixels of the page
_TOUCHING: Final = 0.05  # of a line's height
_HALF: Final = 0.6
_GREY: Final = 128  # a darker ground is none
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
    lines: list[Rectangle] = []
    for line in found:
        if line.bottom <= line.top or line.right <= line.left:
            continue
        if lines and _is_one(lines[-1], line):
            line = Rectangle.around([lines.pop(), line])
        lines.append(line)
    return lines


def _is_one(line: Rectangle, following: Rectangle) -> bool:
    """Whether two lines are the upper and lower halves of one, as of a large word by itself."""
    heights = sorted(x.bottom - x.top for x in (line, following))
    across = min(line.right, following.right) - max(line.left, following.left)
    return (
        following.top - line.bottom <= _TOUCHING * heights[1]
        and following.bottom > line.bottom
        and heights[0] <= _HALF * heights[1]
        and across >= _HALF * min(line.right - line.left, following.right - following.left)
    )


def page_blank(lines: Sequence[Rectangle], page: Image.Image) -> float:
    """Return from what width on a gap of the page is a blank, in heights of a line."""
    height = _HEIGHTS[0]
    strips = (_cut_out(line, page, height)[0] for line in lines)
    return blank_width([width for strip in strips for width in Blanks(strip, height).widths()])


def read_strip(
    line: Rectangle, page: Image.Image, reader: ScriptReader, blank: float
) -> list[Token]:
    """Return the words of one line of a page, if in doubt by the clearest of three readings."""
    best: list[Token] = []
    readings: list[list[Token]] = []
    for height in _HEIGHTS:
        if best and max(token.confidence for token in best) < _HOPELESS:
            break  # a picture, or text that is turned
        readings.append(_read_at(height, line, page, reader, blank))
        best = max(best, readings[-1], key=_clarity)
        if best and all(
            token.confidence + min(likelihood(token.text), 0) >= _DOUBT for token in best
        ):
            break
    others = [token for tokens in readings for token in tokens]
    return [_with_comma(token, others) for token in best]


def _with_comma(token: Token, others: Sequence[Token]) -> Token:
    """Return an amount with its first comma, where one height lost it and one read a digit."""
    for other in others:
        for digit, nothing in ((token, other), (other, token)):
            if comma_read_as_digit(digit.text, nothing.text):
                start = next(i for i, letter in enumerate(digit.text) if letter.isdigit()) + 1
                return token._replace(
                    text=f"{digit.text[:start]},{digit.text[start + 1 :]}",
                    characters=digit.characters,
                    confidences=digit.confidences,
                )
    return token


def _cut_out(
    line: Rectangle, page: Image.Image, height: int
) -> tuple[Image.Image, Rectangle, float]:
    """Return a line of a page at a height, with where it was and how much it was scaled."""
    tall = line.bottom - line.top
    margin = max(2, round(_MARGIN * tall))
    box = Rectangle(
        max(line.left - _SIDE, 0),
        max(line.top - margin, 0),
        min(line.right + _SIDE, page.width),
        min(line.bottom + margin, page.height),
    )
    scale = min(height / tall, _LARGEST)
    strip = ImageOps.expand(_on_white(_scaled(page.crop(box), scale)), _WHITE, 255)
    return strip, box, scale


def _read_at(
    height: int, line: Rectangle, page: Image.Image, reader: ScriptReader, blank: float
) -> list[Token]:
    strip, box, scale = _cut_out(line, page, height)

    def on_page(rectangle: Rectangle) -> Rectangle:
        return Rectangle(
            *(
                round((x - _WHITE) / scale) + start
                for x, start in zip(rectangle, (box.left, box.top, box.left, box.top), strict=True)
            )
        )

    return [
        token._replace(
            rectangle=on_page(token.rectangle),
            characters=tuple(map(on_page, token.characters)),
        )
        for token in reader.read(strip, height, blank, again=height != _HEIGHTS[0])
    ]


def _on_white(strip: Image.Image) -> Image.Image:
    """Return a line with its own ground, that of a pale bubble for example, made white."""
    ground = ImageStat.Stat(strip).median[0]
    if not _GREY <= ground < 255:
        return strip
    return strip.point([min(round(tone * 255 / ground), 255) for tone in range(256)])


def _scaled(image: Image.Image, scale: float) -> Image.Image:
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.LANCZOS)


def _clarity(tokens: list[Token]) -> float:
    letters = sum(len(token.text) for token in tokens)
    return sum(
        (token.confidence + likelihood(token.text)) * len(token.text) for token in tokens
    ) / max(letters, 1)
