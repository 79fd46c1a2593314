"""Signs that neither model knows, told by their shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Final

import numpy as np
from PIL import Image

from ._characters import Character, is_hangul
from ._components import tones
from ._tesserocr import Token

__all__ = ["as_written", "with_arrows", "with_won"]

_DASHES: Final = frozenset("-—–ㅡ―~=>»→")  # what the models take an arrow for

# How these were chosen: docs/decisions/reading-by-script.md.
_INK: Final = 96  # of 255
_LONG: Final = 0.4  # of the line's height, that an arrow is at least
_HEAD: Final = 2.2  # times as high as its shaft
# The models take ₩ for a backslash, a yen sign or one or two W; "W100" alone may be a name.
_AMOUNT: Final = r"\d{1,3}(?:,\d{3})+(?!\d)"
_WON: Final = re.compile(rf"(-?)(?:[Ww¥\\￦][Ww]?(?={_AMOUNT})|[¥\\￦]F?(?=\d))")
_MASK: Final = re.compile(r"×{2,}")
_WON_ALONE: Final = re.compile(r"[WwVv]|[¥\\￦]F?")


def as_written(word: str) -> str:
    """Return a word with ₩ before an amount, a middle dot for the vowel that looks so, and masks.

    Of several × in a row, as in a card's number, each is an X.
    """
    word = _MASK.sub(lambda mask: "X" * len(mask[0]), word.replace("ㆍ", "·"))
    return _WON.sub(r"\1₩", word, count=1) if _WON.match(word) else word


def with_won(words: Sequence[Token]) -> list[Token]:
    """Return the words of a line with ₩ where it stands for itself before an amount."""
    result = list(words)
    for index, (sign, amount) in enumerate(pairwise(words)):
        if _WON_ALONE.fullmatch(sign.text) and re.match(_AMOUNT, amount.text):
            result[index] = sign._replace(text="₩")
    return result


def with_arrows(
    line: Sequence[Character], cuts: Sequence[int], strip: Image.Image, height: int
) -> tuple[list[Character], list[int]]:
    """Return a line, so many pixels high, with its arrows, and the column before each character.

    `cuts` are these columns before, of the end too.
    """
    result: list[Character] = []
    columns: list[int] = []
    for is_dash, group in groupby(range(len(line)), lambda index: line[index].text in _DASHES):
        indices = list(group)
        start, end = indices[0], indices[-1] + 1
        beside = (*line[max(start - 1, 0) : start], *line[end : end + 1])
        may_be = is_dash and (end - start > 1 or any(is_hangul(c.text) for c in beside))
        sign = _arrow(strip, cuts[start], cuts[end], height) if may_be else None
        if sign is not None:
            result.append(line[start]._replace(text=sign))
            columns.append(cuts[start])
        else:
            result += line[start:end]
            columns += cuts[start:end]
    return result, [*columns, cuts[-1]]


def _arrow(strip: Image.Image, left: int, right: int, height: int) -> str | None:
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
