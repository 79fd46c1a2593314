"""Words meet their boxes: paired where the reply says so, never guessed.

A reply has two lists of equal meaning, one of texts and one of boxes; outer index i is a visual
line (reported). A key that repeats inside one outer object gives that object several groups.
"""

from __future__ import annotations

from itertools import islice
from typing import TypeAlias

from . import _wire
from ._results import Line, Quad

QuadGroups: TypeAlias = list[list[Quad]]


def lines(texts: list[_wire.TextGroups], quads: list[QuadGroups]) -> tuple[Line, ...]:
    """Each non-empty group of texts is one line; `texts` and `quads` are per outer index."""
    if len(texts) != len(quads):
        quads = [[]] * len(texts)
    found = []
    for text_groups, quad_groups in zip(texts, quads, strict=True):
        paired = _paired(text_groups, quad_groups)
        for i, group in enumerate(text_groups):
            if group:
                found.append(Line(_wire.words(group, paired[i] if paired else None)))
    return tuple(found)


def _paired(texts: _wire.TextGroups, quads: QuadGroups) -> QuadGroups | None:
    """The boxes of each group of texts; None where the counts do not say which."""
    counts = [len(group) for group in texts]
    if [len(group) for group in quads] == counts:
        return quads
    both_repeated = len(texts) > 1 and len(quads) > 1
    if both_repeated or sum(counts) != sum(map(len, quads)):
        return None
    flat = (quad for group in quads for quad in group)
    return [list(islice(flat, count)) for count in counts]
