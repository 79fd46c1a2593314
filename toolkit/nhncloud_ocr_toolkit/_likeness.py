"""How alike two texts are, by letters of the Hangul alphabet: 합계 and 함계 differ in 1 of 5."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACE = re.compile(r"\s+")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Without blanks, case and ways to write the same letter; syllables whole (NFKC)."""
    return unicodedata.normalize("NFKC", _SPACE.sub("", text)).casefold()


@lru_cache(maxsize=4096)
def jamo(text: str) -> str:
    """`plain`, with Hangul syllables taken apart into their letters."""
    return unicodedata.normalize("NFD", plain(text))


def distance(one: str, other: str) -> int:
    """Levenshtein's: how many characters must be put in, taken out or changed."""
    if one == other:
        return 0
    if not one or not other:
        return max(len(one), len(other))
    return distances(one, other, anywhere=False)[-1]


def distances(one: str, other: str, *, anywhere: bool) -> list[int]:
    """For each character of `other`: how far `one` is from what ends there, and starts anywhere or
    at the start. Neither may be empty.

    A column of the table is held in the bits of two integers (Myers 1999, Hyyrö 2003), so that each
    character of `other` takes a dozen operations, however long `one` is.
    """
    places: dict[str, int] = {}
    for index, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << index
    last, mask = 1 << len(one) - 1, (1 << len(one)) - 1
    up, down, found = mask, 0, len(one)
    first_row = 0 if anywhere else 1
    all_found = []
    for letter in other:
        same = places.get(letter, 0)
        diagonal = ((same & up) + up ^ up) | same | down
        right_up = down | ~(diagonal | up) & mask
        right_down = up & diagonal & mask
        if right_up & last:
            found += 1
        elif right_down & last:
            found -= 1
        all_found.append(found)
        right_up = right_up << 1 | first_row
        down = right_up & diagonal & mask
        up = (right_down << 1 | ~(diagonal | right_up)) & mask
    return all_found


def likeness(one: str, other: str) -> float:
    """1 for equal texts, 0 for texts without anything in common: the share of letters that stay."""
    longer = max(len(one), len(other))
    return 1 - distance(one, other) / longer if longer else 1.0
