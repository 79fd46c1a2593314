"""Text as it lies on the page: columns stay columns, in letters of one width."""

from __future__ import annotations

from functools import lru_cache
from statistics import median
from typing import NamedTuple
from unicodedata import category, combining, east_asian_width, normalize

from nhncloud_ocr import OcrResult

from ._clean import clean
from ._geometry import reach, reading_angle, seen_at

_ONE_SPACE = 2.2  # letters: words no further apart are of one phrase, not of two columns
_WIDEST = 400  # cells that a row may have: a page with one tiny letter must not become megabytes
_WITHOUT_WIDTH = {"Mn", "Me", "Cf"}  # marks on the letter before, and what joins letters


class _Cell(NamedTuple):
    """A word in the page's own frame, pixels; `middle` is how far down it lies."""

    left: float
    middle: float
    width: float
    height: float
    text: str
    columns: int


def layout_text(page: OcrResult) -> str:
    """The page in rows and columns, for a font of one width: Hangul counts two cells.

    A page that is turned as a whole is read in its own direction. Words whose middles lie within
    half a height are in one row; a row starts as far in as its first word does. Words without a box
    follow below, in the reply's lines. Control characters are replaced; nothing is left out.
    """
    lines = [
        [(clean(word.text).strip(), word.box if reach(word.box) else None) for word in line.words]
        for line in page.lines
    ]
    see = seen_at(reading_angle([[box for _, box in line if box] for line in lines]))
    cells, rest = [], []
    for line in lines:
        for text, box in line:
            if box:
                along, down, width, height = see(box)
                left = along - width / 2
                cells.append(_Cell(left, down, width, height, text, columns(text)))
        lost = [text for text, box in line if not box]
        if lost:
            rest.append(" ".join(lost))
    return "\n".join([*_written(cells), *rest])


def _written(cells: list[_Cell]) -> list[str]:
    if not cells:
        return []
    origin = min(cell.left for cell in cells)
    extent = max(cell.left + cell.width for cell in cells) - origin
    letter = median([cell.width / max(cell.columns, 1) for cell in cells])
    letter = max(letter, extent / _WIDEST) or 1.0
    return [_row(row, origin, letter) for row in _rows(cells)]


def _rows(cells: list[_Cell]) -> list[list[_Cell]]:
    """Words that lie within half a height of their row's middle, from top to bottom."""
    rows: list[list[_Cell]] = []
    middle = 0.0
    for cell in sorted(cells, key=lambda cell: cell.middle):
        lowest = min(cell.height, rows[-1][0].height) if rows else 0.0
        if rows and cell.middle - middle < lowest / 2:
            rows[-1].append(cell)
            middle += (cell.middle - middle) / len(rows[-1])
        else:
            rows.append([cell])
            middle = cell.middle
    return [sorted(row, key=lambda cell: cell.left) for row in rows]


def _row(row: list[_Cell], origin: float, letter: float) -> str:
    written, at, end = "", 0, float("-inf")
    for cell in row:
        gap = max(round((cell.left - origin) / letter) - at, 1 if written else 0)
        if cell.left - end < _ONE_SPACE * letter:
            gap = 1
        written += " " * gap + cell.text
        at += gap + cell.columns
        end = cell.left + cell.width
    return written


def columns(text: str) -> int:
    """How many cells of a terminal or a typewriter font the text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, normalize("NFC", text)))


@lru_cache(maxsize=4096)
def _columns(letter: str) -> int:
    if combining(letter) or category(letter) in _WITHOUT_WIDTH:
        return 0
    return 2 if east_asian_width(letter) in "WF" else 1
