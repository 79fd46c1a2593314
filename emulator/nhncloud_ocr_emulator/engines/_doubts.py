"""Which words of a line are kept, and which were hardly text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ._characters import is_hangul
from ._tesserocr import Token

__all__ = ["letters_in", "without_doubtful"]

# In confidences. How these were chosen: docs/decisions/reading-by-script.md.
_ALONE: Final = 0.55
_IN_COMPANY: Final = 0.3  # of a line with a sure word, or beside one that is nearly so
_SIGNS: Final = 0.8  # without letters and digits, at the end of a line, as icons and edges are
_LETTER: Final = 0.9  # the same for one Latin letter beside Hangul
_SURE: Final = 0.8  # with two letters or digits at least
_BESIDE: Final = 0.75

# Models are less sure of what is no word of a language, and invent none of these.
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\w+\.\w|[\w.-]+@\w+\.\w")


def without_doubtful(line: Sequence[Token]) -> list[Token]:
    """Return the words of a line, without those that are hardly text."""
    is_text = any(token.confidence >= _SURE and letters_in(token.text) > 1 for token in line)
    kept = []
    for index, token in enumerate(line):
        beside = (*line[max(index - 1, 0) : index], *line[index + 1 : index + 2])
        if not letters_in(token.text):
            least = _SIGNS if len(beside) < 2 else _ALONE
        elif _may_be_icon(token.text) and len(beside) == 1 and _has_hangul(beside[0].text):
            least = _LETTER
        elif (
            _ADDRESS.match(token.text)
            or is_text
            or any(other.confidence >= _BESIDE for other in beside)
        ):
            least = _IN_COMPANY
        else:
            least = _ALONE
        if token.confidence >= least:
            kept.append(token)
    return kept


def _may_be_icon(text: str) -> bool:
    return len(text) == 1 and text.isascii() and text.isalpha()


def _has_hangul(text: str) -> bool:
    return any(map(is_hangul, text))


def letters_in(text: str) -> int:
    """Return how many letters and digits a text has; single parts of Hangul letters are none."""
    return sum(x.isalnum() and not "\u3130" <= x <= "\u318f" for x in text)
