"""The words of a page as unseen text: where each stands, and how readers tell them apart.

Readers of PDF find words by where letters stand, each in its own way; what is done here for each of
them stands beside the cure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import cos, radians, tan
from typing import NamedTuple

from .._geometry import Axes, Matrix, Point, axes, transformed, upright
from .._sheet import Item
from ._font import ASCENT, DESCENT, NAME, Codes

_LEAN = 30.0  # degrees off a right angle up to which a word is laid upright
_GAP = 0.3  # of a word's height, at least, before the next one
_KEPT = 0.5  # of the way to the next word, at least, where there is no room for a gap
_BASELINE = ASCENT / (ASCENT - DESCENT) - 0.5  # below the middle, of the height
_RIGHT_ANGLES: dict[int, Point] = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}


class Laid(NamedTuple):
    """A word as it is laid: `start` is the middle of its left edge, `across` its direction (length
    1, y downwards), `turn` the right angle it is laid at, or None. Pixels of the upright image."""

    text: str
    start: Point
    across: Point
    width: float
    height: float
    turn: int | None


class Paper(NamedTuple):
    """The page: pixels of the upright image, and points that a pixel takes in both directions."""

    width: float
    height: float
    x_scale: float
    y_scale: float


def laid_lines(lines: list[list[Item]], paper: Paper, matrix: Matrix | None) -> list[list[Laid]]:
    """Each line's words that have a box and a text, laid; `matrix` takes boxes to upright ones."""
    return [
        laid
        for line in lines
        if (laid := [_laid(item, paper, matrix) for item in line if item.box and item.text])
    ]


def turn_of(lines: list[list[Laid]]) -> int:
    """Degrees clockwise, a multiple of 90, by which most letters are turned; else 0."""
    letters = dict.fromkeys(_RIGHT_ANGLES, 0)
    total = 0
    for line in lines:
        for word in line:
            total += len(word.text)
            if word.turn is not None:
                letters[word.turn] += len(word.text)
    return next((turn for turn, count in letters.items() if 2 * count > total), 0)


def content(lines: list[list[Laid]], paper: Paper, codes: Codes) -> str:
    """The content stream that lays the words: one text object a line, unseen (mode 3); its unit is
    the pixel, which takes the fewest digits."""
    blocks = [f"q {paper.x_scale:.6f} 0 0 {paper.y_scale:.6f} 0 0 cm"]
    for line in lines:
        blocks += [f"BT /{NAME} 1 Tf 3 Tr", *_line(line, paper, codes), "ET"]
    return "\n".join([*blocks, "Q"])


def _laid(item: Item, paper: Paper, matrix: Matrix | None) -> Laid:
    """A word that leans a little is laid upright, in the middle of its own quad: poppler tears
    leaning lines into letters. Words then climb like stairs."""
    assert item.box is not None and item.bounds is not None  # noqa: S101 (for the type checkers)
    turn: int | None = 0
    if matrix is None and upright(item.box):
        left, top, right, bottom = item.bounds
        centre, width, height = ((left + right) / 2, (top + bottom) / 2), right - left, bottom - top
        across = _RIGHT_ANGLES[0]
    else:
        own = axes(transformed(item.box, matrix) if matrix else item.box)
        centre, width, height = own.centre, own.width, own.height
        across, turn = _direction(own)
    reach = paper.width + paper.height
    width = min(max(width, 1.0), reach)
    height = min(max(height, 1.0), reach)
    # Poppler leaves out what is off the page: a word there is moved to its edge.
    x = min(max(centre[0], 0.0), paper.width)
    y = min(max(centre[1], 0.0), paper.height)
    start = x - across[0] * width / 2, y - across[1] * width / 2
    return Laid(item.text, start, across, width, height, turn)


def _direction(own: Axes) -> tuple[Point, int | None]:
    turn = round(own.angle / 90) * 90
    if abs(own.angle - turn) < _LEAN:
        return _RIGHT_ANGLES[turn % 360], turn % 360
    return own.across, None


def _line(words: Sequence[Laid], paper: Paper, codes: Codes) -> Iterator[str]:
    """Each word ends well before the next one begins, for poppler and pdf.js join words that touch;
    and after each, the last one too, stands a space as wide as the gap, for pypdf looks for it."""
    space = codes[" "]
    space_units = codes.widths[" "]
    for word, after in zip(words, [*words[1:], None], strict=True):
        end, gap = word.width, _GAP * word.height
        if after is not None and (distance := _distance(word, after)) is not None:
            end = min(end, max(distance - gap, _KEPT * distance))
            gap = distance - end
        digits = "".join([codes[letter] for letter in word.text])
        units = sum([codes.widths[letter] for letter in word.text])
        place = _placer(word, paper)
        yield f"{place(0, 1000 * end / units)} Tm <{digits}> Tj"
        yield f"{place(end, 1000 * gap / space_units)} Tm <{space}> Tj"


def _distance(word: Laid, after: Laid) -> float | None:
    """Pixels from the word's start to the next one's, along the line; None if that is elsewhere."""
    x, y = after.start[0] - word.start[0], after.start[1] - word.start[1]
    right, down = word.across
    along = x * right + y * down
    aside = abs(y * right - x * down)
    same_way = right * after.across[0] + down * after.across[1] > _SAME_WAY
    beside = aside <= max(word.height, after.height) / 2 + _SLOPE * along
    return along if same_way and along > 0 and beside else None


def _placer(word: Laid, paper: Paper) -> Callable[[float, float], str]:
    """A function that gives the matrix for text that begins so many pixels after the word's start,
    with letters of so many pixels an em. The stretch goes into the matrix: of the operator for it
    (Tz) poppler loses sight at the end of a text object."""
    (x, y), (right, down) = word.start, word.across
    high = word.height
    x -= down * _BASELINE * high
    y = paper.height - y - right * _BASELINE * high
    if down == 0 and right == 1:
        level = f"0 0 {high:.2f} %.2f {y:.2f}"
        return lambda begin, em: f"{em:.2f} {level % (x + begin)}"
    upwards = f"{down * high:.2f} {right * high:.2f}"

    def place(begin: float, em: float) -> str:
        along = f"{right * em:.2f} {-down * em:.2f}"
        return f"{along} {upwards} {x + right * begin:.2f} {y - down * begin:.2f}"

    return place


_SAME_WAY = cos(radians(10))
_SLOPE = tan(radians(_LEAN))
