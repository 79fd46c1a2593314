"""Signs that neither model knows, told by their shape."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from PIL import Image

from ._components import tones

__all__ = ["DASHES", "arrow", "as_written"]

DASHES: Final = frozenset("-—–ㅡ―~=>»→")
"""What the models take an arrow for."""

# How these were chosen: docs/decisions/reading-by-script.md.
_INK: Final = 96  # of 255
_LONG: Final = 0.4  # of the line's height, that an arrow is at least
_HEAD: Final = 2.2  # times as high as its shaft
# The models take ₩ for a backslash, a yen sign or one or two W; "W100" alone may be a name.
_WON: Final = re.compile(r"[Ww¥\\￦][Ww]?(?=\d{1,3}(?:,\d{3})+(?!\d))|[¥\\￦]F?(?=\d)")


def as_written(word: str) -> str:
    """Return a word with ₩ before an amount, and a middle dot for the vowel that looks so."""
    word = word.replace("ㆍ", "·")
    return _WON.sub("₩", word, count=1) if _WON.match(word) else word


def arrow(strip: Image.Image, left: int, right: int, height: int) -> str | None:
    """Return the arrow that is alone between two columns of a line, → or ←, or None."""
    ink = tones(strip)[:, max(left, 0) : right] < 255 - _INK
    rows, columns = np.nonzero(ink)
    if not rows.size or columns.max() - columns.min() < _LONG * height:
        return None
    ink = ink[:, columns.min() : columns.max() + 1]
    filled = ink.any(axis=0)
    first = ink.argmax(axis=0)
    last = len(ink) - 1 - ink[::-1].argmax(axis=0)
    spread = np.where(filled, last - first + 1, 0)
    if not filled.all():
        return None
    third = len(spread) // 3
    shaft = max(float(np.median(spread)), 1.0)
    heads = spread[:third].max() >= _HEAD * shaft, spread[-third:].max() >= _HEAD * shaft
    if heads == (False, True):
        return "→"
    return "←" if heads == (True, False) else None
