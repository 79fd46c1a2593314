"""One row a word: for pandas, spreadsheets, databases."""

from __future__ import annotations

import csv as writers
import json
import re
from io import StringIO
from math import isfinite
from typing import Any

from nhncloud_ocr import OcrResult, Quad

from ._clean import clean
from ._geometry import reach

# fmt: off
COLUMNS = (
    "page", "line", "word", "text", "confidence",
    "x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4",
    "left", "top", "width", "height",
)
# fmt: on
_NOWHERE = (None,) * 12
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[\d.,]*\d%?")


def rows(page: OcrResult, *, number: int = 1) -> list[dict[str, Any]]:
    """A dict for each word, in the reply's order, keys in the order of COLUMNS.

    `page` is `number`, `line` and `word` count from 1, `text` is as sent, `confidence` is 0..1, the
    rest pixels: the box's corners and the upright rectangle around it, None for a word without box.
    """
    found = []
    for line_number, line in enumerate(page.lines, 1):
        for word_number, word in enumerate(line.words, 1):
            said = number, line_number, word_number, word.text, word.confidence
            found.append(dict(zip(COLUMNS, said + _places(word.box), strict=True)))
    return found


def csv(page: OcrResult, *, number: int = 1, guard: bool = True) -> str:
    """`rows` as comma-separated values under a line of names; an empty cell where there is no box.

    Spreadsheets run a text that starts with =, +, - or @ as a formula. With `guard` such a text
    gets an apostrophe before it, unless it is a plain number like -1,000; without, it stays as it
    is. Control characters are replaced. Write it with `encoding="utf-8-sig"` for Excel, which
    takes Hangul for something else without that mark.
    """
    return _separated(page, number, guard, ",")


def tsv(page: OcrResult, *, number: int = 1, guard: bool = True) -> str:
    """As `csv`, separated by tabs; a text with a quotation mark is quoted."""
    return _separated(page, number, guard, "\t")


def jsonl(page: OcrResult, *, number: int = 1) -> str:
    """`rows` as JSON Lines, a word a line, letters as they are; control characters are replaced,
    and null stands where there is no box."""
    template = "{" + ", ".join([f"{json.dumps(name)}: %s" for name in COLUMNS]) + "}\n"
    quoted = json.JSONEncoder(ensure_ascii=False).encode
    lines = []
    for row in rows(page, number=number):
        row["text"] = quoted(clean(row["text"]))
        if not isfinite(row["confidence"]):
            row["confidence"] = None
        lines.append(template % tuple(["null" if v is None else v for v in row.values()]))
    return "".join(lines)


def _places(box: Quad | None) -> tuple[float | None, ...]:
    around = reach(box)
    if box is None or around is None:
        return _NOWHERE
    left, top, right, bottom = around
    # fmt: off
    return (
        box.x1, box.y1, box.x2, box.y2, box.x3, box.y3, box.x4, box.y4,
        left, top, right - left, bottom - top,
    )
    # fmt: on


def _separated(page: OcrResult, number: int, guard: bool, delimiter: str) -> str:
    file = StringIO()
    writer = writers.writer(file, delimiter=delimiter, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows(page, number=number):
        text = clean(row["text"])
        row["text"] = f"'{text}" if guard and _is_formula(text) else text
        writer.writerow(row.values())
    return file.getvalue()


def _is_formula(text: str) -> bool:
    return _FORMULA.match(text) is not None and _NUMBER.fullmatch(text.strip()) is None
