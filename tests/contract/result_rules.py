"""The rules about a result that JSON Schema cannot say: pairing, corners, places, kinds."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from contract.exchange import GENERAL, Sent
from contract.reading import Box, Line, Reading
from contract.strict_json import Node, members


class Remark(NamedTuple):
    """A finding before it has its rule object. `shown`: the guide's own sample is like this."""

    rule: str
    node: Node
    seen: str
    shown: bool = False


def remarks(sent: Sent, reading: Reading) -> Iterator[Remark]:
    """Everything in a success's result that breaks a rule."""
    yield from _file_type(sent, reading)
    yield from _pairing(reading)
    yield from _words(sent, reading)
    for line in reading.lines:
        for box in (box for group in line.boxes for box in group):
            yield from _box(sent, box)
        yield from _line(sent, line)
    yield from _slices(sent, reading)


def _file_type(sent: Sent, reading: Reading) -> Iterator[Remark]:
    known = {"jpg", "png"}
    # The service may go by the name or by the bytes: where they disagree either will do.
    fitting = {sent.picture.kind} if sent.picture and not sent.picture.misnamed else known
    if reading.file_type not in fitting:
        seen = f"fileType {reading.file_type!r} for a {' or '.join(sorted(fitting))}"
        yield Remark("file-type", reading.root, seen)


def _pairing(reading: Reading) -> Iterator[Remark]:
    texts, areas = reading.outer
    if texts != areas:
        yield Remark("pair-count", reading.root, f"{texts} lists of words, {areas} lists of boxes")
        return
    for index, line in enumerate(reading.lines):
        if line.mismatch:
            seen = f"{line.mismatch} in line {index}"
            yield Remark("pair-count", reading.root, seen, shown=line.as_the_guide_has_it)


def _words(sent: Sent, reading: Reading) -> Iterator[Remark]:
    if sent.picture is not None and not sent.picture.has_text:
        return
    if not reading.lines:
        yield Remark("words", reading.root, "a success without any line")
    for index, line in enumerate(reading.lines):
        if not any(line.words) and reading.outer[0] > index:
            yield Remark("words", reading.root, f"line {index} without any word")
        for word in (word for group in line.words for word in group):
            if not members(word, "value")[-1].value.strip():
                yield Remark("words", word, "a word without text")


def _box(sent: Sent, box: Box) -> Iterator[Remark]:
    numbers = [int(number) if number.is_integer() else number for number in box.numbers]
    if any(number < 0 or not number.is_integer() for number in box.numbers):
        yield Remark("coordinate", box.node, f"box {numbers}")
    twice_area = _twice_area(box.corners)
    if twice_area == 0:
        yield Remark("box-area", box.node, f"box {numbers} has no area")
    elif twice_area < 0 or not _convex(box.corners):
        yield Remark("corner-order", box.node, f"box {numbers} is not clockwise")
    elif sent.picture is None or sent.picture.upright:
        (x1, y1), (x2, y2) = box.corners[:2]
        if abs(y2 - y1) > x2 - x1:  # the top edge leans by more than 45 degrees
            yield Remark(
                "top-left-first", box.node, f"box {numbers} does not start at its top left"
            )
    picture = sent.picture
    if picture and sent.operation == GENERAL:
        inside = all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in box.corners)
        if not inside:
            seen = f"box {numbers} in an image of {picture.width}x{picture.height}"
            yield Remark("inside-image", box.node, seen)


def _line(sent: Sent, line: Line) -> Iterator[Remark]:
    if not (sent.picture and sent.picture.upright):
        return
    for run in line.runs:
        for left, right in pairwise(run):
            if _middle(right)[0] < _middle(left)[0]:
                seen = f"a word at x {_middle(right)[0]:g} after one at x {_middle(left)[0]:g}"
                yield Remark("left-to-right", right.node, seen)
            # Words of one line are beside each other: neither middle is past the other's edges.
            elif _above(left, right) or _above(right, left):
                seen = f"words at y {_middle(left)[1]:g} and {_middle(right)[1]:g} in one line"
                yield Remark("one-line", right.node, seen)


def _slices(sent: Sent, reading: Reading) -> Iterator[Remark]:
    if reading.slices is None or sent.operation == GENERAL:
        return
    most = max(sent.picture.width, sent.picture.height) if sent.picture else math.inf
    if not 1 <= reading.slices <= most:
        yield Remark("slices", reading.root, f"slicesImages {reading.slices}")


def _twice_area(corners: tuple[tuple[float, float], ...]) -> float:
    """Positive if the corners go clockwise on a screen, where y grows downwards."""
    following = (*corners[1:], corners[0])
    return sum(x * v - u * y for (x, y), (u, v) in zip(corners, following, strict=True))


def _convex(corners: tuple[tuple[float, float], ...]) -> bool:
    """Whether every turn is to the right or straight on: crossed corners turn both ways."""
    for index in range(4):
        (ax, ay), (bx, by), (cx, cy) = (corners[(index + turn) % 4] for turn in range(3))
        if (bx - ax) * (cy - by) - (by - ay) * (cx - bx) < 0:
            return False
    return True


def _middle(box: Box) -> tuple[float, float]:
    return sum(box.numbers[::2]) / 4, sum(box.numbers[1::2]) / 4


def _above(upper: Box, lower: Box) -> bool:
    """Whether one box ends before the other begins, from top to bottom."""
    return max(upper.numbers[1::2]) <= min(lower.numbers[1::2])
