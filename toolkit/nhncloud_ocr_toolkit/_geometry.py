"""Quads: their edges, their own axes, and where EXIF puts them. Pixels, y downwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import atan2, cos, degrees, hypot, isfinite, radians, sin
from typing import NamedTuple, TypeAlias

from nhncloud_ocr import Quad

Point: TypeAlias = tuple[float, float]
Matrix: TypeAlias = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f as PDF and SVG write it: x' = a x + c y + e, y' = b x + d y + f."""


class Bounds(NamedTuple):
    """An upright rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float


class Axes(NamedTuple):
    """A quad in its own frame: centre, direction of reading, direction of the lines below, size.

    `across` and `down` have length 1; `width` runs along `across`, `height` along `down`.
    """

    centre: Point
    across: Point
    down: Point
    width: float
    height: float

    @property
    def angle(self) -> float:
        """Degrees clockwise, as one sees it, by which the text is turned; -180 < angle <= 180."""
        return degrees(atan2(self.across[1], self.across[0]))


_SAME_WAY = cos(radians(30))
_LEANS = sin(radians(0.5))

FARTHEST = 1e7
"""Pixels from the origin past which no image reaches: neither format's sides have 8 digits."""


def reach(quad: Quad | None) -> Bounds | None:
    """The upright rectangle around a quad; None unless all numbers are numbers within reach: a quad
    may hold anything finite on the wire, and anything at all when made by hand."""
    if quad is None:
        return None
    x1, y1, x2, y2 = quad.x1, quad.y1, quad.x2, quad.y2
    x3, y3, x4, y4 = quad.x3, quad.y3, quad.x4, quad.y4
    if y1 == y2 <= y3 == y4 and x4 == x1 <= x2 == x3:
        left, top, right, bottom = x1, y1, x2, y3
    else:
        if not isfinite(x1 + y1 + x2 + y2 + x3 + y3 + x4 + y4):
            return None
        left, right = _extent(x1, x2, x3, x4)
        top, bottom = _extent(y1, y2, y3, y4)
    if left >= -FARTHEST and top >= -FARTHEST and right <= FARTHEST and bottom <= FARTHEST:
        return Bounds(left, top, right, bottom)
    return None


def _extent(one: float, other: float, third: float, fourth: float) -> tuple[float, float]:
    """The least and the greatest of four numbers; five times as fast as `min` and `max`."""
    least, most = (one, other) if one < other else (other, one)
    if third < least:
        least = third
    elif third > most:
        most = third
    if fourth < least:
        least = fourth
    elif fourth > most:
        most = fourth
    return least, most


def placeable(quad: Quad) -> bool:
    """Whether the quad says where in an image something is."""
    return reach(quad) is not None


def corners(quad: Quad) -> tuple[Point, Point, Point, Point]:
    """Clockwise from the text's own top left."""
    return (
        (quad.x1, quad.y1),
        (quad.x2, quad.y2),
        (quad.x3, quad.y3),
        (quad.x4, quad.y4),
    )


def bounds(quad: Quad) -> Bounds:
    """The upright rectangle around the quad."""
    left, right = _extent(quad.x1, quad.x2, quad.x3, quad.x4)
    top, bottom = _extent(quad.y1, quad.y2, quad.y3, quad.y4)
    return Bounds(left, top, right, bottom)


def around(rectangles: Sequence[Bounds]) -> Bounds:
    """The upright rectangle around all, of which there is at least one."""
    lefts, tops, rights, bottoms = zip(*rectangles, strict=True)
    return Bounds(min(lefts), min(tops), max(rights), max(bottoms))


def upright(quad: Quad) -> bool:
    """Whether the quad is a rectangle without any turn."""
    return (
        quad.y1 == quad.y2
        and quad.x2 == quad.x3
        and quad.y3 == quad.y4
        and quad.x4 == quad.x1
        and quad.x1 <= quad.x2
        and quad.y1 <= quad.y3
    )


def axes(quad: Quad) -> Axes:
    """The quad in its own frame; one without extent reads from left to right."""
    x1, y1, x2, y2 = quad.x1, quad.y1, quad.x2, quad.y2
    x3, y3, x4, y4 = quad.x3, quad.y3, quad.x4, quad.y4
    centre = (x1 + x2 + x3 + x4) / 4, (y1 + y2 + y3 + y4) / 4
    along = (x2 - x1 + x3 - x4) / 2, (y2 - y1 + y3 - y4) / 2
    below = (x4 - x1 + x3 - x2) / 2, (y4 - y1 + y3 - y2) / 2
    width, height = hypot(*along), hypot(*below)
    if width:
        across = along[0] / width, along[1] / width
    elif height:
        across = below[1] / height, -below[0] / height
    else:
        across = 1.0, 0.0
    down = -across[1], across[0]
    return Axes(centre, across, down, width, height)


