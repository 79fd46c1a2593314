"""Which lines of a cropping reply came from which slice, and what their boxes count from.

Nobody says where the service cuts, nor whether a box counts from its slice or from the whole image.
What a reply shows: it comes slice by slice, and two lines of one slice never lie on each other. All
of it is inferred, and told to the caller as such.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import pairwise
from typing import Literal, NamedTuple

from nhncloud_ocr import Line

from ._geometry import Bounds, around, reach
from ._likeness import likeness, plain

SliceFrame = Literal["image", "slice"]

MOSTLY = 0.5
ALIKE = 0.7
_FIGURES_DIFFER = 0.65  # agreement of lines that differ in figures: maybe copies misread, no proof
_LONGER_SLICE = 1.75  # times the mean: no slice of a sane cut is longer
_CLASHES = 0.2  # of all lines: more that lie on unlike ones cannot be noise
_NOISE = 0.1  # of the lines on each other: fewer that are unlike may be misread
_FALLS_TRIED = 100, 4  # the greatest, and so many for each slice: time grows with the square


class Piece(NamedTuple):
    """A line with a place: `number` in the reply, from 0, `text` without blanks and case."""

    number: int
    line: Line
    box: Bounds
    text: str

    @property
    def middle(self) -> float:
        return (self.box.top + self.box.bottom) / 2

    @property
    def height(self) -> float:
        return self.box.bottom - self.box.top


def pieces_of(lines: tuple[Line, ...]) -> list[Piece]:
    """The lines that have a place, all words of them; the others cannot be merged."""
    found = []
    for number, line in enumerate(lines):
        boxes = [box for word in line.words if (box := reach(word.box))]
        if boxes and len(boxes) == len(line.words):
            text = plain("".join(word.text for word in line.words))
            found.append(Piece(number, line, around(boxes), text))
    return found


def lie_on_each_other(one: Bounds, other: Bounds) -> bool:
    """Whether both boxes hold the same ink for the most part of what they cover together."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    covered = max(one.bottom, other.bottom) - min(one.top, other.top)
    return shared >= MOSTLY * covered and _beside(one, other)


def touches_most(one: Bounds, other: Bounds, shift: float = 0.0) -> bool:
    """Whether the lower of the boxes, the other one moved down by `shift`, lies on the higher one
    for the most part: engines draw one line's box now tight, now twice as high."""
    shared = min(one.bottom, other.bottom + shift) - max(one.top, other.top + shift)
    lower = min(one.bottom - one.top, other.bottom - other.top)
    return shared > 0 and shared >= MOSTLY * lower and _beside(one, other)


def _beside(one: Bounds, other: Bounds) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    return shared > 0 and shared >= MOSTLY * min(one.right - one.left, other.right - other.left)


def coincidences(pieces: list[Piece]) -> list[tuple[int, int]]:
    """Pairs of positions in `pieces`, the earlier first, whose boxes hold the same ink."""
    by_top = sorted(range(len(pieces)), key=lambda position: pieces[position].box.top)
    tops = [pieces[position].box.top for position in by_top]
    pairs = []
    for rank, position in enumerate(by_top):
        box = pieces[position].box
        # One that starts below the middle shares less than half of what both cover.
        end = bisect_left(tops, (box.top + box.bottom) / 2 + 1e-9, rank + 1)
        for other in by_top[rank + 1 : end]:
            if lie_on_each_other(box, pieces[other].box):
                pairs.append((min(position, other), max(position, other)))
    return pairs


def frame_of(
    pieces: list[Piece],
    pairs: list[tuple[int, int]],
    length: float,
    *,
    goes_back: bool = True,
) -> SliceFrame:
    """What boxes count from; `length` is the image's over the number of slices, in pixels.

    In the frame of slices, lines of different slices lie on each other and say different things,
    and the reply goes back up by a slice; in that of the image lines lie on each other only where
    slices overlap, and say the same. `goes_back`: whether only a slice's end makes the reply do so.
    """
    clashes = sum(agreement(pieces[a].text, pieces[b].text) < ALIKE for a, b in pairs)
    lowest = max((piece.box.bottom for piece in pieces), default=0.0)
    if lowest > _LONGER_SLICE * length:
        many = clashes > _CLASHES * len(pieces) and clashes > len(pairs) / 2
        return "slice" if many else "image"
    fall = max((one.middle - other.middle for one, other in pairwise(pieces)), default=0.0)
    fell = goes_back and fall > length / 3
    return "slice" if fell or clashes > _NOISE * len(pairs) else "image"


def split(
    pieces: list[Piece],
    pairs: list[tuple[int, int]],
    slices: int,
    frame: SliceFrame,
) -> list[list[Piece]]:
    """The pieces slice by slice: at most `slices` groups, cut where the reply goes back up.

    Of all ways to cut, the one with the fewest lines on each other in a group; of these the one
    whose falls are the greatest. In the image's frame a cut too many does no harm, and where slices
    overlap by one line the reply does not quite go back up.
    """
    gains = {}
    for place, (before, after) in enumerate(pairwise(pieces), 1):
        gain = before.middle - after.middle + (after.height / 2 if frame == "image" else 0.0)
        if gain > 0:
            gains[place] = gain
    tried = max(_FALLS_TRIED[0], _FALLS_TRIED[1] * slices)
    cuts = sorted(gains, key=lambda place: -gains[place])[:tried]
    places = [0, *sorted(cuts), len(pieces)]
    clashes = _clashes(pairs, places, len(pieces))

    # best[k][end]: least (clashes, -gains) of the pieces before places[end] in k + 1 groups
    best = [{end: (clashes[0][end], 0.0) for end in range(1, len(places))}]
    came: list[dict[int, int]] = [{}]
    for _ in range(min(slices, len(places) - 1) - 1):
        row: dict[int, tuple[int, float]] = {}
        origin: dict[int, int] = {}
        for end in range(2, len(places)):
            options = [
                ((done[0] + clashes[cut][end], done[1] - gains[places[cut]]), cut)
                for cut, done in best[-1].items()
                if cut < end
            ]
            if options:
                row[end], origin[end] = min(options)
        best.append(row)
        came.append(origin)
    end = len(places) - 1
    level = min(range(len(best)), key=lambda k: best[k].get(end, (len(pairs) + 1, 0.0)))
    bounds = [len(pieces)]
    while level:
        end = came[level][end]
        bounds.append(places[end])
        level -= 1
    bounds.append(0)
    bounds.reverse()
    return [pieces[a:b] for a, b in pairwise(bounds)]


def _clashes(pairs: list[tuple[int, int]], places: list[int], count: int) -> list[list[int]]:
    """For a group from places[a] to places[b]: how many pieces lie on an earlier one of it."""
    nearest = [-1] * count
    for one, other in pairs:
        nearest[other] = max(nearest[other], one)
    table = []
    for start in places:
        row, clashes, at = [], 0, start
        for end in places:
            while at < end:
                clashes += nearest[at] >= start
                at += 1
            row.append(clashes)
        table.append(row)
    return table


def agreement(one: str, other: str) -> float:
    """How alike two lines read, 0..1; ones that differ in figures are no copies, however alike."""
    if one == other:
        return 1.0
    longer = max(len(one), len(other))
    shared = sum((Counter(one) & Counter(other)).values())
    if shared < _FIGURES_DIFFER * longer:
        return shared / longer
    found = likeness(one, other)
    return min(found, _FIGURES_DIFFER) if _figures(one) != _figures(other) else found


def _figures(text: str) -> str:
    return "".join(filter(str.isdigit, text))
