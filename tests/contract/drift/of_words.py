"""The drifts in what is read: other words, other places, broken text; each on every code path."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from contract.drift.misreading import (
    Edit,
    all_in_a_corner,
    both_lists,
    bottom_up,
    by_rote,
    each_corner,
    each_text,
    first_box_only,
    flat,
    in_percent,
    joined,
    last_box_only,
    lines_of,
    misread,
    rotated_words,
    second_word,
    spelt,
    swapped_boxes,
    without_first_word,
    without_last_word,
    write_lines,
)
from contract.drift.tampering import (
    EVERYWHERE,
    WAYS,
    Call,
    Drift,
    Reply,
    Value,
    on_success,
    only,
    words,
)


class _Late:
    """Each success brings the result of the success before."""

    def __init__(self) -> None:
        self.before: dict[bool, Value] = {}

    def __call__(self, call: Call) -> Reply:
        reply = call.passed()
        value = reply.value
        if value is None or "result" not in value:
            return reply
        cropping = "slicesImages" in value["result"]
        before = self.before.get(cropping) or value["result"]
        self.before[cropping] = value["result"]
        late = {**before, "fileType": value["result"]["fileType"]}
        return reply.write({**value, "result": late})


_READING: tuple[tuple[str, Edit, tuple[str, ...]], ...] = (
    ("every picture gets the guide's words", by_rote, ("value",)),
    ("letters that a coding lacks are U+FFFD", misread("ascii", "ascii"), ("languages",)),
    (
        "letters that a coding lacks are question marks",
        each_text(lambda text: text.encode("ascii", "replace").decode()),
        ("languages",),
    ),
    ("UTF-8 is read as Latin-1", misread("utf-8", "latin-1"), ("languages",)),
    ("UTF-8 is read as Windows-1252", misread("utf-8", "cp1252"), ("languages",)),
    ("EUC-KR is read as Latin-1", misread("euc-kr", "latin-1"), ("languages",)),
    ("Hangul is spelt in escapes", each_text(spelt), ("value",)),
    ("text is escaped for HTML", each_text(html.escape), ("value",)),
    (
        "text is escaped for URLs",
        each_text(quote),
        ("value",),
    ),
    (
        "text has a control character",
        each_text(lambda text: text[:1] + "\x85" + text[1:]),
        ("value",),
    ),
    ("text is lower case", each_text(str.lower), ("value",)),
    ("text is upper case", each_text(str.upper), ("value",)),
    ("text is reversed", each_text(lambda text: text[::-1]), ("value",)),
    ("words lose their last letter", each_text(lambda text: text[:-1] or text), ("value",)),
    (
        "words lose their marks",
        each_text(lambda text: "".join(filter(str.isalnum, text))),
        ("value",),
    ),
    (
        "letters are set apart",
        each_text(" ".join),
        ("word-form",),
    ),
    (
        "text is decomposed",
        each_text(lambda text: unicodedata.normalize("NFD", text)),
        ("value",),
    ),
    (
        "numbers are dropped",
        each_text(lambda text: "0" if text[:1].isdigit() else text),
        ("value",),
    ),
    (
        "Hangul is not read",
        lambda value: write_lines(
            value,
            [
                kept
                for line in lines_of(value)[0]
                if (kept := [word for word in line if word["value"].isascii()])
            ],
            [
                kept
                for line, found in zip(*lines_of(value), strict=True)
                if (
                    kept := [
                        box
                        for word, box in zip(line, found, strict=True)
                        if word["value"].isascii()
                    ]
                )
            ],
        ),
        ("languages",),
    ),
    ("the second word is always another", second_word, ("value",)),
    ("every o is a 0", each_text(lambda text: text.replace("o", "0")), ("value",)),
    ("words are one place on", rotated_words, ("pairing",)),
    ("the words of a line are joined", joined, ("word-form",)),
    ("the first two boxes are exchanged", swapped_boxes((0, 0), (-1, -1)), ("pairing",)),
    ("the last word is dropped", both_lists(without_last_word), ("value",)),
    ("the first word is dropped", both_lists(without_first_word), ("value",)),
    ("the last line is dropped", both_lists(lambda lines: lines[:-1] or lines), ("value",)),
    ("the first line is dropped", both_lists(lambda lines: lines[1:] or lines), ("value",)),
    ("every line comes twice", both_lists(lambda lines: lines + lines), ("value",)),
    ("the last word comes twice", both_lists(lambda lines: [*lines, lines[-1][-1:]]), ("value",)),
    (
        "each word is a line",
        both_lists(lambda lines: [[item] for item in flat(lines)]),
        ("visual-line",),
    ),
    ("all lines are one", both_lists(lambda lines: [flat(lines)]), ("visual-line",)),
    (
        "two lines are one",
        both_lists(lambda lines: [flat(lines[:2]), *lines[2:]]),
        ("visual-line",),
    ),
    (
        "the last line is cut",
        both_lists(lambda lines: [*lines[:-1], lines[-1][:1], *filter(None, [lines[-1][1:]])]),
        ("visual-line",),
    ),
    ("lines go from the bottom up", both_lists(lambda lines: lines[::-1]), ("visual-line",)),
    ("y grows upwards", bottom_up, ("pixels",)),
    ("coordinates are percent", in_percent, ("pixels",)),
    ("coordinates are of half the size", each_corner(lambda x, y: (x / 2, y / 2)), ("pixels",)),
    ("coordinates are a tenth larger", each_corner(lambda x, y: (x * 1.1, y * 1.1)), ("pixels",)),
    ("coordinates are off by 30", each_corner(lambda x, y: (x + 30, y + 30)), ("pixels",)),
    (
        "coordinates are rounded to tens",
        each_corner(lambda x, y: (10 * round(x / 10), 10 * round(y / 10))),
        ("pixels",),
    ),
    ("x and y are exchanged", each_corner(lambda x, y: (y, x)), ("pixels",)),
    ("all boxes are in a corner", all_in_a_corner, ("pixels",)),
    (
        "the first box is off",
        lambda value: first_box_only(value, each_corner(lambda x, y: (x + 120, y + 60))),
        ("pixels",),
    ),
    (
        "the last box is off",
        lambda value: last_box_only(value, each_corner(lambda x, y: (x / 2, y / 2))),
        ("pixels",),
    ),
    (
        "conf is always 0.9",
        lambda value: [word.update(conf=0.9) for word in words(value)],
        ("numbers",),
    ),
    (
        "conf is always 1",
        lambda value: [word.update(conf=1) for word in words(value)],
        ("numbers",),
    ),
)


def reading() -> Iterator[Drift]:
    """Each drift in what is read, everywhere and on every code path alone."""
    for name, edit, facts in _READING:
        for way in (*WAYS, EVERYWHERE):
            yield Drift(f"{name}, in {way}", only(way, on_success(edit)), facts, way=way)
    for way in WAYS:
        yield Drift(
            f"each answer comes a call late, in {way}", only(way, _Late()), ("value",), way=way
        )