def common_angle(quads: Iterable[Quad]) -> float:
    """Degrees clockwise by which most of the text is turned: longer words count for more."""
    x = y = 0.0
    for quad in quads:
        x += quad.x2 - quad.x1 + quad.x3 - quad.x4
        y += quad.y2 - quad.y1 + quad.y3 - quad.y4
    return degrees(atan2(y, x)) if x or y else 0.0


class Seen(NamedTuple):
    """A word as seen by somebody who reads in some direction: its centre along the line and down
    the lines, its extent in both, pixels."""

    along: float
    down: float
    width: float
    height: float


def reading_angle(lines: Iterable[Sequence[Quad]]) -> float:
    """Degrees clockwise by which the text is turned, from each line's words, in order.

    From the first word's middle to the last one's where lines have several, since engines draw
    upright boxes on leaning lines too; from the words' own edges where none has.
    """
    all_lines = [line for line in lines if line]
    x = y = extent = 0.0
    for line in all_lines:
        (x1, y1), (x2, y2) = axes(line[0]).centre, axes(line[-1]).centre
        x, y, extent = x + x2 - x1, y + y2 - y1, extent + hypot(x2 - x1, y2 - y1)
    if extent and hypot(x, y) > extent / 2:
        return degrees(atan2(y, x))
    return common_angle(box for line in all_lines for box in line)


def seen_at(angle: float) -> Callable[[Quad], Seen]:
    """A function that tells how quads are seen by who reads at `angle` degrees clockwise.

    An upright box on text that leans is higher and wider than the text in it, by as much as it
    leans; up to 30 degrees that is taken off.
    """
    c, s = cos(radians(angle)), sin(radians(angle))
    leans = abs(s) > _LEANS and abs(c) > _SAME_WAY

    def see(quad: Quad) -> Seen:
        level = upright(quad)
        if level:
            x, y = (quad.x1 + quad.x3) / 2, (quad.y1 + quad.y3) / 2
            width, height = float(quad.x2 - quad.x1), float(quad.y3 - quad.y1)
            straight, aslant = abs(c), abs(s)
        else:
            (x, y), (right, down), _, width, height = axes(quad)
            straight = abs(right * c + down * s)
            aslant = abs(right * s - down * c)
        if straight < _SAME_WAY:
            width, height = width * straight + height * aslant, width * aslant + height * straight
        elif leans and level:
            shrunk = straight * straight - aslant * aslant
            width, height = (
                max((width * straight - height * aslant) / shrunk, width / 2),
                max((height * straight - width * aslant) / shrunk, height / 3),
            )
        return Seen(x * c + y * s, y * c - x * s, width, height)

    return see


def upright_matrix(orientation: int, width: int, height: int) -> Matrix:
    """Takes stored pixels to those of the upright image, for EXIF's orientation 1 to 8.

    `width` and `height` are the stored ones.
    """
    return {
        2: (-1, 0, 0, 1, width, 0),
        3: (-1, 0, 0, -1, width, height),
        4: (1, 0, 0, -1, 0, height),
        5: (0, 1, 1, 0, 0, 0),
        6: (0, 1, -1, 0, height, 0),
        7: (0, -1, -1, 0, height, width),
        8: (0, -1, 1, 0, 0, width),
    }.get(orientation, (1, 0, 0, 1, 0, 0))


def transformed(quad: Quad, matrix: Matrix) -> Quad:
    """The quad with each corner moved by the matrix, corners in the same order."""
    a, b, c, d, e, f = matrix
    moved = [each for x, y in corners(quad) for each in (a * x + c * y + e, b * x + d * y + f)]
    return Quad(*moved)


def shifted(quad: Quad, down: float, right: float = 0) -> Quad:
    """The quad so many pixels further down and to the right."""
    return Quad(
        quad.x1 + right,
        quad.y1 + down,
        quad.x2 + right,
        quad.y2 + down,
        quad.x3 + right,
        quad.y3 + down,
        quad.x4 + right,
        quad.y4 + down,
    )
