"""Strategies: replies written by hand, in any of the spellings that JSON and the guide allow."""

import json
import random
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

Group = list[tuple[str, float]]
Corners = tuple[float, ...]

CORNERS = ("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4")
UNKNOWN = [
    ("resolution", "low"),
    ("note", '"inferTexts": [ ], }'),
    ("value", [1, {"conf": None}]),
    ("빈칸", {}),
]

texts = st.text(max_size=6) | st.sampled_from(
    [",]", ", }", '",]"', "\\", '\\"', "},\n]", "/", "\u2028", "\x00", "😀"]
)
confidences = st.floats(0, 1) | st.sampled_from([0, 1])
groups = st.lists(st.tuples(texts, confidences), max_size=3)
# One draw makes a box: what its numbers are matters less than whose it is, and draws take the time.
corners = st.integers(-100, 20_000).map(
    lambda n: (n, n / 7, n + 30, n * 1e3, n + 30.5, n + 9, -n, 1e-7 * n)
)
box_groups = st.lists(corners, max_size=3)


@dataclass(frozen=True)
class Page:
    """What a reply means: per outer index the groups of words, and the groups of boxes."""

    texts: list[list[Group]]
    boxes: list[list[list[Corners]]]
    slices: int | None
    extra: dict[str, Any]


@st.composite
def pages(draw: st.DrawFn, *, cropping: bool) -> Page:
    outer_texts = draw(st.lists(st.lists(groups, min_size=1, max_size=3), max_size=3))
    outer_boxes = draw(st.lists(st.lists(box_groups, min_size=1, max_size=3), max_size=3))
    if draw(st.booleans()):  # boxes that fit, which chance would seldom give
        shape = [[len(group) for group in outer] for outer in outer_texts]
        outer_boxes = [
            [draw(st.lists(corners, min_size=n, max_size=n)) for n in outer] for outer in shape
        ]
    slices = draw(st.none() | st.integers(1, 40)) if cropping else None
    extra = dict(draw(st.lists(st.sampled_from(UNKNOWN), unique_by=lambda pair: pair[0])))
    return Page(outer_texts, outer_boxes, slices, extra)


class Writer:
    """Writes JSON in one of its many spellings, drawn from a seed: white space, escapes, the order
    of the keys, trailing commas. The order of the values of a repeated key is kept."""

    def __init__(self, seed: int, *, trailing_commas: bool) -> None:
        self._chance = random.Random(seed)
        self._blanks = self._chance.choice([[""], ["", " "], ["", " ", "\n  ", "\r\n", "\t"]])
        self._commas = trailing_commas

    def object(self, pairs: list[tuple[str, str]]) -> str:
        names = self._chance.sample([name for name, _ in pairs], len(pairs))
        values = {name: iter([value for key, value in pairs if key == name]) for name in names}
        return self._enclosed(
            "{}", [f"{self.text(name)}{self._blank()}:{next(values[name])}" for name in names]
        )

    def array(self, items: list[str]) -> str:
        return self._enclosed("[]", items)

    def text(self, text: str) -> str:
        style = self._chance.random()
        if style < 0.6:
            return json.dumps(text, ensure_ascii=style < 0.3)
        return '"' + "".join(map(self._character, text)) + '"'

    def any(self, value: Any) -> str:
        if isinstance(value, dict):
            return self.object([(key, self.any(each)) for key, each in value.items()])
        if isinstance(value, (list, tuple)):
            return self.array([self.any(each) for each in value])
        return self.text(value) if isinstance(value, str) else json.dumps(value)

    def _character(self, char: str) -> str:
        if self._chance.random() < 0.5 and ord(char) < 0x10000:
            return f"\\u{ord(char):04x}"
        return json.dumps(char)[1:-1]

    def _enclosed(self, brackets: str, items: list[str]) -> str:
        padded = ",".join(f"{self._blank()}{item}{self._blank()}" for item in items)
        comma = (
            "," + self._blank() if items and self._commas and self._chance.random() < 0.3 else ""
        )
        return f"{brackets[0]}{padded or self._blank()}{comma}{brackets[1]}"

    def _blank(self) -> str:
        return self._chance.choice(self._blanks)


def write(page: Page, writer: Writer) -> bytes:
    """The body of a success that means `page`."""
    any_ = writer.any
    texts = [
        writer.object(
            [
                ("inferTexts", writer.array([any_({"value": v, "conf": c}) for v, c in group]))
                for group in outer
            ]
        )
        for outer in page.texts
    ]
    boxes = [
        writer.object(
            [
                ("boundingBoxes", any_([dict(zip(CORNERS, quad, strict=True)) for quad in g]))
                for g in outer
            ]
        )
        for outer in page.boxes
    ]
    result = [
        ("fileType", any_("png")),
        ("listOfInferTexts", writer.array(texts)),
        ("listOfBoundingBoxes", writer.array(boxes)),
        *([] if page.slices is None else [("slicesImages", any_(page.slices))]),
        *((name, any_(value)) for name, value in page.extra.items()),
    ]
    header = any_({"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS"})
    return writer.object([("header", header), ("result", writer.object(result))]).encode()
