"""Several readings of one line: of each word, the clearest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ._characters import Character, clarity, is_number, split, text_of
from ._likelihood import comma_read_as_digit, is_mixed, likelihood
from ._tesserocr import Rectangle, Token

__all__ = ["clearest", "with_comma"]

# How these were chosen: docs/decisions/reading-by-script.md.
_FAVOUR: Final = 0.05  # that a reading of parts must be clearer than the first, which saw the whole
_OVERLAP: Final = 0.3  # of a word's width, that may lie on the one before


def clearest(first: list[Character], parts: list[Character]) -> list[Character]:
    """Return two readings of a line word by word, the parts only where they are clearer."""
    if not first or not parts:
        return first or parts
    result: list[Character] = []
    for mine, other in _beside(split(first), split(parts)):
        # The Korean model, which read the whole, is poor at these.
        poorly = is_mixed(text_of(mine)) or is_number(mine)
        favour = -_FAVOUR if poorly else _FAVOUR
        if mine and (not other or _certainty(mine) + favour >= _certainty(other)):
            result += mine
        else:
            result += other
    if len(result) > max(len(first), len(parts)):  # boxes were off, and words came twice
        return max(first, parts, key=_certainty)
    return result


def with_comma(token: Token, others: Sequence[Token]) -> Token:
    """Return an amount with its first comma, where one height lost it and one read a digit.

    `others` is the same word as read at other heights.
    """
    for other in others:
        for with_digit, without in ((token, other), (other, token)):
            if comma_read_as_digit(with_digit.text, without.text):
                text = with_digit.text
                comma = next(i for i, letter in enumerate(text) if letter.isdigit()) + 1
                return token._replace(
                    text=f"{text[:comma]},{text[comma + 1 :]}",
                    characters=with_digit.characters,
                    confidences=with_digit.confidences,
                )
    return token


def _beside(
    first: list[Sequence[Character]], other: list[Sequence[Character]]
) -> Iterator[tuple[list[Character], list[Character]]]:
    """Yield the words of two readings that share their place, as few as can be at once.

    One may have a word where the other has two, or none.
    """
    words = [
        (Rectangle.around([c.rectangle for c in word]), reading, word)
        for reading, line in enumerate((first, other))
        for word in line
    ]
    pair: tuple[list[Character], list[Character]] = ([], [])
    end = 0
    for place, reading, word in sorted(words, key=lambda word: word[0].left):
        # A new pair begins where a word of either reading lies on no word before it.
        if any(pair) and end - place.left <= _OVERLAP * (place.right - place.left):
            yield pair
            pair = ([], [])
        pair[reading].extend(word)
        end = max(end, place.right)
    yield pair


def _certainty(words: Sequence[Character]) -> float:
    """Return how clear one or several words are, and how likely the text of each."""
    likely = sum(likelihood(text_of(word)) * len(word) for word in split(words))
    return clarity(words) + likely / len(words)
