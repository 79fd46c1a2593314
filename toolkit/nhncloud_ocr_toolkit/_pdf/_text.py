"""The words of a page as unseen text, and how readers tell them apart.

Readers of PDF find words by where letters stand, each in its own way; what is done here for each of
them stands beside the cure. All of it is written in as few digits as do: a page of 2,000 words
should not double the size of its picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, radians, tan

from .._geometry import Point
from ._font import NAME, Codes
from ._placing import BASELINE, GAP, LEAN, Laid, Paper

_KEPT = 0.5  # of the way to the next word, at least, where there is no room for a gap
_LEAST_STRETCH = 0.01  # per cent: without any, readers see no letters


def content(lines: list[list[Laid]], paper: Paper, codes: Codes) -> str:
    """The content stream that lays the words: one text object a line, unseen (mode 3); its unit is
    the pixel, which takes the fewest digits."""
    blocks = [f"q {paper.x_scale:.6f} 0 0 {paper.y_scale:.6f} 0 0 cm 3 Tr"]
    for line in lines:
        blocks += ["BT", *_line(line, paper, codes), "ET"]
    return "\n".join([*blocks, "Q"])


def _line(words: Sequence[Laid], paper: Paper, codes: Codes) -> Iterator[str]:
    """Each word ends well before the next one begins, for poppler and pdf.js join words that touch;
    and after each, the last one too, stands a space, for pypdf looks for it.

    A word begins so far from where the one before began (Td), in the line's own direction. Size and
    stretch are said where they change, but anew in each line: at its end poppler forgets the
    stretch (Tz).
    """
    pen = _Pen(paper)
    size = stretch = ""
    space = codes[" "]
    for word, after in zip(words, [*words[1:], None], strict=True):
        end = word.width
        if after is not None and (distance := _distance(word, after)) is not None:
            end = min(end, max(distance - GAP * word.height, _KEPT * distance))
        digits = "".join([codes[letter] for letter in word.text])
        units = sum([codes.widths[letter] for letter in word.text])
        said = pen.moved_to(word)
        height = _short(word.height)
        if height != size:
            said += f" /{NAME} {height} Tf"
            size = height
        wide = _short(max(100_000 * end / units / word.height, _LEAST_STRETCH))
        if wide != stretch:
            said += f" {wide} Tz"
            stretch = wide
        yield f"{said}<{digits}{space}>Tj"


def _distance(word: Laid, after: Laid) -> float | None:
    """Pixels from the word's start to the next one's, along the line; None if that is elsewhere."""
    x, y = after.start[0] - word.start[0], after.start[1] - word.start[1]
    right, down = word.across
    along = x * right + y * down
    aside = abs(y * right - x * down)
    same_way = right * after.across[0] + down * after.across[1] > _SAME_WAY
    beside = aside <= max(word.height, after.height) / 2 + _SLOPE * along
    return along if same_way and along > 0 and beside else None


class _Pen:
    """Goes from word to word in steps of tenths of a pixel, between rounded places, so that errors
    do not add up."""

    def __init__(self, paper: Paper) -> None:
        self._height = paper.height
        self._across: Point = (1, 0)
        self._origin: Point = (0, 0)
        self._at = (0, 0)  # tenths of a pixel from there, along the line and upwards

    def moved_to(self, word: Laid) -> str:
        """The operator that begins the word's baseline at its place."""
        (x, y), (right, down) = word.start, word.across
        x -= down * BASELINE * word.height
        y = self._height - y - right * BASELINE * word.height
        if word.across != self._across:
            self._across, self._origin, self._at = word.across, (x, y), (0, 0)
            turned = f"{_short(right)} {_short(-down)} {_short(down)} {_short(right)}"
            return f"{turned} {x:.1f} {y:.1f} Tm"
        x, y = x - self._origin[0], y - self._origin[1]
        along, above = round(10 * (x * right - y * down)), round(10 * (x * down + y * right))
        before_along, before_above = self._at
        self._at = along, above
        return f"{_tenths(along - before_along)} {_tenths(above - before_above)} Td"


def _tenths(count: int) -> str:
    whole, rest = divmod(count, 10)
    return str(count / 10) if rest else str(whole)


def _short(value: float) -> str:
    """Three digits or so, and never an exponent."""
    size = abs(value)
    decimals = 4 if size < 1 else 1 if size < 100 else 0
    written = f"{value:.{decimals}f}"
    return written.rstrip("0").rstrip(".") if decimals else written


_SAME_WAY = cos(radians(10))
_SLOPE = tan(radians(LEAN))
