"""Lines of a page, cut out and brought to the height at which the models read best."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise
from typing import Final, NamedTuple

from PIL import Image, ImageOps

from ._blanks import Blanks, blank_width, is_hangul, least_blank
from ._clearest import with_comma
from ._components import tones
from ._likelihood import likelihood
from ._page import Page
from ._scripts import ScriptReader
from ._tesserocr import Rectangle, Token

__all__ = ["Cut", "cut_lines", "find_strips", "read_strip"]

_HEIGHT: Final = 36  # pixels of a line
_OTHER_HEIGHTS: Final = (31,)  # of words that the first leaves in doubt
_DOUBT: Final = 0.75  # a word of less confidence is read again
_HOPELESS: Final = 0.5  # a line without a word of this confidence is not
_LARGEST: Final = 5  # times: smaller specks are no text
_MARGIN: Final = 0.125  # of the height, above and below: accents, and what the finder cut off
_SIDE: Final = 3  # pixels of the page
_TOUCHING: Final = 0.07  # of a line's height
_HALF: Final = 0.6
_LOWER_HALF: Final = 0.67  # of the upper one's height
_AS_USUAL: Final = 1.1  # times the usual height of lines
_FEW: Final = 3  # lines tell nothing of what is usual
_CROSSED: Final = 0.04  # of two lines' width, that strokes of one line cross
_INK: Final = 128
_GREY: Final = 128  # a darker ground is none
_HELD: Final = 24_000_000  # bytes of lines that are cut out before the first is read
_WHITE: Final = 10  # pixels around a strip
_FOUND_AT: Final = (14, 28)  # pixels of text that lines are found in best
_SCALED_TO: Final = 22
_MAX_PIXELS: Final = 64_000_000  # in which they are looked for; each is there four times


def find_strips(page: Page, finder: ScriptReader) -> list[Rectangle]:
    """Return where the lines of a page are, in reading order, in its pixels."""
    height = page.text_height
    scale = 1.0
    if height and not _FOUND_AT[0] <= height <= _FOUND_AT[1]:
        room = math.sqrt(_MAX_PIXELS / (page.pixels.width * page.pixels.height))
        scale = min(_SCALED_TO / height, 4.0, max(room, 1.0))
    pixels = page.pixels if scale == 1 else _scaled(page.pixels, scale)
    found = [Rectangle(*(round(x / scale) for x in line)) for line in finder.find_lines(pixels)]
    found = [line for line in found if line.bottom > line.top and line.right > line.left]
    heights = sorted(line.bottom - line.top for line in found)
    usual = heights[3 * len(heights) // 4] if len(heights) > _FEW else 0  # halves are lower
    lines: list[Rectangle] = []
    for line in found:
        if lines and (_is_in(lines[-1], line) or _is_one(lines[-1], line, usual, page.pixels)):
            line = Rectangle.around([lines.pop(), line])
        lines.append(line)
    return lines


def _is_in(line: Rectangle, following: Rectangle) -> bool:
    """Whether a line is a part of the one before it, as the lower half of a large letter."""
    return (
        line.left - _SIDE <= following.left
        and following.right <= line.right + _SIDE
        and line.top <= following.top
        and following.bottom <= line.bottom
    )


def _is_one(line: Rectangle, following: Rectangle, usual: int, page: Image.Image) -> bool:
    """Whether two lines are the upper and lower halves of one, as of a large word by itself.

    Halves are if no stroke crosses them too, where both together are as high as `usual` lines.
    """
    heights = sorted(x.bottom - x.top for x in (line, following))
    left, right = max(line.left, following.left), min(line.right, following.right)
    narrower = min(line.right - line.left, following.right - following.left)
    return (
        following.top - line.bottom <= _TOUCHING * heights[1]
        and following.bottom > line.bottom
        and right - left >= _HALF * narrower
        and (
            heights[0] <= _LOWER_HALF * heights[1]
            or following.bottom - line.top <= _AS_USUAL * usual
            or _crossing(page, (line.bottom + following.top) // 2, left, right) >= _CROSSED
        )
    )


def _crossing(page: Image.Image, row: int, left: int, right: int) -> float:
    """Return how much of a row, between two columns, ink crosses."""
    if not 0 < row < page.height:
        return 0.0
    ink = tones(page.crop((left, row - 1, right, row + 1))) < _INK
    return float(ink.all(axis=0).mean())


class Cut(NamedTuple):
    """A part of a page at a height."""

    strip: Image.Image
    height: int
    box: Rectangle  # where it was
    scale: float  # by how much it was enlarged
    blanks: Blanks


def cut_lines(lines: Sequence[Rectangle], page: Image.Image) -> tuple[list[Cut | None], float]:
    """Cut the lines out of a page, and tell from what width on a gap of it is a blank.

    That is in heights of a line. Of a page with very much text some lines come as None: they would
    take too much memory at one time.
    """
    cuts: list[Cut | None] = []
    widths: list[float] = []
    held = 0
    for line in lines:
        cut = _cut_out(_with_sides(line), page, _HEIGHT)
        widths += cut.blanks.widths()
        held += cut.strip.width * cut.strip.height
        cuts.append(cut if held <= _HELD else None)
    return cuts, blank_width(widths)


def read_strip(
    line: Rectangle,
    cut: Cut | None,
    page: Image.Image,
    reader: ScriptReader,
    blank: float,
    *,
    latin_first: bool,
) -> list[Token]:
    """Return the words of one line of a page, those in doubt by the clearest of three readings.

    Args:
        line: Where it is.
        cut: What `cut_lines` made of it.
        page: Grey, dark on white.
        reader: The models.
        blank: From what width on a gap is a blank, as `cut_lines` tells it.
        latin_first: Whether the English model is asked first.
    """
    whole = _with_sides(line)
    cut = cut or _cut_out(whole, page, _HEIGHT)
    tokens = _read(cut, reader, blank, latin_first=latin_first)
    if not any(token.confidence >= _HOPELESS or likelihood(token.text) > 0 for token in tokens):
        return tokens  # a picture, or text that is turned
    between = (b.rectangle.left - a.rectangle.right for a, b in pairwise(tokens))
    tall = line.bottom - line.top
    blank = max(blank, least_blank([width / tall for width in between]))
    result: list[Token] = []
    for sure, group in groupby(enumerate(tokens), lambda pair: _is_sure(pair[1])):
        indices = [index for index, _ in group]
        words = tokens[indices[0] : indices[-1] + 1]
        if not sure:
            left, right = whole.left, whole.right
            if indices[0]:
                left = _between(tokens, indices[0])
            if indices[-1] + 1 < len(tokens):
                right = max(_between(tokens, indices[-1] + 1), left + 1)
            place = line._replace(left=left, right=right)
            words = _read_again(words, place, page, reader, blank)
        result += words
    return result


def _with_sides(line: Rectangle) -> Rectangle:
    """Return the place of a line with what the finder cut off at its ends."""
    return line._replace(left=line.left - _SIDE, right=line.right + _SIDE)


def _is_sure(token: Token) -> bool:
    return token.confidence + min(likelihood(token.text), 0) >= _DOUBT


def _between(tokens: Sequence[Token], index: int) -> int:
    """Return the column in the middle between a word and the one before it."""
    before, after = tokens[index - 1].rectangle, tokens[index].rectangle
    return (min(before.right, after.left) + after.left) // 2


def _read_again(
    words: list[Token], place: Rectangle, page: Image.Image, reader: ScriptReader, blank: float
) -> list[Token]:
    """Return doubtful words that stand together by the clearest of three readings."""
    latin = not any(is_hangul(letter) for word in words for letter in word.text)
    readings = [words]
    for height in _OTHER_HEIGHTS:
        cut = _cut_out(place, page, height)
        readings.append(_read(cut, reader, blank, latin_first=latin))
        if readings[-1] and all(map(_is_sure, readings[-1])):
            break
    best = max(readings, key=_clarity)
    others = [word for reading in readings for word in reading]
    return [with_comma(word, others) for word in best]


def _cut_out(place: Rectangle, page: Image.Image, height: int) -> Cut:
    """Cut a part out of a page."""
    tall = place.bottom - place.top
    margin = max(2, round(_MARGIN * tall))
    box = Rectangle(
        max(place.left, 0),
        max(place.top - margin, 0),
        min(place.right, page.width),
        min(place.bottom + margin, page.height),
    )
    scale = min(height / tall, _LARGEST)
    strip = ImageOps.expand(_on_white(_scaled(page.crop(box), scale)), _WHITE, 255)
    return Cut(strip, height, box, scale, Blanks(strip, height))


def _read(cut: Cut, reader: ScriptReader, blank: float, *, latin_first: bool) -> list[Token]:
    """Return the words of a part, with their places on the page."""
    left, top = cut.box[:2]

    def on_page(rectangle: Rectangle) -> Rectangle:
        return Rectangle(
            *(
                round((x - _WHITE) / cut.scale) + start
                for x, start in zip(rectangle, (left, top, left, top), strict=True)
            )
        )

    return [
        token._replace(
            rectangle=on_page(token.rectangle),
            characters=tuple(map(on_page, token.characters)),
        )
        for token in reader.read(cut.strip, cut.height, cut.blanks, blank, latin_first=latin_first)
    ]


def _on_white(strip: Image.Image) -> Image.Image:
    """Return a line with its own ground, that of a pale bubble for example, made white."""
    counts = strip.histogram()
    if counts[255] * 2 > strip.width * strip.height:
        return strip
    ground = bisect_left(list(accumulate(counts)), strip.width * strip.height / 2)
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
