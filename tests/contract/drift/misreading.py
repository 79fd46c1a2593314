"""How a result is read wrongly: edits of its words, of its lines and of its places."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

from contract.drift.tampering import Value, boxes, words

Edit: TypeAlias = Callable[[Value], object]
CORNERS = ("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4")


def each_text(change: Callable[[str], str]) -> Edit:
    def edit(value: Value) -> None:
        for word in words(value):
            word["value"] = change(word["value"])

    return edit


def each_corner(change: Callable[[float, float], tuple[float, float]]) -> Edit:
    """Move each corner."""

    def edit(value: Value) -> None:
        for box in boxes(value):
            for x, y in (("x1", "y1"), ("x2", "y2"), ("x3", "y3"), ("x4", "y4")):
                moved = change(box[x], box[y])
                box[x], box[y] = (max(0, int(number)) for number in moved)

    return edit


def lines_of(value: Value) -> tuple[list[Any], list[Any]]:
    """The words and the boxes of each line, as lists to be changed."""
    result = value["result"]
    return (
        [line["inferTexts"] for line in result["listOfInferTexts"]],
        [line["boundingBoxes"] for line in result["listOfBoundingBoxes"]],
    )


def write_lines(value: Value, texts: list[Any], areas: list[Any]) -> None:
    value["result"]["listOfInferTexts"] = [{"inferTexts": line} for line in texts]
    value["result"]["listOfBoundingBoxes"] = [{"boundingBoxes": line} for line in areas]


def both_lists(change: Callable[[list[Any]], list[Any]]) -> Edit:
    """Change the lines of words and those of boxes alike."""

    def edit(value: Value) -> None:
        texts, areas = lines_of(value)
        write_lines(value, change(texts), change(areas))

    return edit


def flat(lines: list[Any]) -> list[Any]:
    return [item for line in lines for item in line]


def without_last_word(lines: list[Any]) -> list[Any]:
    kept = [*lines[:-1], lines[-1][:-1]]
    return [line for line in kept if line]


def without_first_word(lines: list[Any]) -> list[Any]:
    kept = [lines[0][1:], *lines[1:]]
    return [line for line in kept if line]


def swapped_boxes(first: tuple[int, int], second: tuple[int, int]) -> Edit:
    """Two boxes change their places, the words do not."""

    def edit(value: Value) -> None:
        _, areas = lines_of(value)
        if len(areas) < 2:
            return
        a, b = areas[first[0]][first[1]], areas[second[0]][second[1]]
        a_was, b_was = dict(a), dict(b)
        a.update(b_was)
        b.update(a_was)

    return edit


def rotated_words(value: Value) -> None:
    found = list(words(value))
    texts = [word["value"] for word in found]
    for word, text in zip(found, texts[1:] + texts[:1], strict=True):
        word["value"] = text


def second_word(value: Value) -> None:
    for index, word in enumerate(words(value)):
        if index == 1:
            word["value"] = f"{word['value'][::-1]}x"


def bottom_up(value: Value) -> None:
    height = max((max(box[y] for y in CORNERS[1::2]) for box in boxes(value)), default=0)
    for box in boxes(value):
        x1, y1, x2, y2, x3, y3, x4, y4 = (box[corner] for corner in CORNERS)
        turned = (x1, height - y4, x2, height - y3, x3, height - y2, x4, height - y1)
        box.update(zip(CORNERS, turned, strict=True))


def in_percent(value: Value) -> None:
    wide = max((box["x2"] for box in boxes(value)), default=1)
    high = max((box["y3"] for box in boxes(value)), default=1)
    for box in boxes(value):
        left, top = box["x1"] * 90 // wide, box["y1"] * 90 // high
        right, bottom = (
            max(left + 1, box["x2"] * 90 // wide),
            max(top + 1, box["y3"] * 90 // high),
        )
        box.update(zip(CORNERS, (left, top, right, top, right, bottom, left, bottom), strict=True))


def all_in_a_corner(value: Value) -> None:
    """All boxes are small and in the first corner."""
    for index, box in enumerate(boxes(value)):
        left = 5 * index
        box.update(zip(CORNERS, (left, 0, left + 4, 0, left + 4, 4, left, 4), strict=True))


def first_box_only(value: Value, change: Edit) -> None:
    texts, areas = lines_of(value)
    one = {
        "result": {
            "listOfInferTexts": [{"inferTexts": texts[0][:1]}],
            "listOfBoundingBoxes": [{"boundingBoxes": areas[0][:1]}],
        }
    }
    change(one)


def last_box_only(value: Value, change: Edit) -> None:
    texts, areas = lines_of(value)
    one = {
        "result": {
            "listOfInferTexts": [{"inferTexts": texts[-1][-1:]}],
            "listOfBoundingBoxes": [{"boundingBoxes": areas[-1][-1:]}],
        }
    }
    change(one)


def joined(value: Value) -> None:
    """The words of a line come as one."""
    texts, areas = lines_of(value)
    for index, (line, found) in enumerate(zip(texts, areas, strict=True)):
        whole = {"value": " ".join(word["value"] for word in line), "conf": line[0]["conf"]}
        first, last = found[0], found[-1]
        box = {**first, **{key: last[key] for key in ("x2", "y2", "x3", "y3")}}
        texts[index], areas[index] = [whole], [box]
    write_lines(value, texts, areas)


def by_rote(value: Value) -> None:
    """One answer to every picture, the guide's."""
    said = [{"value": text, "conf": 0.99} for text in ("stella", "artois", "belgium")]
    box = dict(zip(CORNERS, (32, 23, 65, 23, 65, 35, 32, 35), strict=True))
    right = {key: number + (40 if key[0] == "x" else 0) for key, number in box.items()}
    far = {key: number + (80 if key[0] == "x" else 0) for key, number in box.items()}
    write_lines(value, [said], [[box, right, far]])


def misread(coding: str, into: str) -> Edit:
    return each_text(lambda text: text.encode(coding, "replace").decode(into, "replace"))


def spelt(text: str) -> str:
    return json.dumps(text)[1:-1]
