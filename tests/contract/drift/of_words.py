"""The drifts in what is read: other words, other places, broken text; each on every code path."""

from __future__ import annotations

import html
import json
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

from contract.drift.tampering import (
    EVERYWHERE,
    WAYS,
    Call,
    Drift,
    Reply,
    Value,
    boxes,
    on_success,
    only,
    words,
)

CORNERS = ("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4")
Edit = Callable[[Value], object]


def _text(change: Callable[[str], str]) -> Edit:
    def edit(value: Value) -> None:
        for word in words(value):
            word["value"] = change(word["value"])

    return edit


def _points(change: Callable[[float, float], tuple[float, float]]) -> Edit:
    """Move each corner."""

    def edit(value: Value) -> None:
        for box in boxes(value):
            for x, y in (("x1", "y1"), ("x2", "y2"), ("x3", "y3"), ("x4", "y4")):
                moved = change(box[x], box[y])
                box[x], box[y] = (max(0, int(number)) for number in moved)

    return edit


def _lines(value: Value) -> tuple[list[Any], list[Any]]:
    """The words and the boxes of each line, as lists to be changed."""
    result = value["result"]
    return (
        [line["inferTexts"] for line in result["listOfInferTexts"]],
        [line["boundingBoxes"] for line in result["listOfBoundingBoxes"]],
    )


def _write(value: Value, texts: list[Any], areas: list[Any]) -> None:
    value["result"]["listOfInferTexts"] = [{"inferTexts": line} for line in texts]
    value["result"]["listOfBoundingBoxes"] = [{"boundingBoxes": line} for line in areas]


def _both(change: Callable[[list[Any]], list[Any]]) -> Edit:
    """Change the lines of words and those of boxes alike."""

    def edit(value: Value) -> None:
        texts, areas = _lines(value)
        _write(value, change(texts), change(areas))

    return edit


def _flat(lines: list[Any]) -> list[Any]:
    return [item for line in lines for item in line]


def _without_last_word(lines: list[Any]) -> list[Any]:
    kept = [*lines[:-1], lines[-1][:-1]]
    return [line for line in kept if line]


def _without_first_word(lines: list[Any]) -> list[Any]:
    kept = [lines[0][1:], *lines[1:]]
    return [line for line in kept if line]


def _swap(first: tuple[int, int], second: tuple[int, int]) -> Edit:
    """Two boxes change their places, the words do not."""

    def edit(value: Value) -> None:
        _, areas = _lines(value)
        if len(areas) < 2:
            return
        a, b = areas[first[0]][first[1]], areas[second[0]][second[1]]
        a_was, b_was = dict(a), dict(b)
        a.update(b_was)
        b.update(a_was)

    return edit


def _rotated_words(value: Value) -> None:
    found = list(words(value))
    texts = [word["value"] for word in found]
    for word, text in zip(found, texts[1:] + texts[:1], strict=True):
        word["value"] = text


def _second_word(value: Value) -> None:
    for index, word in enumerate(words(value)):
        if index == 1:
            word["value"] = f"{word['value'][::-1]}x"


def _bottom_up(value: Value) -> None:
    height = max((max(box[y] for y in CORNERS[1::2]) for box in boxes(value)), default=0)
    for box in boxes(value):
        x1, y1, x2, y2, x3, y3, x4, y4 = (box[corner] for corner in CORNERS)
        turned = (x1, height - y4, x2, height - y3, x3, height - y2, x4, height - y1)
        box.update(zip(CORNERS, turned, strict=True))


