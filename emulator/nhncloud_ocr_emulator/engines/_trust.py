"""Which model to believe of a part of a line: the Korean one, or the English one read after it.

The Korean model reads a line first. It takes Latin letters for syllables that look like them, loses
commas, and is fairly sure of some of that; the English model does the same to Hangul.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from ._characters import (
    LOOSE,
    Character,
    clarity,
    digits_in,
    has_hangul,
    is_hangul,
    is_number,
    split,
    text_of,
)
from ._likelihood import is_mixed, likelihood

__all__ = ["LATIN_SURE_AT_ONCE", "SURE_LATIN", "Run", "better", "runs_of", "surely_read"]

# In confidences. How these were chosen: docs/decisions/reading-by-script.md.
SURE_LATIN: Final = 0.7  # of the English model, for what the Korean one took for Hangul
LATIN_SURE_AT_ONCE: Final = 0.9  # of what has no Hangul; the English model gives some Hangul 0.85
_SURE_AT_ONCE: Final = 0.85  # of a word with Hangul: nothing is read again
_SURE_HANGUL: Final = 0.6  # below it the Korean model may have met Latin letters
_SURE_SMALL: Final = 0.9  # of the English model, for small letters instead of one syllable
_SURE_NUMBER: Final = 0.75
_FAR: Final = 0.4  # of letters, so much surer than the Korean model it need not be sure
_NOTHING: Final = 0.4  # below it the English model has met what is not Latin

_UNGROUPED: Final = re.compile(  # the Korean model loses commas
    r"(?<![\w./:,-])\d{4,}(?![\w./:-])|\d{4,}원|\d\.\d{3}(?![\d.])"
)
# In a word of Hangul and digits what is hardly so: Latin letters, or what these are taken for, and
# digits before anything but what is counted ("458메모리" is USB메모리).
_HARDLY: Final = re.compile(
    r"[A-Za-zＡ-Ｚａ-ｚ\\!|ㄱ-ㅣ]|\d(?![개원시분초일월년층호번명장권대동회차위등세살잔병통봉매건주열백천만])[가-힣]"
)
_AMOUNT: Final = re.compile(r"\d{1,3}(?:\.\d{3})+")


class Run(NamedTuple):
    """A part of a line, from one index to another, that one model is to read."""

    start: int
    end: int
    settled: bool  # whether the Korean model's reading stays without the English one's


def surely_read(line: Sequence[Character]) -> list[bool]:
    """Return of each character whether the English model need not read it.

    Beside a word that it must read, it reads those without Hangul too: "for" looks like 107.
    """
    words = split(line)
    sure = [_is_surely_read(word) for word in words]
    spread = list(sure)
    for order in (range(len(words)), range(len(words) - 1, -1, -1)):
        before = True
        for index in order:
            if not before and not has_hangul(words[index]):
                spread[index] = False
            before = spread[index] or has_hangul(words[index])
    return [is_sure for word, is_sure in zip(words, spread, strict=True) for _ in word]


def runs_of(line: Sequence[Character], sure: Sequence[bool]) -> list[Run]:
    """Split a line into runs of what is surely read, or surely Hangul, and of the rest.

    `sure` is what `surely_read` tells of the line.
    """
    settled = [sure[index] or _is_surely_hangul(line, index) for index in range(len(line))]
    for start, end in _stretches(settled, ()):
        if not settled[start] and all(c.text in LOOSE for c in line[start:end]):
            settled[start:end] = [True] * (end - start)
    cuts = []
    start = 0
    for pair in pairwise(split(line)):
        start += len(pair[0])
        if any(map(_is_sure_number, pair)) and any(map(has_hangul, pair)):
            cuts.append(start)
    return [Run(start, end, settled[start]) for start, end in _stretches(settled, cuts)]


def better(korean: Sequence[Character], english: Sequence[Character]) -> list[Character]:
    """Return the better one of both models' readings of what is hardly Hangul."""
    if not _korean_is_better(korean, english):
        return list(english)
    if digits_in(english) < digits_in(korean) and _AMOUNT.fullmatch(text_of(korean)):
        # The English model tells dots from commas, but here it has lost a digit.
        return [c._replace(text=",") if c.text == "." else c for c in korean]
    return list(korean)


def _is_surely_read(word: Sequence[Character]) -> bool:
    """Whether a word of the Korean model need not be read by the English one."""
    text = text_of(word)
    if (is_mixed(text) and _HARDLY.search(text)) or _UNGROUPED.search(text):
        return False
    sure = clarity(word) + min(likelihood(text), 0.0)
    return sure >= (_SURE_AT_ONCE if has_hangul(word) else LATIN_SURE_AT_ONCE)


def _is_surely_hangul(line: Sequence[Character], index: int) -> bool:
    """Whether a character is Hangul indeed, no Latin letter that was taken for it."""
    character = line[index]
    if not is_hangul(character.text) or character.confidence < _SURE_HANGUL:
        return False
    after = line[index + 1] if index + 1 < len(line) else None
    if not index or character.blank:
        # LED looks like 내D or 내0: few words begin so.
        if after is None or after.blank or not (after.text.isascii() and after.text.isalnum()):
            return True
        return after.text.isdigit() and character.confidence >= _SURE_AT_ONCE
    before = line[index - 1]
    if before.text in "『』":
        return False  # PDF looks like 『마
    if is_hangul(before.text) or (after is not None and is_hangul(after.text)):
        return True
    within = after is not None and not after.blank and after.text not in LOOSE
    return before.confidence >= _SURE_HANGUL and (before.text in LOOSE or not within)


def _is_sure_number(word: Sequence[Character]) -> bool:
    return is_number(word) and clarity(word) >= _SURE_NUMBER


def _stretches(settled: Sequence[bool], cuts: Iterable[int]) -> list[tuple[int, int]]:
    """Return start and end of what is alike, cut at some indices besides."""
    changes = {index for index in range(1, len(settled)) if settled[index] != settled[index - 1]}
    return list(pairwise(sorted({0, len(settled), *changes, *cuts})))


def _korean_is_better(korean: Sequence[Character], english: Sequence[Character]) -> bool:
    """Whether the Korean model's reading is the better one of what is hardly Hangul."""
    mine, other = clarity(korean) + min(likelihood(text_of(korean)), 0.0), clarity(english)
    if len(korean) == 1 and is_hangul(korean[0].text) and text_of(english).islower():
        return other < _SURE_SMALL  # a rare syllable: 샀 looks like "at"
    if has_hangul(korean):
        enough = max(SURE_LATIN, mine)
        if 2 * sum(c.text.isalpha() for c in english) > len(english):
            enough = min(enough, mine + _FAR)
        return other < enough or not any(c.text.isalnum() for c in english)
    if _is_sure_number(korean) and is_number(english):
        if not digits_in(english):
            return mine > other  # a slash looks like 7
        if digits_in(korean) < digits_in(english):
            return mine > other
        # A digit at the edge was cut off, or a comma was lost.
        return digits_in(korean) > digits_in(english) or len(korean) > len(english)
    return other < _NOTHING and other < mine
