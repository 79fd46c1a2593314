"""What people do with calls and results: exports, tables, search, long images, drawing.

import nhncloud_ocr_toolkit as toolkit

print(toolkit.layout_text(page))

Pure functions over an `OcrResult`, on the standard library and the public names of `nhncloud_ocr`
alone; each module is loaded at the first use of its names.
"""

from importlib import import_module
from typing import TYPE_CHECKING

_HOMES: dict[str, str] = {
    "Match": "_search",
    "Merged": "_merging",
    "PlacementWarning": "_sheet",
    "View": "_view",
    "above": "_neighbours",
    "alto": "_alto",
    "below": "_neighbours",
    "csv": "_rows",
    "draw": "_drawing",
    "find": "_search",
    "hocr": "_hocr",
    "jsonl": "_rows",
    "layout_text": "_layout",
    "left_of": "_neighbours",
    "merge_slices": "_merging",
    "pdf": "_pdf",
    "right_of": "_neighbours",
    "rows": "_rows",
    "svg": "_svg",
    "tsv": "_rows",
    "view": "_view",
}
if TYPE_CHECKING:
    from ._alto import alto as alto
    from ._drawing import draw as draw
    from ._hocr import hocr as hocr
    from ._layout import layout_text as layout_text
    from ._merging import Merged as Merged, merge_slices as merge_slices
    from ._neighbours import (
        above as above,
        below as below,
        left_of as left_of,
        right_of as right_of,
    )
    from ._pdf import pdf as pdf
    from ._rows import csv as csv, jsonl as jsonl, rows as rows, tsv as tsv
    from ._search import Match as Match, find as find
    from ._sheet import PlacementWarning as PlacementWarning
    from ._svg import svg as svg
    from ._view import View as View, view as view
else:  # out of sight of type checkers, which would take any misspelt name for one of these
    __all__ = list(_HOMES)

    def __getattr__(name):
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f".{_HOMES[name]}", __name__), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