def _percent(value: Value) -> None:
    wide = max((box["x2"] for box in boxes(value)), default=1)
    high = max((box["y3"] for box in boxes(value)), default=1)
    for box in boxes(value):
        left, top = box["x1"] * 90 // wide, box["y1"] * 90 // high
        right, bottom = (
            max(left + 1, box["x2"] * 90 // wide),
            max(top + 1, box["y3"] * 90 // high),
        )
        box.update(zip(CORNERS, (left, top, right, top, right, bottom, left, bottom), strict=True))


def _corner(value: Value) -> None:
    """All boxes are small and in the first corner."""
    for index, box in enumerate(boxes(value)):
        left = 5 * index
        box.update(zip(CORNERS, (left, 0, left + 4, 0, left + 4, 4, left, 4), strict=True))


def _first_box_only(value: Value, change: Edit) -> None:
    texts, areas = _lines(value)
    one = {
        "result": {
            "listOfInferTexts": [{"inferTexts": texts[0][:1]}],
            "listOfBoundingBoxes": [{"boundingBoxes": areas[0][:1]}],
        }
    }
    change(one)


def _last_box_only(value: Value, change: Edit) -> None:
    texts, areas = _lines(value)
    one = {
        "result": {
            "listOfInferTexts": [{"inferTexts": texts[-1][-1:]}],
            "listOfBoundingBoxes": [{"boundingBoxes": areas[-1][-1:]}],
        }
    }
    change(one)


def _joined(value: Value) -> None:
    """The words of a line come as one."""
    texts, areas = _lines(value)
    for index, (line, found) in enumerate(zip(texts, areas, strict=True)):
        whole = {"value": " ".join(word["value"] for word in line), "conf": line[0]["conf"]}
        first, last = found[0], found[-1]
        box = {**first, **{key: last[key] for key in ("x2", "y2", "x3", "y3")}}
        texts[index], areas[index] = [whole], [box]
    _write(value, texts, areas)


def _rote(value: Value) -> None:
    """One answer to every picture, the guide's."""
    said = [{"value": text, "conf": 0.99} for text in ("stella", "artois", "belgium")]
    box = dict(zip(CORNERS, (32, 23, 65, 23, 65, 35, 32, 35), strict=True))
    right = {key: number + (40 if key[0] == "x" else 0) for key, number in box.items()}
    far = {key: number + (80 if key[0] == "x" else 0) for key, number in box.items()}
    _write(value, [said], [[box, right, far]])


class _Late:
    """Each success brings the result of the success before."""

    def __init__(self) -> None:
        self.before: dict[bool, Any] = {}

    def __call__(self, call: Call) -> Reply:
        reply = call.passed()
        value = reply.value
        if value is None or "result" not in value:
            return reply
        cropping = "slicesImages" in value["result"]
        before = self.before.get(cropping, value["result"])
        self.before[cropping] = value["result"]
        late = {**before, "fileType": value["result"]["fileType"]}
        return reply.write({**value, "result": late})


def _misread(coding: str, into: str) -> Edit:
    return _text(lambda text: text.encode(coding, "replace").decode(into, "replace"))


def _spelt(text: str) -> str:
    return json.dumps(text)[1:-1]


_READING: tuple[tuple[str, Edit, tuple[str, ...]], ...] = (
    ("every picture gets the guide's words", _rote, ("value",)),
    ("letters that a coding lacks are U+FFFD", _misread("ascii", "ascii"), ("languages",)),
    (
        "letters that a coding lacks are question marks",
        _text(lambda text: text.encode("ascii", "replace").decode()),
        ("languages",),
    ),
    ("UTF-8 is read as Latin-1", _misread("utf-8", "latin-1"), ("languages",)),
    ("UTF-8 is read as Windows-1252", _misread("utf-8", "cp1252"), ("languages",)),
    ("EUC-KR is read as Latin-1", _misread("euc-kr", "latin-1"), ("languages",)),
    ("Hangul is spelt in escapes", _text(_spelt), ("value",)),
    ("text is escaped for HTML", _text(html.escape), ("value",)),
    (
        "text is escaped for URLs",
        _text(quote),
        ("value",),
    ),
    ("text has a control character", _text(lambda text: text[:1] + "\x85" + text[1:]), ("value",)),
    ("text is lower case", _text(str.lower), ("value",)),
    ("text is upper case", _text(str.upper), ("value",)),
    ("text is reversed", _text(lambda text: text[::-1]), ("value",)),
    ("words lose their last letter", _text(lambda text: text[:-1] or text), ("value",)),
    ("words lose their marks", _text(lambda text: "".join(filter(str.isalnum, text))), ("value",)),
    (
        "letters are set apart",
        _text(" ".join),
        ("word-form",),
    ),
    (
        "text is decomposed",
        _text(lambda text: unicodedata.normalize("NFD", text)),
        ("value",),
    ),
    (
        "numbers are dropped",
        _text(lambda text: "0" if text[:1].isdigit() else text),
        ("value",),
    ),
    (
        "Hangul is not read",
        lambda value: _write(
            value,
            [
                kept
                for line in _lines(value)[0]
                if (kept := [word for word in line if word["value"].isascii()])
            ],
            [
                kept
                for line, found in zip(*_lines(value), strict=True)
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
    ("the second word is always another", _second_word, ("value",)),
    ("every o is a 0", _text(lambda text: text.replace("o", "0")), ("value",)),
    ("words are one place on", _rotated_words, ("pairing",)),
    ("the words of a line are joined", _joined, ("word-form",)),
    ("the first two boxes are exchanged", _swap((0, 0), (-1, -1)), ("pairing",)),
    ("the last word is dropped", _both(_without_last_word), ("value",)),
    ("the first word is dropped", _both(_without_first_word), ("value",)),
    ("the last line is dropped", _both(lambda lines: lines[:-1] or lines), ("value",)),
    ("the first line is dropped", _both(lambda lines: lines[1:] or lines), ("value",)),
    ("every line comes twice", _both(lambda lines: lines + lines), ("value",)),
    ("the last word comes twice", _both(lambda lines: [*lines, lines[-1][-1:]]), ("value",)),
    (
        "each word is a line",
        _both(lambda lines: [[item] for item in _flat(lines)]),
        ("visual-line",),
    ),
    ("all lines are one", _both(lambda lines: [_flat(lines)]), ("visual-line",)),
    (
        "two lines are one",
        _both(lambda lines: [_flat(lines[:2]), *lines[2:]]),
        ("visual-line",),
    ),
    (
        "the last line is cut",
        _both(lambda lines: [*lines[:-1], lines[-1][:1], *filter(None, [lines[-1][1:]])]),
        ("visual-line",),
    ),
    ("lines go from the bottom up", _both(lambda lines: lines[::-1]), ("visual-line",)),
    ("y grows upwards", _bottom_up, ("pixels",)),
    ("coordinates are percent", _percent, ("pixels",)),
    ("coordinates are of half the size", _points(lambda x, y: (x / 2, y / 2)), ("pixels",)),
    ("coordinates are a tenth larger", _points(lambda x, y: (x * 1.1, y * 1.1)), ("pixels",)),
    ("coordinates are off by 30", _points(lambda x, y: (x + 30, y + 30)), ("pixels",)),
    ("x and y are exchanged", _points(lambda x, y: (y, x)), ("pixels",)),
    ("all boxes are in a corner", _corner, ("pixels",)),
    (
        "the first box is off",
        lambda value: _first_box_only(value, _points(lambda x, y: (x + 120, y + 60))),
        ("pixels",),
    ),
    (
        "the last box is off",
        lambda value: _last_box_only(value, _points(lambda x, y: (x / 2, y / 2))),
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
            yield Drift(f"{name}, in {way}", only(way, on_success(edit)), facts)
    for way in WAYS:
        yield Drift(f"each answer comes a call late, in {way}", only(way, _Late()), ("value",))
