"""Checkboxes and radio buttons, ticked or not: told by their shape, since models read letters."""

from __future__ import annotations

from typing import Final

import numpy as np

from ._components import Bits, Components, stretches

__all__ = ["checkboxes", "straight"]

# How these were chosen: docs/decisions/reading-by-script.md.
_SIZE: Final = (0.7, 2.2)  # heights of the text, that a box has
_LEAST: Final = 6  # pixels
_SQUARE: Final = 0.15  # of its height, that its width differs from it at most
_CORNERS: Final = 0.25  # of a side, that its round corner may take
_ROUNDED: Final = 0.11  # of a side, that it may be cut off by that; of a circle it is 0.15
_STRAIGHT: Final = 0.05  # of a side, that it may be off; a pixel at least
_CLOSED: Final = 0.85  # of a side is straight where an arrow may interrupt it
_ALONE: Final = 0.4  # of a box's side around it is without ink
_BEFORE_TEXT: Final = 0.15  # and so much at least before the text it is for
_ROUND: Final = 0.12  # of a radius, that a circle's edge may be off
_OFF: Final = 1.5  # pixels, of a small one: grey edges make it wider than high
_DIRECTIONS: Final = 24
_SOLID: Final = 0.7  # of a disc's rectangle, at least; of a ring's, at most
_CENTRE: Final = 0.2  # of a ring's side, that the dot in its middle has at least
_ALIKE: Final = 2  # pixels, that the places and sizes of a column of rings differ by


def checkboxes(found: Components, ink: Bits, height: float) -> list[int]:
    """Return which components are boxes to tick, on a page with text so many pixels high.

    A ring is one where there are more below or above, or a dot in it: alone it may be an O.
    """
    boxes: list[int] = []
    rings: list[int] = []
    for index in map(int, np.flatnonzero(_is_square(found, height))):
        inside, alone = _cut(found, index, ink)
        if not alone:
            continue
        if _is_outline(inside):
            boxes.append(index)
        elif _is_circle(inside):
            solid = found.area[index] >= _SOLID * inside.size
            (boxes if solid or _has_dot(inside) else rings).append(index)
    return boxes + [index for index in rings if _has_others(found, index, [*boxes, *rings])]


def straight(inside: Bits, most: float) -> bool:
    """Whether the middle of each side of what is inside is ink, and nearly all of it in a line.

    The line is at the edge, or up to so much of the other side away from it, where an arrow is.
    """
    for turned in (inside, inside[::-1], inside.T, inside.T[::-1]):
        corner = round(_CORNERS * turned.shape[1])
        columns = turned[:, corner : turned.shape[1] - corner]
        first = np.where(columns.any(axis=0), columns.argmax(axis=0), len(turned))
        usual = np.median(first)
        off = max(1.0, _STRAIGHT * len(turned))
        if usual > max(off, most * len(turned)):
            return False
        if np.mean(np.abs(first - usual) <= off) < (_CLOSED if most else 1.0):
            return False
    return True


def _is_square(found: Components, height: float) -> Bits:
    width, tall = found.width, found.height
    square: Bits = (
        (np.minimum(width, tall) >= max(_LEAST, _SIZE[0] * height))
        & (np.maximum(width, tall) <= _SIZE[1] * height)
        & (np.abs(width - tall) <= np.maximum(2, _SQUARE * tall))
    )
    return square


def _cut(found: Components, index: int, ink: Bits) -> tuple[Bits, bool]:
    """Return the ink in a component's rectangle, and whether it stands for itself.

    That is with nothing around it; to its right text may begin sooner, but none that is taller:
    the ㅁ of 마 has its vowel there.
    """
    top, bottom = int(found.top[index]), int(found.bottom[index])
    left, right = int(found.left[index]), int(found.right[index])
    inside = ink[top:bottom, left:right]
    away = max(2, round(_ALONE * (right - left)))
    near = max(2, round(_BEFORE_TEXT * (right - left)))
    first = max(top - away, 0)
    around = ink[first : bottom + away, max(left - away, 0) : right + near]
    if int(around.sum()) > int(inside.sum()):
        return inside, False
    beside = ink[first : bottom + away, right + near : right + away]
    own = slice(max(top - near, 0) - first, bottom + near - first)
    return inside, not (beside[: own.start].any() or beside[own.stop :].any())


def _is_outline(inside: Bits) -> bool:
    """Whether what is inside has four straight sides, and corners that are hardly round."""
    side = min(inside.shape)
    return straight(inside, 0.0) and all(
        int(np.diagonal(turned).argmax()) <= _ROUNDED * side
        for turned in (inside, inside[::-1], inside[:, ::-1], inside[::-1, ::-1])
    )


def _is_circle(inside: Bits) -> bool:
    """Whether the outline of what is inside is as far from the middle everywhere."""
    rows, columns = np.nonzero(inside)
    down = rows - (inside.shape[0] - 1) / 2
    across = columns - (inside.shape[1] - 1) / 2
    turn = np.floor((np.arctan2(down, across) / (2 * np.pi) + 0.5) * _DIRECTIONS)
    farthest = np.zeros(_DIRECTIONS + 1)
    np.maximum.at(farthest, turn.astype(np.int64), np.hypot(down, across))
    radius = (inside.shape[0] + inside.shape[1]) / 4
    off = np.abs(farthest[:_DIRECTIONS] - radius)
    return bool(off.max() <= max(_OFF, _ROUND * radius))


def _has_dot(inside: Bits) -> bool:
    """Whether a ring has ink in its middle, and none between that and its edge."""
    middle, across = inside.shape[0] // 2, inside.shape[1]
    runs = stretches(inside[middle : middle + 1])
    return len(runs) == 3 and int(runs[1][1] - runs[1][0]) >= _CENTRE * across


def _has_others(found: Components, index: int, those: list[int]) -> bool:
    """Whether a component stands in a column with another one of its size."""
    others = np.array([other for other in those if other != index], dtype=np.int64)
    return bool(
        (
            (np.abs(found.left[others] - found.left[index]) <= _ALIKE)
            & (np.abs(found.width[others] - found.width[index]) <= _ALIKE)
            & (found.top[others] != found.top[index])
        ).any()
    )
