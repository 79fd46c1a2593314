"""One line of text, each part of it read by the model of its script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from PIL import Image, ImageOps

from ._blanks import Blanks, Character, is_hangul
from ._clearest import clearest
from ._dots import middle_dots, with_dots
from ._likelihood import is_mixed, likelihood
from ._marks import DASHES, arrow, as_written
from ._runs import LOOSE, clarity, digits_in, has_hangul, is_number, split, text_of
from ._tesserocr import SINGLE_LINE, Rectangle, TextReader, Token

__all__ = ["ScriptReader"]

_MARGIN: Final = 10  # pixels of white around what is read
_SURE_HANGUL: Final = 0.6  # below it the Korean model may have met Latin letters
_SURE_LATIN: Final = 0.7  # and the English one reads them
_SURE_SMALL: Final = 0.9  # the same of small letters for one syllable
_SURE_NUMBER: Final = 0.75
_NOTHING: Final = 0.4  # below it the English model has met what is not Latin
_FEW: Final = 0.35  # of a line's characters, that may be Hangul read into Latin letters
_LATIN_WORD: Final = 0.5
_SURE_AT_ONCE: Final = 0.85  # of each word of both models together: nothing is read again
_LATIN_SURE_AT_ONCE: Final = 0.9  # the English model gives some Hangul 0.85
_LATIN_AT_ONCE: Final = 0.8  # of each word, in a line after a Latin one; Hangul never gives that

_UNGROUPED: Final = re.compile(  # the Korean model loses commas
    r"(?<![\w./:,-])\d{4,}(?![\w./:-])|\d{4,}원|\d\.\d{3}(?![\d.])"
)
# In a word of Hangul and digits what is hardly so: Latin letters, or what these are taken for, and
# digits before anything but what is counted ("458메모리" is USB메모리).
_HARDLY: Final = re.compile(
    r"[A-Za-zＡ-Ｚａ-ｚ\\!|ㄱ-ㅣ]|\d(?![개원시분초일월년층호번명장권대동회차위등세살잔병통봉매건주열백천만])[가-힣]"
)
_AMOUNT: Final = re.compile(r"\d{1,3}(?:\.\d{3})+")

_Run = tuple[int, int, bool]  # start, end, whether it is Hangul


class ScriptReader:
    """Tesseract's Korean and English models side by side; not safe across threads.

    With `kor+eng` Tesseract takes one language a word: "abc1234입니다" loses its letters or its
    Hangul. The Korean model alone reads Hangul better, and tells where the rest is, though not
    what; the English model reads that.
    """

    def __init__(self) -> None:
        self._korean = TextReader(SINGLE_LINE, "kor", dark_on_light=True)
        self._english = TextReader(SINGLE_LINE, "eng", dark_on_light=True)

    def close(self) -> None:
        """Free the models."""
        self._korean.close()
        self._english.close()

    def give_up_at(self, end: float) -> None:
        """Set when reading ends with Refused, as `time.monotonic` tells it."""
        self._korean.end = self._english.end = end

    def find_lines(self, pixels: Image.Image) -> list[Rectangle]:
        """Return where lines of dark text on a light ground are; no model is asked."""
        return self._korean.find_lines(pixels)

    def read(
        self,
        strip: Image.Image,
        height: int,
        blanks: Blanks,
        blank: float,
        *,
        latin_first: bool = False,
    ) -> list[Token]:
        """Return the words of an upright line, dark on light, so many pixels high.

        The Korean model reads the whole, and the English one what is hardly Hangul and not surely
        read; but `latin_first` the English model is asked, and the Korean if that is not sure.
        From `blank` heights on, a gap between syllables is a blank.
        """
        if latin_first:
            latin = self._latin(strip, 0, strip.width, height)
            if latin and min(map(clarity, split(latin))) >= _LATIN_AT_ONCE:
                return _words(latin)
        line = _characters(self._korean.read(strip))
        if not line:
            return _words(self._latin(strip, 0, strip.width, height))
        line = with_dots(line, middle_dots(strip, height), height)
        line, cuts = blanks.respaced(line, blank)
        sure = _surely_read(line)
        if not all(sure):
            parts = self._by_parts(line, [*cuts, strip.width], sure, strip, height)
            line = clearest(line, blanks.as_in(line, parts))
        return _words(line)

    def _by_parts(
        self,
        line: list[Character],
        cuts: Sequence[int],
        sure: Sequence[bool],
        strip: Image.Image,
        height: int,
    ) -> list[Character]:
        """Return a line with what is hardly Hangul, and not sure, as the English model reads it."""
        runs = _runs(line, sure)
        hangul = sum(end - start for start, end, is_hangul_run in runs if is_hangul_run)
        latin: list[Character] = []
        if len(runs) > 1 and hangul < _FEW * len(line) and clarity(line) < _SURE_LATIN:
            latin = self._latin(strip, 0, strip.width, height)
            if latin and min(map(clarity, split(latin))) >= _LATIN_WORD:
                return latin
        merged: list[Character] = []
        for start, end, is_hangul_run in runs:
            run = line[start:end]
            glued = start > 0 and not run[0].blank and is_hangul(line[start - 1].text)
            if not is_hangul_run and not (glued and len(run) == 1 and is_hangul(run[0].text)):
                run = self._other(run, strip, cuts[start], cuts[end], height, latin)
            merged += run
        return merged

    def _other(
        self,
        run: list[Character],
        strip: Image.Image,
        left: int,
        right: int,
        height: int,
        known: Sequence[Character],
    ) -> list[Character]:
        """Return a run as the English model reads it, or as it was where that is better.

        What it has surely read of the whole line, which is `known`, it does not read again.
        """
        if all(c.text in DASHES for c in run):
            sign = arrow(strip, left, right, height)
            return run if sign is None else [run[0]._replace(text=sign)]
        latin = _between(known, left, right)
        if not latin or min(c.confidence for c in latin) < _LATIN_SURE_AT_ONCE:
            latin = self._latin(strip, left, right, height)
        if not latin or text_of(run) == text_of(latin):
            return run
        latin[0] = latin[0]._replace(blank=run[0].blank)
        words, others = split(run), split(latin)
        if len(words) == len(others):
            pairs = zip(words, others, strict=True)
            return [
                c
                for mine, other in pairs
                for c in (_kept(mine, other) if _keeps(mine, other) else other)
            ]
        return _kept(run, latin) if _keeps(run, latin) else latin

    def _latin(self, strip: Image.Image, left: int, right: int, height: int) -> list[Character]:
        """Return what the English model reads between two columns."""
        right = max(right, left + 1)
        part = ImageOps.expand(strip.crop((left, 0, right, strip.height)), _MARGIN, 255)
        line = Blanks(part, height).between_digits(_characters(self._english.read(part)))
        shift = left - _MARGIN
        return [
            c._replace(
                rectangle=Rectangle(
                    min(max(c.rectangle.left + shift, left), right - 1),
                    max(c.rectangle.top - _MARGIN, 0),
                    min(max(c.rectangle.right + shift, left + 1), right),
                    max(c.rectangle.bottom - _MARGIN, 1),
                )
            )
            for c in line
        ]


def _characters(lines: Iterable[Sequence[Token]]) -> list[Character]:
    """Return the characters of a line, of the clearest where Tesseract saw several."""
    best = max(lines, key=lambda line: sum(len(t.text) * t.confidence for t in line), default=())
    return [
        Character(text, confidence, rectangle, index == 0)
        for token in best
        for index, (text, confidence, rectangle) in enumerate(
            zip(token.text, token.confidences, token.characters, strict=False)
        )
    ]


def _surely_read(line: Sequence[Character]) -> list[bool]:
    """Return of each character whether the English model need not read it.

    Beside a word that it must read, it reads those without Hangul too: "for" looks like 107.
    """
    words = split(line)
    known = [_is_sure_at_once(word) for word in words]
    spread = list(known)
    for order in (range(len(words)), range(len(words) - 1, -1, -1)):
        before = True
        for index in order:
            if not before and not has_hangul(words[index]):
                spread[index] = False
            before = spread[index] or has_hangul(words[index])
    return [is_sure for word, is_sure in zip(words, spread, strict=True) for _ in word]


def _between(line: Sequence[Character], left: int, right: int) -> list[Character]:
    """Return the characters whose middle is between two columns."""
    return [c for c in line if left <= (c.rectangle.left + c.rectangle.right) / 2 < right]


def _runs(line: Sequence[Character], sure: Sequence[bool]) -> list[_Run]:
    """Split a line into runs of what is surely read, or surely Hangul, and of the rest."""
    kinds = [sure[index] or _is_sure(line, index) for index in range(len(line))]
    for start, end in _stretches(kinds, ()):
        if not kinds[start] and all(c.text in LOOSE for c in line[start:end]):
            kinds[start:end] = [True] * (end - start)
    cuts = []
    start = 0
    for pair in pairwise(split(line)):
        start += len(pair[0])
        if any(map(_is_sure_number, pair)) and any(map(has_hangul, pair)):
            cuts.append(start)
    return [(start, end, kinds[start]) for start, end in _stretches(kinds, cuts)]


def _stretches(kinds: Sequence[bool], cuts: Iterable[int]) -> list[tuple[int, int]]:
    changes = {index for index in range(1, len(kinds)) if kinds[index] != kinds[index - 1]}
    return list(pairwise(sorted({0, len(kinds), *changes, *cuts})))


def _is_sure(line: Sequence[Character], index: int) -> bool:
    """Whether a character is Hangul indeed, no Latin letter that was taken for it."""
    character = line[index]
    if not is_hangul(character.text) or character.confidence < _SURE_HANGUL:
        return False
    if not index or character.blank:
        return True
    before = line[index - 1]
    after = line[index + 1] if index + 1 < len(line) else None
    if before.text in "『』":
        return False  # PDF looks like 『마
    if is_hangul(before.text) or (after is not None and is_hangul(after.text)):
        return True
    within = after is not None and not after.blank and after.text not in LOOSE
    return before.confidence >= _SURE_HANGUL and (before.text in LOOSE or not within)


def _keeps(korean: Sequence[Character], english: Sequence[Character]) -> bool:
    """Whether the Korean model's reading is the better one of what is hardly Hangul."""
    mine, other = clarity(korean) + min(likelihood(text_of(korean)), 0.0), clarity(english)
    if len(korean) == 1 and is_hangul(korean[0].text) and text_of(english).islower():
        return other < _SURE_SMALL  # a rare syllable: 샀 looks like "at"
    if has_hangul(korean):
        return other < max(_SURE_LATIN, mine) or not any(c.text.isalnum() for c in english)
    if _is_sure_number(korean) and is_number(english):
        if digits_in(korean) < digits_in(english):
            return mine > other
        # A digit at the edge was cut off, or a comma was lost.
        return digits_in(korean) > digits_in(english) or len(korean) > len(english)
    return other < _NOTHING and other < mine


