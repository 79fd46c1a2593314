"""A success's result, read once for the rules: words and boxes per line, paired by the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

from contract.judge.strict_json import Node, members, plain

CORNERS = ("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4")


class Remark(NamedTuple):
    """A finding before it has its rule object. `shown`: the guide's own sample is like this."""

    rule: str
    node: Node
    seen: str
    shown: bool = False


@dataclass(frozen=True)
class Box:
    """Four corners; `numbers` are x1, y1 ... x4, y4 as they stand in the reply."""

    node: Node
    numbers: tuple[float, ...]

    @property
    def corners(self) -> tuple[tuple[float, float], ...]:
        """(x, y) of each corner."""
        return tuple(zip(self.numbers[::2], self.numbers[1::2], strict=True))

    @cached_property
    def middle(self) -> tuple[float, float]:
        """(x, y) between the corners."""
        return sum(self.numbers[::2]) / 4, sum(self.numbers[1::2]) / 4

    @property
    def left(self) -> float:
        """The smallest x."""
        return min(self.numbers[::2])

    @property
    def right(self) -> float:
        """The largest x."""
        return max(self.numbers[::2])

    @property
    def top(self) -> float:
        """The smallest y."""
        return min(self.numbers[1::2])

    @property
    def bottom(self) -> float:
        """The largest y."""
        return max(self.numbers[1::2])


@dataclass(frozen=True)
class Word:
    """A word as it stands in the reply, and its box if the two pair."""

    node: Node
    value: str
    conf: float
    box: Box | None = None

    @property
    def text(self) -> str:
        """What was read, without the blanks around it that a value may have."""
        return self.value.strip()


@dataclass(frozen=True)
class Line:
    """One outer index: groups of words and of boxes, a group for each occurrence of the key."""

    words: tuple[tuple[Word, ...], ...]
    boxes: tuple[tuple[Box, ...], ...]

    @property
    def mismatch(self) -> str:
        """How words and boxes fail to pair; empty if they do."""
        if len(self.words) > 1 and len(self.boxes) > 1:
            counts = [len(group) for group in self.words], [len(group) for group in self.boxes]
        else:
            counts = [sum(map(len, self.words))], [sum(map(len, self.boxes))]
        if counts[0] == counts[1]:
            return ""
        return f"{_counted(counts[0])} words, {_counted(counts[1])} boxes"

    @property
    def as_the_guide_has_it(self) -> bool:
        """Whether the words' key repeats and that of the boxes does not, as in its sample."""
        return len(self.words) > 1 and len(self.boxes) == 1

    @property
    def paired(self) -> tuple[tuple[Word, ...], ...]:
        """The words of each non-empty group, which is a line, with their boxes where they pair."""
        if self.mismatch:
            return tuple(group for group in self.words if group)
        boxes = iter([box for group in self.boxes for box in group])
        return tuple(
            tuple(replace(word, box=next(boxes)) for word in group) for group in self.words if group
        )

    @property
    def runs(self) -> tuple[tuple[Word, ...], ...]:
        """The words that stand in one line beyond doubt; none where words and boxes do not pair.

        A group is a line of its own. Where only one side repeats its key, the other's list goes on
        from one line to the next: so a run ends wherever a group of either side ends.
        """
        if self.mismatch:
            return ()
        words = [word for group in self.paired for word in group]
        ends = {0, *_ends(self.words), *_ends(self.boxes)}
        return tuple(tuple(words[start:end]) for start, end in pairwise(sorted(ends)))


@dataclass(frozen=True)
class Reading:
    """The result of one success. Only a body that fits its schema is read."""

    root: Node
    lines: tuple[Line, ...]
    outer: tuple[int, int]  # lengths of listOfInferTexts and of listOfBoundingBoxes
    file_type: str
    slices: int | None

    @cached_property
    def visual_lines(self) -> tuple[tuple[Word, ...], ...]:
        """The words of each visual line; with boxes, unless the outer lists differ in length."""
        paired = self.outer[0] == self.outer[1]
        return tuple(
            group
            for line in self.lines
            for group in (line.paired if paired else line.words)
            if group
        )

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words, in order."""
        return tuple(word for line in self.visual_lines for word in line)


def read_result(root: Node) -> Reading:
    """Read the result of a success whose body fits the description."""
    result = members(root, "result")[-1]
    texts = members(result, "listOfInferTexts")[-1].value
    areas = members(result, "listOfBoundingBoxes")[-1].value
    slices = members(result, "slicesImages")
    lines = []
    for index in range(max(len(texts), len(areas))):
        words = _groups(texts[index : index + 1], "inferTexts")
        boxes = _groups(areas[index : index + 1], "boundingBoxes")
        lines.append(
            Line(
                tuple(tuple(map(_word, group)) for group in words),
                tuple(tuple(map(_box, group)) for group in boxes),
            )
        )
    return Reading(
        root,
        tuple(lines),
        (len(texts), len(areas)),
        plain(members(result, "fileType")[-1]),
        plain(slices[-1]) if slices else None,
    )


def _groups(outer: list[Node], key: str) -> tuple[tuple[Node, ...], ...]:
    return tuple(tuple(group.value) for node in outer for group in members(node, key))


def _box(node: Node) -> Box:
    return Box(node, tuple(float(members(node, corner)[-1].value) for corner in CORNERS))


def _word(node: Node) -> Word:
    value, conf = (members(node, key)[-1].value for key in ("value", "conf"))
    return Word(node, value, float(conf))


def _ends(groups: Sequence[Sequence[object]]) -> list[int]:
    return list(accumulate(map(len, groups)))


def _counted(counts: list[int]) -> str:
    return "+".join(map(str, counts)) or "0"
