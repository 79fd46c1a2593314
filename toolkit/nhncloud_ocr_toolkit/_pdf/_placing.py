"""Where each word of a page is laid, so that readers of PDF find it whole.

Pixels of the upright image, y downwards, until the text is written.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from .._geometry import Matrix, Point, axes, transformed, upright
from .._sheet import Item
from ._font import ASCENT, DESCENT

BASELINE = ASCENT / (ASCENT - DESCENT) - 0.5  # below the middle, of the height
LEAN = 30.0  # degrees off a right angle up to which a word is laid upright
_LEANS = 1.0  # degrees off a right angle from which on a word does lean: small boxes are inexact
_LOWER = 0.88  # of its height: what a leaning word keeps, so that stairs do not run into each other
GAP = 0.3  # of a word's height, at least, before the next one
_IN_A_ROW = 200  # words, at most, that are looked at: thousands on one height are no text
_BESIDE = 0.6  # of a height: words whose baselines are nearer stand in one row for poppler
_KEPT = 0.5  # of its width, at least, that a word keeps
_APART = 0.65  # of a height, between a leaning line's end and the next one's beginning
_RIGHT_ANGLES: dict[int, Point] = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}


class Laid(NamedTuple):
    """A word as it is laid: `start` is the middle of its left edge, `across` its direction (length
    1), `turn` the right angle it is laid at, or None; `leans`: its box does not stand so."""

    text: str
    start: Point
    across: Point
    width: float
    height: float
    turn: int | None
    leans: bool


class Paper(NamedTuple):
    """The page: pixels of the upright image, and points that a pixel takes in both directions."""

    width: float
    height: float
    x_scale: float
    y_scale: float


def laid_lines(lines: list[list[Item]], paper: Paper, matrix: Matrix | None) -> list[list[Laid]]:
    """Each line's words that have a box and a text, laid; `matrix` takes boxes to upright ones."""
    found = [
        laid
        for line in lines
        if (laid := [_laid(item, paper, matrix) for item in line if item.box and item.text])
    ]
    for line, after in pairwise(found):
        if line[-1].leans and after[0].leans:
            after[0] = _apart(line[-1], after[0])
    _clear(found)
    return found


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


def _laid(item: Item, paper: Paper, matrix: Matrix | None) -> Laid:
    """A word that leans a little is laid upright, in the middle of its own quad: poppler tears
    leaning lines into letters. Words then climb like stairs."""
    assert item.box is not None and item.bounds is not None  # noqa: S101 (for the type checkers)
    turn: int | None = 0
    leans = False
    if matrix is None and upright(item.box):
        left, top, right, bottom = item.bounds
        centre, width, height = ((left + right) / 2, (top + bottom) / 2), right - left, bottom - top
        across = _RIGHT_ANGLES[0]
    else:
        own = axes(transformed(item.box, matrix) if matrix else item.box)
        centre, width, height = own.centre, own.width, own.height
        angle = own.angle
        nearest = round(angle / 90) * 90
        across, turn = own.across, None
        if abs(angle - nearest) < LEAN:
            turn = nearest % 360
            across = _RIGHT_ANGLES[turn]
            leans = abs(angle - nearest) > _LEANS
        height *= _LOWER if leans else 1
    reach = paper.width + paper.height
    width = min(max(width, 1.0), reach)
    height = min(max(height, 1.0), reach)
    # Poppler leaves out what is off the page: a word there is moved to its edge.
    x = min(max(centre[0], 0.0), paper.width)
    y = min(max(centre[1], 0.0), paper.height)
    start = x - across[0] * width / 2, y - across[1] * width / 2
    return Laid(item.text, start, across, width, height, turn, leans)


def _apart(last: Laid, first: Laid) -> Laid:
    """The first word of a leaning line, kept off the height at which the line before it ended: at
    the same height pdf.js takes the two for one word, whatever lies between."""
    right, down = last.across
    x, y = first.start[0] - last.start[0], first.start[1] - last.start[1]
    along, below = x * right + y * down, y * right - x * down
    below += BASELINE * (first.height - last.height)  # from one baseline to the other
    least = _APART * max(first.height, last.height)
    if first.across != last.across or along > last.width or abs(below) >= least:
        return first
    shift = (least if below >= 0 else -least) - below
    x, y = first.start
    return first._replace(start=(x - shift * down, y + shift * right))


def _clear(lines: list[list[Laid]]) -> None:
    """Make room between leaning words of different lines that have come into one row: poppler would
    join them. The wider of the two gives way."""
    places = [
        (y * word.across[0] - x * word.across[1] + BASELINE * word.height, number, at)
        for number, line in enumerate(lines)
        for at, word in enumerate(line)
        if word.leans
        for x, y in [word.start]
    ]
    places.sort()
    tallest = max((lines[number][at].height for _, number, at in places), default=0)
    for index, (level, number, at) in enumerate(places, 1):
        farthest = level + _BESIDE * tallest
        for position in range(index, min(index + _IN_A_ROW, len(places))):
            other_level, other_number, other_at = places[position]
            if other_level > farthest:
                break
            if number == other_number:
                continue
            one, other = lines[number][at], lines[other_number][other_at]
            if one.across != other.across:
                continue
            if other_level - level <= _BESIDE * max(one.height, other.height):
                lines[number][at], lines[other_number][other_at] = _with_room(one, other)


def _with_room(one: Laid, other: Laid) -> tuple[Laid, Laid]:
    right, down = one.across
    along = (other.start[0] - one.start[0]) * right + (other.start[1] - one.start[1]) * down
    if along < 0:
        second, first = _with_room(other, one)
        return first, second
    lacking = GAP * max(one.height, other.height) - (along - one.width)
    if lacking <= 0 or lacking > (1 - _KEPT) * max(one.width, other.width):
        return one, other
    if one.width >= other.width:
        return one._replace(width=one.width - lacking), other
    x, y = other.start
    start = x + lacking * right, y + lacking * down
    return one, other._replace(start=start, width=other.width - lacking)
