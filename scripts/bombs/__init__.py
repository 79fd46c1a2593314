"""Images that try to take an emulator's time or memory, a module for each kind.

Each is made when it is sent: together they are gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import of_jpeg, of_pages, of_png, of_slivers
from .bomb import Bomb

__all__ = ["Bomb", "all_bombs"]


def all_bombs() -> Iterator[Bomb]:
    """Every bomb."""
    for kind in (of_slivers, of_png, of_jpeg, of_pages):
        yield from kind.bombs()
