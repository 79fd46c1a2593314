"""How likely a word is, whatever it looks like: what the models take for each other is not."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["comma_read_as_digit", "is_mixed", "likelihood"]

# In confidences. Of two readings of a word these tip the scale where the models are in doubt.
_HANGUL: Final = 0.2  # the Korean model seldom sees whole words of Hangul where none are
_AMOUNT: Final = 0.15  # no model invents the commas of an amount
_MALFORMED: Final = -0.3
_SIGNS_ALONE: Final = -0.1

_HANGUL_WORD: Final = re.compile(r"[(\['\"‘“「《<]*[가-힣](?:·?[가-힣])+[)\]'\"’”」》>.,:;!?…]*")
_GROUPED: Final = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?![\d.,])")
_BADLY_GROUPED: Final = re.compile(
    r"(?<![\d.,])(?:0\d*|\d{4,}),\d"  # four digits and more before a comma
    r"|\d,(?:\d{1,2}|\d{4,})(?!\d)"  # not three after it
    r"|(?<![\d.,])\d{1,3}(?:\.\d{3})+(?![\d.,])"  # dots for commas
)
_FIRST_COMMA_LOST: Final = re.compile(r"\D*\d(\d{3}(?:,\d{3})+(?!\d).*)")
_JAMO: Final = re.compile(r"[\dA-Za-z][ㄱ-ㅣ]|[ㄱ-ㅣ][\dA-Za-z]")
_ODD: Final = re.compile(  # what is taken for letters and digits: PDF for 『마, ₩7 for \\/
    r"『(?![^』]*』)|\^[0-9A-Za-z가-힣]|[¥\\]/"
)
_MIXED: Final = re.compile(r"[0-9A-Za-z\\!|ㄱ-ㅣ][가-힣]|[가-힣][0-9A-Za-z\\|ㄱ-ㅣ]")


def likelihood(text: str) -> float:
    """Return what to add to the confidence of a word, or of words without the blanks."""
    if _BADLY_GROUPED.search(text) or _JAMO.search(text) or _ODD.search(text):
        return _MALFORMED
    if _HANGUL_WORD.fullmatch(text):
        return _HANGUL
    if _GROUPED.search(text):
        return _AMOUNT
    return 0.0 if any(map(str.isalnum, text)) else _SIGNS_ALONE


def is_mixed(text: str) -> bool:
    """Whether Hangul stands beside Latin letters or digits, which one model reads poorly."""
    return _MIXED.search(text) is not None


def comma_read_as_digit(text: str, other: str) -> bool:
    """Whether one reading of an amount has a digit for its first comma, and the other nothing.

    11284,500 beside 1284,500: neither is one, and 1,284,500 is what both are short of.
    """
    lost = _FIRST_COMMA_LOST.fullmatch(other)
    if lost is None:
        return False
    head = other[: lost.start(1)]
    return re.fullmatch(rf"{re.escape(head)}\d{re.escape(lost[1])}", text) is not None
