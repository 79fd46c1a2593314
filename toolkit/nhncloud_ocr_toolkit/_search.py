"""Finding text that the recognition may have misread."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from nhncloud_ocr import OcrResult, Word

from ._likeness import distances, jamo, likeness, plain

_CONTAINED = 0.95  # the score of a text that holds the query whole, among other letters
_SPLIT = 2  # how many words more than the query's a match may be torn into


class Match(NamedTuple):
    """Words of a page that read like what was looked for.

    `text` is their text as sent, stripped and joined with one space; `score` is 0..1, 1 for equal.
    """

    words: tuple[Word, ...]
    text: str
    score: float

    def __repr__(self) -> str:  # no text: results end up in logs
        return f"Match(words=<{len(self.words)}>, score={self.score:.2f})"


class _Place(NamedTuple):
    line: int
    word: Word
    text: str
    letters: str


def find(page: OcrResult, text: str, threshold: float = 0.75) -> list[Match]:
    """Where the page says `text`, or nearly so: the best match first, equals in reading order.

    The score is the share of letters that agree, Hangul taken apart into its letters (함계 for 합계
    is 0.8, 총계 is 0.4); blanks, case and composition (NFC, NFD) do not count. Words that hold the
    query whole, like 합계: or 합계금액, score at least 0.95. A query of several words is found
    where the page has them in a row, torn or joined, over the end of a line too. Matches share no
    word.
    Raises ValueError for an empty query or a threshold outside 0..1, TypeError for no text.
    """
    if not isinstance(text, str):
        raise TypeError(f"what to find must be a str, not {type(text).__name__}")
    if not plain(text):
        raise ValueError("nothing to find: the text is empty")
    if not 0 <= threshold <= 1:
        raise ValueError(f"threshold must be within 0..1, not {threshold}")
    places = [
        _Place(index, word, plain(word.text), jamo(word.text))
        for index, line in enumerate(page.lines)
        for word in line.words
    ]
    found = []
    asked, whole, query = len(text.split()), plain(text), jamo(text)
    for first, end in _windows(places, query, asked, threshold):
        window = places[first:end]
        score = likeness(query, "".join([place.letters for place in window]))
        said = "".join([place.text for place in window])
        if score < _CONTAINED and end - first <= asked and whole in said:
            score = _CONTAINED
        if score >= threshold:
            found.append((-score, end - first, first, end))
    taken: set[int] = set()
    matches = []
    for minus_score, _, first, end in sorted(found):
        if taken.isdisjoint(range(first, end)):
            taken.update(range(first, end))
            words = tuple(place.word for place in places[first:end])
            said = " ".join(word.text.strip() for word in words)
            matches.append((minus_score, first, Match(words, said, -minus_score)))
    return [match for *_, match in sorted(matches, key=lambda each: each[:2])]


def _windows(
    places: list[_Place],
    query: str,
    asked: int,
    threshold: float,
) -> Iterator[tuple[int, int]]:
    """First and end of each row of words that may be the query: of one line if it is one word.

    Only where something ends that is near enough to the query, whatever it starts with.
    """
    letters = "".join([place.letters for place in places])
    if not letters:
        return
    near = distances(query, letters, anywhere=True)
    allowed = len(query) * (1 - threshold) / max(threshold, 1e-9)
    at = 0
    for last, place in enumerate(places):
        inside = near[at : at + len(place.letters)]
        at += len(place.letters)
        if not inside or min(inside) > allowed:
            continue
        for first in range(last, max(last - asked - _SPLIT, -1), -1):
            if asked == 1 and places[first].line != place.line:
                break
            if places[first].letters:
                yield first, last + 1
