"""The rules about pictures of known text: the words are read, and found where they stand.

The pictures of `tests/data/known` are printed large and plain, so that whatever reads can read
them. A few words may be misread; that a whole script, a line or a place is lost, may not be.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean

from contract.judge.description import GENERAL
from contract.judge.exchange import Picture, Sent, TrueWord
from contract.judge.reading import Reading, Remark, Word

ENOUGH = 0.7  # of the words of a picture
ENOUGH_OF_A_KIND = 0.3  # of its Hangul, its Latin words, its numbers
FOREIGN = 0.3  # of the words read, that no picture of ours shows there
SLACK = 0.25  # of a word's height: how far a middle may be outside of the ink

_KINDS = {
    "Hangul": re.compile("[\uac00-\ud7a3]"),
    "Latin": re.compile("[A-Za-z]"),
    "numbers": re.compile("[0-9]"),
}


def remarks(sent: Sent, role: str, reading: Reading) -> Iterator[Remark]:
    """What was not read of a picture whose text is known, or not where it stands."""
    picture = sent.picture
    truth = picture.words if picture else ()
    if picture is None or not truth or not reading.words:
        return
    pairs = matched(truth, reading.words)
    yield from _read(truth, pairs, reading)
    sliced = role != GENERAL and (reading.slices or 0) > 1
    if sliced:
        yield from _sliced_places(picture, pairs, reading)
    else:
        yield from _places("places" if role == GENERAL else "sliced-places", pairs)
        yield from _lines(pairs, reading)
        yield from _foreign(truth, reading)


def matched(truth: Sequence[TrueWord], words: Iterable[Word]) -> list[tuple[TrueWord, Word]]:
    """Each true word with the one that was read of it, by its text; of equal ones the nearest."""
    left = {word.text: [w for w in truth if plain(w.text) == plain(word.text)] for word in words}
    found = []
    for word in words:
        candidates = left[word.text]
        if candidates:
            nearest = min(candidates, key=lambda true: _distance(true, word))
            candidates.remove(nearest)
            found.append((nearest, word))
    return found


def plain(text: str) -> str:
    """The text in the form that is compared: composed, without blanks around it."""
    return unicodedata.normalize("NFC", text).strip()


def _distance(true: TrueWord, word: Word) -> float:
    if word.box is None:
        return 0.0
    x, y = word.box.middle
    return abs(x - (true.left + true.right) / 2) + abs(y - (true.top + true.bottom) / 2)


def _read(
    truth: Sequence[TrueWord], pairs: list[tuple[TrueWord, Word]], reading: Reading
) -> Iterator[Remark]:
    found = {true for true, _ in pairs}
    kinds: dict[str, list[TrueWord]] = {"words": list(truth)}
    for kind, pattern in _KINDS.items():
        kinds[kind] = [word for word in truth if pattern.search(word.text)]
    for line in sorted({word.line for word in truth}):
        kinds[f"line {line}"] = [word for word in truth if word.line == line]
    for kind, wanted in kinds.items():
        share = ENOUGH if kind == "words" else ENOUGH_OF_A_KIND
        if kind.startswith("line"):
            share = 0.01  # one word of it
        got = [word for word in wanted if word in found]
        # A line of one word, or one word of three, may be the one that was misread.
        lost = len(wanted) - len(got) > 1
        if lost and len(got) < share * len(wanted):
            missing = " ".join(word.text for word in wanted if word not in found)
            seen = f"{len(got)} of {len(wanted)} {kind} read, without {missing}"
            yield Remark("reads-the-image", reading.root, seen)
            return


def _places(rule: str, pairs: list[tuple[TrueWord, Word]]) -> Iterator[Remark]:
    placed = [(true, word, word.box) for true, word in pairs if word.box]
    for true, word, box in placed:
        x, y = box.middle
        slack = SLACK * (true.bottom - true.top)
        inside = (
            true.left - slack <= x <= true.right + slack
            and true.top - slack <= y <= true.bottom + slack
        )
        if not inside:
            seen = (
                f"{word.text!r} at {x:g}, {y:g}; it stands at x {true.left:g} to {true.right:g}, "
                f"y {true.top:g} to {true.bottom:g}"
            )
            yield Remark(rule, word.node, seen)
            return
    if len(placed) < 4:
        return
    # One box may be a little off; all of them to the same side is another frame.
    height = fmean(true.bottom - true.top for true, *_ in placed)
    for axis, low, high in ((0, "left", "right"), (1, "top", "bottom")):
        off = fmean(
            box.middle[axis] - (getattr(true, low) + getattr(true, high)) / 2
            for true, _, box in placed
        )
        if abs(off) > SLACK * height:
            seen = f"all boxes are off by {off:.0f} pixels in {'xy'[axis]}"
            yield Remark(rule, placed[0][1].node, seen)
            return
    size = fmean((box.bottom - box.top) / (true.bottom - true.top) for true, _, box in placed)
    if not 0.4 <= size <= 3:
        seen = f"boxes are {size:.2f} times as high as their words"
        yield Remark(rule, placed[0][1].node, seen)


def _sliced_places(
    picture: Picture, pairs: list[tuple[TrueWord, Word]], reading: Reading
) -> Iterator[Remark]:
    """Boxes of slices refer to the slice or to the whole image, which nobody documents.

    Either way they are the same across the image, and along it off by where a slice begins: by no
    more different lengths than there are slices.
    """
    tall = picture.height > picture.width
    begins: list[float] = []
    for true, word in pairs:
        box = word.box
        if box is None:
            continue
        height = true.bottom - true.top
        stands = ((true.left + true.right) / 2, (true.top + true.bottom) / 2)
        across = abs(box.middle[not tall] - stands[not tall])
        along = stands[tall] - box.middle[tall]
        half = (true.right - true.left) / 2 if tall else height / 2
        if not any(abs(along - begin) < height for begin in begins):
            begins.append(along)
        outside = box.right > picture.width or box.bottom > picture.height
        if outside or across > half + SLACK * height or along < -height:
            seen = f"{word.text!r} at {box.middle[0]:g}, {box.middle[1]:g}; it stands at "
            seen += f"{stands[0]:g}, {stands[1]:g}"
            yield Remark("sliced-places", word.node, seen)
            return
    if len(begins) > (reading.slices or 0) + 1:
        seen = f"{len(begins)} different places where slices begin, of {reading.slices} slices"
        yield Remark("sliced-places", reading.root, seen)


def _lines(pairs: list[tuple[TrueWord, Word]], reading: Reading) -> Iterator[Remark]:
    """The words of a true line are in one outer index, and no others beside them."""
    lines = {word.node.start: true.line for true, word in pairs}
    outer: dict[int, set[int]] = {}
    for index, line in enumerate(reading.lines):
        for word in (word for group in line.words for word in group):
            if word.node.start in lines:
                outer.setdefault(lines[word.node.start], set()).add(index)
        for run in line.runs:
            together = {lines[word.node.start] for word in run if word.node.start in lines}
            if len(together) > 1:
                seen = f"{len(together)} visual lines as one, at index {index}"
                yield Remark("one-line", run[0].node, seen)
                return
    for true_line, indices in outer.items():
        if len(indices) > 1:
            seen = f"visual line {true_line} is cut into {len(indices)}"
            yield Remark("one-line", reading.root, seen)
            return


def _foreign(truth: Sequence[TrueWord], reading: Reading) -> Iterator[Remark]:
    """Words that do not stand there, or stand there less often."""
    stand = Counter(plain(word.text) for word in truth)
    read = Counter(plain(word.text) for word in reading.words)
    doubled = [text for text in read if 0 < stand[text] < read[text]]
    if doubled:
        seen = f"{doubled[0]!r} {read[doubled[0]]} times, it stands there {stand[doubled[0]]} times"
        yield Remark("reads-the-image", reading.root, seen)
        return
    foreign = [text for text in read if not stand[text]]
    if len(foreign) > max(2, FOREIGN * len(truth)):
        seen = f"{len(foreign)} words that do not stand there: {' '.join(foreign)}"
        yield Remark("reads-the-image", reading.root, seen)
