"""One line of text, each part of it read by the model of its script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PIL import Image, ImageOps

from ._blanks import Blanks
from ._characters import Character, clarity, is_hangul, split, text_of
from ._clearest import clearest
from ._dots import middle_dots, with_dots
from ._figures import as_drawn
from ._marks import as_written, with_arrows
from ._tesserocr import SINGLE_LINE, Rectangle, TextReader, Token
from ._trust import LATIN_SURE_AT_ONCE, SURE_LATIN, better, runs_of, surely_read

__all__ = ["ScriptReader"]

_MARGIN: Final = 10  # pixels of white around what is read
# How these were chosen: docs/decisions/reading-by-script.md.
_FEW: Final = 0.35  # of a line's characters, that may be Hangul read into Latin letters
# In confidences of the English model, of each word of a line:
_LATIN_WORD: Final = 0.5  # its reading stays where the Korean model is not sure of the line
_LATIN_AT_ONCE: Final = 0.8  # the Korean model is not asked, after a Latin line; no Hangul has it


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
        line, cuts = with_arrows(line, [*cuts, strip.width], strip, height)
        sure = surely_read(line)
        if not all(sure):
            parts = self._by_parts(line, cuts, sure, strip, height)
            line = clearest(line, blanks.as_in(line, parts))
        return _words(as_drawn(line, strip, height))

    def _by_parts(
        self,
        line: list[Character],
        cuts: Sequence[int],
        sure: Sequence[bool],
        strip: Image.Image,
        height: int,
    ) -> list[Character]:
        """Return a line with what is hardly Hangul, and not sure, as the English model reads it."""
        runs = runs_of(line, sure)
        settled = sum(run.end - run.start for run in runs if run.settled)
        latin: list[Character] = []
        if len(runs) > 1 and settled < _FEW * len(line) and clarity(line) < SURE_LATIN:
            latin = self._latin(strip, 0, strip.width, height)
            if latin and min(map(clarity, split(latin))) >= _LATIN_WORD:
                return latin
        merged: list[Character] = []
        for start, end, settled_run in runs:
            part = line[start:end]
            glued = start > 0 and not part[0].blank and is_hangul(line[start - 1].text)
            if not settled_run and not (glued and len(part) == 1 and is_hangul(part[0].text)):
                part = self._other(part, strip, cuts[start], cuts[end], height, latin)
            merged += part
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
        latin = _between(known, left, right)
        if not latin or min(c.confidence for c in latin) < LATIN_SURE_AT_ONCE:
            latin = self._latin(strip, left, right, height)
        if not latin or text_of(run) == text_of(latin):
            return run
        latin[0] = latin[0]._replace(blank=run[0].blank)
        words, others = split(run), split(latin)
        if len(words) == len(others):
            pairs = zip(words, others, strict=True)
            return [c for mine, other in pairs for c in better(mine, other)]
        return better(run, latin)

    def _latin(self, strip: Image.Image, left: int, right: int, height: int) -> list[Character]:
        """Return what the English model reads between two columns."""
        right = max(right, left + 1)
        part = ImageOps.expand(strip.crop((left, 0, right, strip.height)), _MARGIN, 255)
        line = Blanks(part, height).between_latin(_characters(self._english.read(part)))
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


def _between(line: Sequence[Character], left: int, right: int) -> list[Character]:
    """Return the characters whose middle is between two columns."""
    return [c for c in line if left <= (c.rectangle.left + c.rectangle.right) / 2 < right]


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
