"""What can be told of a run of characters: a word, or a part of a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from ._blanks import Character, is_hangul

__all__ = ["LOOSE", "clarity", "digits_in", "has_hangul", "is_number", "split", "text_of"]

LOOSE: Final = frozenset(".,()!?:;'\"~-%[]…·‘’“”<>「」/*")  # both models read these


def is_number(run: Sequence[Character]) -> bool:
    return all(c.text.isdigit() or c.text in LOOSE for c in run)


def has_hangul(run: Sequence[Character]) -> bool:
    return any(is_hangul(c.text) for c in run)


def digits_in(run: Sequence[Character]) -> int:
    return sum(c.text.isdigit() for c in run)


def clarity(run: Sequence[Character]) -> float:
    return sum(c.confidence for c in run) / len(run)


def text_of(run: Iterable[Character]) -> str:
    return "".join(c.text for c in run)


def split(line: Sequence[Character]) -> list[Sequence[Character]]:
    """Split a line at its blanks."""
    starts = [index for index, c in enumerate(line) if c.blank or not index]
    return [line[start:end] for start, end in pairwise([*starts, len(line)])]
