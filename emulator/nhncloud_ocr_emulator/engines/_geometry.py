"""Quads: flattened to upright strips, put into reading order, turned into boxes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar

from PIL import Image

from ..recognition import Box

__all__ = ["Point", "Quad", "box_inside", "flatten", "in_lines"]

Point = tuple[float, float]

_T = TypeVar("_T")
_SAME_LINE: Final = 0.5  # of a height: how far apart the middles of one line's pieces may be


class Quad(NamedTuple):
    """Four corners in pixels, clockwise from the top left in the text's own direction."""

    top_left: Point
    top_right: Point
    bottom_right: Point
    bottom_left: Point

    @property
    def width(self) -> float:
        """The longer of top and bottom, at least 1."""
        top = math.dist(self.top_left, self.top_right)
        return max(top, math.dist(self.bottom_left, self.bottom_right), 1.0)

    @property
    def height(self) -> float:
        """The longer of left and right, at least 1."""
        left = math.dist(self.top_left, self.bottom_left)
        return max(left, math.dist(self.top_right, self.bottom_right), 1.0)

    def shifted(self, right: float, down: float) -> Quad:
        """Return the quad moved by so many pixels."""
        return Quad(*((x + right, y + down) for x, y in self))

    def turned(self, quarters: int) -> Quad:
        """Return the same quad for text that is turned clockwise by so many times 90°."""
        return Quad(*self[quarters:], *self[:quarters])

    def at(self, u: float, v: float) -> Point:
        """Return the point at the fractions u of the way right and v of the way down."""
        x, y = (
            (1 - v) * ((1 - u) * a + u * b) + v * ((1 - u) * d + u * c)
            for a, b, c, d in zip(*self, strict=True)
        )
        return x, y

    def grown(self, fraction: float) -> Quad:
        """Return the quad larger by this fraction of its height, on each side."""
        across = fraction * self.height / self.width
        return self.part(-across, -fraction, 1 + across, 1 + fraction)

    def part(self, left: float, top: float, right: float, bottom: float) -> Quad:
        """Return the part between these fractions."""
        return Quad(
            self.at(left, top), self.at(right, top), self.at(right, bottom), self.at(left, bottom)
        )


def flatten(image: Image.Image, quad: Quad, min_height: int) -> Image.Image:
    """Return what is in the quad as an upright image, enlarged to at least that height."""
    scale = max(1.0, min_height / quad.height)
    size = math.ceil(quad.width * scale), math.ceil(quad.height * scale)
    corners = (quad.top_left, quad.bottom_left, quad.bottom_right, quad.top_right)
    data = [coordinate for corner in corners for coordinate in corner]
    return image.transform(size, Image.Transform.QUAD, data, Image.Resampling.BICUBIC)


def in_lines(pieces: Iterable[tuple[Quad, _T]]) -> list[list[tuple[Quad, _T]]]:
    """Sort pieces into lines from top to bottom, and each line from left to right.

    Right is where the text mostly runs to, and down is across it: the page may be turned.
    """
    pieces = list(pieces)
    runs = [(quad.at(0, 0.5), quad.at(1, 0.5)) for quad, _ in pieces]
    tilt = math.atan2(
        sum(end[1] - start[1] for start, end in runs), sum(end[0] - start[0] for start, end in runs)
    )
    right = math.cos(tilt), math.sin(tilt)
    down = -right[1], right[0]

    def along(direction: Point, quad: Quad) -> float:
        x, y = quad.at(0.5, 0.5)
        return direction[0] * x + direction[1] * y

    lines: list[list[tuple[Quad, _T]]] = []
    for quad, content in sorted(pieces, key=lambda piece: along(down, piece[0])):
        before = lines[-1][-1][0] if lines else None
        if before is not None and along(down, quad) - along(down, before) < _SAME_LINE * min(
            quad.height, before.height
        ):
            lines[-1].append((quad, content))
        else:
            lines.append([(quad, content)])
    return [sorted(line, key=lambda piece: along(right, piece[0])) for line in lines]


def box_inside(quad: Quad, size: tuple[int, int]) -> Box:
    """Round a quad to a box inside an image of that size, clockwise and with an area.

    Where rounding and clipping leave no such quad, the upright rectangle around it stands in.
    """
    width, height = size
    corners = [(min(max(round(x), 0), width), min(max(round(y), 0), height)) for x, y in quad]
    if not _convex(corners):
        left = min(min(x for x, _ in corners), width - 1)
        top = min(min(y for _, y in corners), height - 1)
        right = max(max(x for x, _ in corners), left + 1)
        bottom = max(max(y for _, y in corners), top + 1)
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return Box(*(coordinate for corner in corners for coordinate in corner))


def _convex(corners: list[tuple[int, int]]) -> bool:
    """Whether the corners go clockwise (y grows downwards) around an area, never inwards."""
    turns = []
    for (ax, ay), (bx, by) in pairwise([*corners, corners[0]]):
        turns += [
            (bx - ax) * (cy - by) - (by - ay) * (cx - bx)
            for cx, cy in corners
            if (cx, cy) not in ((ax, ay), (bx, by))
        ]
    return bool(turns) and min(turns) >= 0 and max(turns) > 0