def _is_sure_at_once(word: Sequence[Character]) -> bool:
    """Whether a word of the Korean model need not be read by the English one."""
    text = text_of(word)
    if (is_mixed(text) and _HARDLY.search(text)) or _UNGROUPED.search(text):
        return False
    sure = clarity(word) + min(likelihood(text), 0.0)
    return sure >= (_SURE_AT_ONCE if has_hangul(word) else _LATIN_SURE_AT_ONCE)


def _kept(korean: Sequence[Character], english: Sequence[Character]) -> list[Character]:
    """Return the Korean model's reading, with the commas of an amount that it takes for dots.

    The English model tells the two apart, but here it has lost a digit.
    """
    if digits_in(english) < digits_in(korean) and _AMOUNT.fullmatch(text_of(korean)):
        return [c._replace(text=",") if c.text == "." else c for c in korean]
    return list(korean)


def _is_sure_number(word: Sequence[Character]) -> bool:
    return is_number(word) and clarity(word) >= _SURE_NUMBER


def _words(line: Sequence[Character]) -> list[Token]:
    return [
        Token(
            as_written(text_of(word)),
            clarity(word),
            Rectangle.around([c.rectangle for c in word]),
            tuple(c.rectangle for c in word),
            tuple(c.confidence for c in word),
        )
        for word in split(line)
        if word
    ]
