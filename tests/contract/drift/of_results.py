"""The named drifts in the result of a success: its words, its boxes and their numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from contract.drift.misreading import Edit
from contract.drift.tampering import Drift, Value, boxes, on_success, words


def _each(items: Iterable[Value], **changes: Any) -> object:
    """Set or change keys of each item."""
    for item in items:
        for key, change in changes.items():
            item[key] = change(item[key]) if callable(change) else change
    return items


def _scaled(factor: float) -> Edit:
    def edit(value: Value) -> None:
        for box in boxes(value):
            for key in box:
                box[key] = int(box[key] * factor) if factor >= 1 else box[key] * factor

    return edit


def _turned(by: int) -> Edit:
    def edit(value: Value) -> None:
        for box in boxes(value):
            numbers = list(box.values())
            box.update(zip(box, numbers[2 * by :] + numbers[: 2 * by], strict=True))

    return edit


def _mirrored(value: Value) -> None:
    for box in boxes(value):
        x1, y1, x2, y2, x3, y3, x4, y4 = box.values()
        box.update(zip(box, (x1, y1, x4, y4, x3, y3, x2, y2), strict=True))


def _corners_as_size(value: Value) -> None:
    for box in boxes(value):
        box["x3"], box["y3"] = box["x3"] - box["x1"], box["y3"] - box["y1"]


def _result(**changes: Any) -> Edit:
    return lambda value: _each([value["result"]], **changes)


def _lists(value: Value) -> tuple[list[Value], list[Value]]:
    return value["result"]["listOfInferTexts"], value["result"]["listOfBoundingBoxes"]


def _one_line(value: Value) -> None:
    texts, areas = _lists(value)
    texts[:] = [{"inferTexts": [word for line in texts for word in line["inferTexts"]]}]
    areas[:] = [{"boundingBoxes": [box for line in areas for box in line["boundingBoxes"]]}]


def _reversed_words(value: Value) -> None:
    texts, areas = _lists(value)
    for line in texts:
        line["inferTexts"].reverse()
    for line in areas:
        line["boundingBoxes"].reverse()


RESULT = (
    Drift(
        "a box is lost",
        on_success(lambda value: _lists(value)[1][-1]["boundingBoxes"].pop()),
        ("pairing",),
    ),
    Drift(
        "a word is lost",
        on_success(lambda value: _lists(value)[0][-1]["inferTexts"].pop()),
        ("pairing",),
    ),
    Drift(
        "a line of boxes is lost", on_success(lambda value: _lists(value)[1].pop()), ("pairing",)
    ),
    Drift(
        "boxes come for lines, not for words",
        on_success(lambda value: _each(_lists(value)[1], boundingBoxes=lambda found: found[:1])),
        ("pairing",),
    ),
    Drift(
        "boxes come from right to left",
        on_success(lambda value: _each(_lists(value)[1], boundingBoxes=lambda found: found[::-1])),
        ("pairing", "visual-line"),
    ),
    Drift("words come from right to left", on_success(_reversed_words), ("visual-line",)),
    Drift("all lines come as one", on_success(_one_line), ("visual-line",)),
    Drift(
        "a success may have no words",
        on_success(_result(listOfInferTexts=lambda _: [], listOfBoundingBoxes=lambda _: [])),
    ),
    Drift(
        "a word has an angle",
        on_success(lambda value: _each(words(value), angle=0)),
        ("word-form",),
    ),
    Drift(
        "a word is called text",
        on_success(lambda value: [word.update(text=word.pop("value")) for word in words(value)]),
        ("word-form",),
    ),
    Drift("corners start at the top right", on_success(_turned(1)), ("corners",)),
    Drift("corners start at the bottom right", on_success(_turned(2)), ("corners",)),
    Drift("corners go against the clock", on_success(_mirrored), ("corners",)),
    Drift("corner 3 is width and height", on_success(_corners_as_size), ("corners",)),
    Drift("coordinates are of an image twice as large", on_success(_scaled(2)), ("pixels",)),
    Drift(
        "coordinates are fractions of the image",
        on_success(_scaled(1 / 1000)),
        ("pixels", "numbers"),
    ),
    Drift(
        "conf is in percent",
        on_success(lambda value: _each(words(value), conf=lambda conf: conf * 100)),
        ("numbers",),
    ),
    Drift(
        "conf is a string", on_success(lambda value: _each(words(value), conf=str)), ("numbers",)
    ),
    Drift(
        "conf is sometimes null",
        on_success(lambda value: next(words(value)).update(conf=None)),
        ("numbers",),
    ),
    Drift(
        "coordinates are strings",
        on_success(lambda value: [_each([box], x1=str) for box in boxes(value)]),
        ("numbers",),
    ),
    Drift(
        "resolution comes back",
        on_success(lambda value: value["result"].update(resolution="normal")),
        ("extra-fields",),
    ),
    Drift(
        "fileType is upper case",
        on_success(_result(fileType=lambda kind: kind.upper())),
        ("file-type",),
    ),
    Drift(
        "fileType is jpeg",
        on_success(_result(fileType=lambda kind: kind.replace("jpg", "jpeg"))),
        ("file-type",),
    ),
    Drift("fileType is always png", on_success(_result(fileType="png")), ("file-type",)),
    Drift(
        "slicesImages is gone",
        on_success(lambda value: value["result"].pop("slicesImages", None)),
        ("slices",),
    ),
    Drift(
        "slicesImages comes with general",
        on_success(lambda value: value["result"].setdefault("slicesImages", 1)),
        ("slices",),
    ),
    Drift(
        "slicesImages counts from 0",
        on_success(
            lambda value: (
                "slicesImages" in value["result"]
                and _each([value["result"]], slicesImages=lambda count: count - 1)
            )
        ),
        ("slices",),
    ),
    Drift(
        "slicesImages is always 1",
        on_success(
            lambda value: (
                "slicesImages" in value["result"] and _each([value["result"]], slicesImages=1)
            )
        ),
        ("slices",),
    ),
)
