"""What stands beside, above and below: the amount to the right of 합계, on a turned receipt too."""

from __future__ import annotations

from typing import NamedTuple

from nhncloud_ocr import OcrResult, Quad, Word

from ._geometry import Seen, common_angle, placeable, reading_angle, seen_at, upright
from ._search import Match
from ._sheet import placed_boxes

_SAME_TURN = 15  # degrees: words within them of the page's direction are of its text
_LEANING = 45  # the same, for upright boxes: engines draw them on leaning lines too
_SHARED = 0.5  # of the smaller one's extent across the direction: to stand in one row or column
_TOUCHING = 0.5  # of the smaller one's extent: how far the boxes of neighbours may overlap


class _Span(NamedTuple):
    """A rectangle as seen in a direction: from `near` to `far`, between two sides."""

    near: float
    far: float
    low: float
    high: float


def right_of(page: OcrResult, match_or_word: Match | Word) -> list[Word]:
    """The words to the right in the same row, the nearest first.

    Right is where the word itself reads to, so a receipt may lie on its side. Words are in a row if
    they share half of the lower one's height. Raises ValueError if what is given has no box.
    """
    return _seen(page, match_or_word, 0)


def below(page: OcrResult, match_or_word: Match | Word) -> list[Word]:
    """The words below in the same column, the nearest first: those that share half of the narrower
    one's width; otherwise as `right_of`."""
    return _seen(page, match_or_word, 90)


def left_of(page: OcrResult, match_or_word: Match | Word) -> list[Word]:
    """The words to the left in the same row, the nearest first; otherwise as `right_of`."""
    return _seen(page, match_or_word, 180)


def above(page: OcrResult, match_or_word: Match | Word) -> list[Word]:
    """The words above in the same column, the nearest first; otherwise as `below`."""
    return _seen(page, match_or_word, 270)


def _seen(page: OcrResult, match_or_word: Match | Word, clockwise: int) -> list[Word]:
    """The words that one looks at from here, in a direction relative to the text's own."""
    if not isinstance(match_or_word, (Match, Word)):
        raise TypeError(
            "neighbours are those of a Match or a Word, one at a time, as in "
            f"right_of(page, find(page, ...)[0]); not of a {type(match_or_word).__name__}"
        )
    words = match_or_word.words if isinstance(match_or_word, Match) else (match_or_word,)
    here = [word.box for word in words if word.box is not None and placeable(word.box)]
    if not here:
        raise ValueError("no box, so nobody knows what stands beside: see page.lines for its line")
    placed = [
        (word, word.box)
        for word in page.words
        if word.box is not None and placeable(word.box) and word not in words
    ]
    angle = _direction(page, here)
    see = seen_at(angle)
    start = _span([see(box) for box in here], clockwise)
    found = []
    for order, (word, box) in enumerate(placed):
        there = _span([see(box)], clockwise)
        if _is_ahead(start, there):
            found.append((there.near, order, word))
    return [word for *_, word in sorted(found, key=lambda each: each[:2])]


def _direction(page: OcrResult, here: list[Quad]) -> float:
    """Degrees clockwise: the page's where the words are of its text, else their own."""
    own, usual = common_angle(here), reading_angle(placed_boxes(page))
    reach = _LEANING if all(map(upright, here)) else _SAME_TURN
    return usual if abs((usual - own + 180) % 360 - 180) <= reach else own


def _span(all_seen: list[Seen], clockwise: int) -> _Span:
    """What words cover in the direction `clockwise` to that of the text."""
    left = min(each.along - each.width / 2 for each in all_seen)
    right = max(each.along + each.width / 2 for each in all_seen)
    top = min(each.down - each.height / 2 for each in all_seen)
    bottom = max(each.down + each.height / 2 for each in all_seen)
    if clockwise == 0:
        return _Span(left, right, top, bottom)
    if clockwise == 90:
        return _Span(top, bottom, left, right)
    if clockwise == 180:
        return _Span(-right, -left, top, bottom)
    return _Span(-bottom, -top, left, right)


def _is_ahead(here: _Span, there: _Span) -> bool:
    extent = min(here.high - here.low, there.high - there.low)
    shared = min(here.high, there.high) - max(here.low, there.low)
    middle = (there.near + there.far) / 2
    touching = _TOUCHING * min(extent, here.far - here.near, there.far - there.near)
    return shared >= _SHARED * extent and there.near >= here.far - touching and middle > here.far
