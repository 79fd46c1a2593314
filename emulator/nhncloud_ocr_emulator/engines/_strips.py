"""Lines cut out of a page, and read at the height at which the models read best."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise
from typing import Final, NamedTuple

from PIL import Image, ImageOps

from ._blanks import Blanks, blank_width, least_blank
from ._characters import is_hangul
from ._clearest import with_comma
from ._likelihood import likelihood
from ._line_finder import SIDE, scaled
from ._marks import with_won
from ._scripts import ScriptReader
from ._tesserocr import Rectangle, Token

__all__ = ["Cut", "cut_lines", "read_strip"]

# How these were chosen: docs/decisions/reading-by-script.md.
_HEIGHT: Final = 36  # pixels of a line
_OTHER_HEIGHT: Final = 31  # of words that the first leaves in doubt
_DOUBT: Final = 0.75  # a word of less confidence is read again
# Of 334 pages none reads otherwise with 0.25, for more readings; 0.9 made 12 errors more.
_HOPELESS: Final = 0.5  # a line without a word of this confidence is not
_MOST_ENLARGED: Final = 5  # times: what is still smaller then is a speck
_MARGIN: Final = 0.125  # of the height, above and below: accents, and what the finder cut off
_LIGHT: Final = 128  # a darker ground is none
_HELD: Final = 24_000_000  # bytes of lines that are cut out before the first is read
_WHITE: Final = 10  # pixels around a strip


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
    """Return the words of one line of a page, those in doubt by the clearer of two readings.

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
    return with_won(result)


def _with_sides(line: Rectangle) -> Rectangle:
    """Return the place of a line with what the finder cut off at its ends."""
    return line._replace(left=line.left - SIDE, right=line.right + SIDE)


def _is_sure(token: Token) -> bool:
    return token.confidence + min(likelihood(token.text), 0) >= _DOUBT


def _between(tokens: Sequence[Token], index: int) -> int:
    """Return the column in the middle between a word and the one before it."""
    before, after = tokens[index - 1].rectangle, tokens[index].rectangle
    return (min(before.right, after.left) + after.left) // 2


def _read_again(
    words: list[Token], place: Rectangle, page: Image.Image, reader: ScriptReader, blank: float
) -> list[Token]:
    """Return doubtful words that stand together by the clearer of two readings."""
    latin = not any(is_hangul(letter) for word in words for letter in word.text)
    cut = _cut_out(place, page, _OTHER_HEIGHT)
    readings = [words, _read(cut, reader, blank, latin_first=latin)]
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
    scale = min(height / tall, _MOST_ENLARGED)
    strip = ImageOps.expand(_on_white(scaled(page.crop(box), scale)), _WHITE, 255)
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
    if not _LIGHT <= ground < 255:
        return strip
    return strip.point([min(round(tone * 255 / ground), 255) for tone in range(256)])


def _clarity(tokens: list[Token]) -> float:
    letters = sum(len(token.text) for token in tokens)
    return sum(
        (token.confidence + likelihood(token.text)) * len(token.text) for token in tokens
    ) / max(letters, 1)
