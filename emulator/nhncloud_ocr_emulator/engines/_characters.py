"""Characters of a line, and what can be told of some: of a word, or of a part of the line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from ._tesserocr import Rectangle

__all__ = [
    "LOOSE",
    "Character",
    "clarity",
    "digits_in",
    "has_hangul",
    "is_hangul",
    "is_number",
    "split",
    "text_of",
]

LOOSE: Final = frozenset(".,()!?:;'\"~-%[]…·‘’“”<>「」/*")  # both models read these


class Character(NamedTuple):
    """One character of a line; `rectangle` is rough, its left edge the best of it."""

    text: str
    confidence: float
    rectangle: Rectangle
    blank: bool  # whether a blank comes before it


def is_hangul(text: str) -> bool:
    """Whether a character is a Hangul syllable."""
    return "가" <= text <= "힣"


def is_number(run: Sequence[Character]) -> bool:
    """Whether digits and loose signs are all there is; signs alone are, too."""
    return all(c.text.isdigit() or c.text in LOOSE for c in run)


def has_hangul(run: Sequence[Character]) -> bool:
    """Whether a syllable of Hangul is among them."""
    return any(is_hangul(c.text) for c in run)


def digits_in(run: Sequence[Character]) -> int:
    """Return how many digits there are."""
    return sum(c.text.isdigit() for c in run)


def clarity(run: Sequence[Character]) -> float:
    """Return the mean confidence of at least one character."""
    return sum(c.confidence for c in run) / len(run)


def text_of(run: Iterable[Character]) -> str:
    """Return the text, without the blanks in it."""
    return "".join(c.text for c in run)


def split(line: Sequence[Character]) -> list[Sequence[Character]]:
    """Split a line at its blanks."""
    starts = [index for index, c in enumerate(line) if c.blank or not index]
    return [line[start:end] for start, end in pairwise([*starts, len(line)])]
