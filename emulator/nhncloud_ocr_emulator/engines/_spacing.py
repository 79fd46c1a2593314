"""Digits that stand apart are words of their own."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import Final

from ._tesserocr import Rectangle, Token

__all__ = ["split_spaced_digits"]

# Of the characters' height. Digits of any common typeface, fixed pitch too, stand closer by one of
# these.
_GAP: Final = 0.33  # from ink to ink: a blank of most typefaces leaves more
_PITCH: Final = 0.95  # from middle to middle: the gaps beside a thin 1 are wide in any fixed pitch


def split_spaced_digits(token: Token) -> list[Token]:
    """Split a token where a digit stands as far from the next character as words do.

    Plates and forms have a cell for each digit. Tesseract tells blanks by the look of running text,
    and writes such digits as one number.
    """
    if len(token.characters) != len(token.text):
        return [token]
    ends = [index for index in range(1, len(token.text)) if _apart(token, index)]
    return [_part(token, start, end) for start, end in pairwise([0, *ends, len(token.text)])]


def _apart(token: Token, index: int) -> bool:
    """Whether a character and the one before it stand far apart, digits or a digit and a
    capital.
    """
    pair = token.text[index - 1 : index + 1]
    if not (
        pair.isascii()
        and any(map(str.isdigit, pair))
        and all(x.isdigit() or x.isupper() for x in pair)
    ):
        return False
    before, after = token.characters[index - 1 : index + 1]
    height = median(rectangle.bottom - rectangle.top for rectangle in token.characters)
    pitch = (after.left + after.right - before.left - before.right) / 2
    return after.left - before.right >= _GAP * height and pitch >= _PITCH * height


def _part(token: Token, start: int, end: int) -> Token:
    """Return the characters between two indices as a token of its own."""
    if end - start == len(token.text):
        return token
    characters = token.characters[start:end]
    return Token(
        token.text[start:end],
        token.confidence,
        Rectangle.around(characters),
        characters,
        token.confidences[start:end],
    )
