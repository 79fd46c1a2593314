"""Words meet their boxes: paired where the reply says so, never guessed.

The reply has two lists of equal meaning, one of texts and one of boxes; outer index i is a visual
line (reported). A key that repeats inside one outer object gives that object several groups.
"""

from __future__ import annotations

from itertools import chain
from typing import TypeAlias

from . import _wire
from ._results import Line, Quad

TextGroups: TypeAlias = list[_wire.InferTexts]
BoxGroups: TypeAlias = list[_wire.BoundingBoxes]


def lines(texts: list[TextGroups], boxes: list[BoxGroups]) -> tuple[Line, ...]:
    """Each non-empty group of texts is one line; `texts` and `boxes` are per outer index."""
    if len(texts) != len(boxes):
        boxes = [[]] * len(texts)
    return tuple(
        [
            Line(_wire.words(group, group_boxes))
            for text_groups, box_groups in zip(texts, boxes, strict=True)
            for group, group_boxes in zip(
                text_groups, _boxes_per_group(text_groups, box_groups), strict=True
            )
            if group
        ]
    )


def quads(boxes: list[BoxGroups]) -> tuple[tuple[Quad, ...], ...]:
    """All boxes per outer index, in the order sent."""
    return tuple(
        [tuple([_wire.quad(box) for group in groups for box in group]) for groups in boxes]
    )


def _boxes_per_group(texts: TextGroups, boxes: BoxGroups) -> list[_wire.BoundingBoxes] | list[None]:
    counts = [len(group) for group in texts]
    if [len(group) for group in boxes] == counts:
        return boxes
    # Both sides repeated means that group k belongs to group k: other counts pair nothing.
    if (len(texts) > 1 and len(boxes) > 1) or sum(counts) != sum(map(len, boxes)):
        return [None] * len(texts)
    flat = chain.from_iterable(boxes)
    return [[next(flat) for _ in range(count)] for count in counts]
