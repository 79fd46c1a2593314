"""The rules about a result that JSON Schema cannot say: pairing, corners, places, kinds."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from contract.judge.description import CROPPING, GENERAL
from contract.judge.exchange import Sent
from contract.judge.reading import Box, Line, Reading, Remark


def remarks(sent: Sent, role: str, reading: Reading) -> Iterator[Remark]:
    """Everything in a success's result that breaks a rule."""
    yield from _file_type(sent, reading)
    yield from _pairing(reading)
    yield from _words(sent, reading)
    for line in reading.lines:
        for box in (box for group in line.boxes for box in group):
            yield from _box(sent, role, box)
        yield from _line(sent, line)
    yield from _slices(sent, role, reading)
    yield from _cut_lines(sent, reading)
    yield from _spread(sent, role, reading)
    yield from _twice(role, reading)


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
    # A cell or a group may be empty, as long as words and boxes pair; all of them may not.
    if not any(group for line in reading.lines for group in line.words):
        yield Remark("words", reading.root, "a success without any word")
    for line in reading.lines:
        for word in (word for group in line.words for word in group):
            if not word.text:
                yield Remark("words", word.node, "a word without text")


def _box(sent: Sent, role: str, box: Box) -> Iterator[Remark]:
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
    if picture and role == GENERAL:  # of cropping nobody knows the frame
        inside = all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in box.corners)
        if not inside:
            seen = f"box {numbers} in an image of {picture.width}x{picture.height}"
            yield Remark("inside-image", box.node, seen)


def _line(sent: Sent, line: Line) -> Iterator[Remark]:
    if not (sent.picture and sent.picture.upright):
        return
    for run in line.runs:
        for left, right in pairwise(word.box for word in run if word.box):
            if right.middle[0] < left.middle[0]:
                seen = f"a word at x {right.middle[0]:g} after one at x {left.middle[0]:g}"
                yield Remark("left-to-right", right.node, seen)
            # Words of one line are beside each other: neither middle is past the other's edges.
            elif _above(left, right) or _above(right, left):
                seen = f"words at y {left.middle[1]:g} and {right.middle[1]:g} in one line"
                yield Remark("one-line", right.node, seen)


def _slices(sent: Sent, role: str, reading: Reading) -> Iterator[Remark]:
    if reading.slices is None or role == GENERAL:
        return
    most = math.inf
    if sent.picture:
        short, long = sorted((sent.picture.width, sent.picture.height))
        most = 2 + 2 * long / short  # slices twice as long as they need to be, and the two ends
    if not 1 <= reading.slices <= most:
        yield Remark("slices", reading.root, f"slicesImages {reading.slices}")


def _cut_lines(sent: Sent, reading: Reading) -> Iterator[Remark]:
    """Lines that go on where the one before ends: one visual line, cut."""
    if not (sent.picture and sent.picture.upright) or reading.slices not in (None, 0, 1):
        return
    outer = [words for line in reading.lines if (words := sum(line.paired, ()))]
    for line, following in pairwise(outer):
        last, first = line[-1].box, following[0].box
        if last and first and _goes_on(last, first):
            seen = f"{line[-1].text!r} and {following[0].text!r} are in two lines, side by side"
            yield Remark("whole-line", first.node, seen)


def _goes_on(last: Box, first: Box) -> bool:
    height = min(last.bottom - last.top, first.bottom - first.top)
    shared = min(last.bottom, first.bottom) - max(last.top, first.top)
    gap = first.left - last.right
    return shared > 0.6 * height and -0.5 * height < gap < height


def _spread(sent: Sent, role: str, reading: Reading) -> Iterator[Remark]:
    """Where the boxes of a page full of text lie: over the page, and from its top to its bottom."""
    picture, boxes = sent.picture, [word.box for word in reading.words if word.box]
    if not (picture and picture.upright and boxes) or reading.slices not in (None, 0, 1):
        return
    if picture.full and role == GENERAL:
        width = max(box.right for box in boxes) - min(box.left for box in boxes)
        height = max(box.bottom for box in boxes) - min(box.top for box in boxes)
        if width < picture.width / 3 or height < picture.height / 3:
            seen = (
                f"boxes over {width:g}x{height:g} of a full page of "
                f"{picture.width}x{picture.height}"
            )
            yield Remark("covers-the-page", boxes[0].node, seen)
    tops = [line[0].box.middle[1] for line in reading.visual_lines if line[0].box]
    if len(tops) >= 3 and all(below < above for above, below in pairwise(tops)):
        seen = f"{len(tops)} lines, each above the one before"
        yield Remark("top-to-bottom", boxes[0].node, seen)


def _twice(role: str, reading: Reading) -> Iterator[Remark]:
    """The same word at the same place; slices overlap, so in cropping it may come twice."""
    if role == CROPPING and (reading.slices or 0) > 1:
        return
    seen: set[tuple[str, tuple[float, ...]]] = set()
    for word in reading.words:
        if word.box:
            place = (word.text, word.box.numbers)
            if place in seen:
                yield Remark("once", word.node, f"{word.text!r} twice at the same place")
            seen.add(place)


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


def _above(upper: Box, lower: Box) -> bool:
    """Whether one box ends before the other begins, from top to bottom."""
    return upper.bottom <= lower.top
