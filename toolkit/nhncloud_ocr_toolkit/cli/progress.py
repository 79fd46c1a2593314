"""A line on a terminal that says how far a run is; nothing anywhere else."""

from __future__ import annotations

import shutil
import sys
import unicodedata

_CLEAR = "\r\x1b[K"


class Progress:
    """`12/30  receipt.png`, on standard error, if that is a terminal and there is more than one."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._shown = False
        self._wanted = total > 1 and sys.stderr is not None and sys.stderr.isatty()

    def show(self, done: int, name: str) -> None:
        """Show how many are done, and the name of the last of them."""
        if self._wanted:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write(_CLEAR + fitted(f"{done}/{self._total}  {name}", width))
            sys.stderr.flush()
            self._shown = True

    def clear(self) -> None:
        """Take the line away, so that something else can be printed."""
        if self._shown:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()
            self._shown = False


def fitted(text: str, columns: int) -> str:
    """Return the text, cut to so many columns of a terminal; Hangul takes two each."""
    used = 0
    kept = []
    for letter in text:
        used += columns_of(letter)
        if used > columns:
            break
        kept.append(letter if letter.isprintable() else "?")
    return "".join(kept)


def columns_of(letter: str) -> int:
    """Return how many columns one letter takes: 0 for a mark on the letter before it."""
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
