"""The images that a `bulk` command names: to be counted first, and to be sent."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from io import BufferedIOBase
from itertools import chain
from pathlib import Path
from typing import cast

from ..bulk import manifests, sources
from ..bulk.sources import Found

_STDIN = "-"
_HELD = 10_000  # names of standard input that are held, to count them


class Named:
    """What SOURCE and --manifest name. names: sources, - for standard input."""

    def __init__(self, names: Sequence[str], manifest: Path | None) -> None:
        self._names = names
        self._manifest = manifest
        self._head: list[Found] = []
        self._rest: Iterator[Found] | None = None
        self.can_be_read_again = _STDIN not in names
        self.is_cut = False
        """Whether there may be more than was held to be counted."""

    def to_count(self, late: Callable[[], bool]) -> Iterator[Found]:
        """Yield them until it is late; of standard input what is named at once, which is held."""
        if self.can_be_read_again:
            return self._each(late)
        self._rest = self._each(sources.never)
        for image in self._rest:
            self._head.append(image)
            if len(self._head) > _HELD or late():
                self.is_cut = True
                break
        return iter(self._head)

    def to_send(self) -> Iterator[Found]:
        """Yield all of them, as they are come upon."""
        if self._rest is None:
            return self._each(sources.never)
        return chain(self._head, self._rest)

    def _each(self, stop: Callable[[], bool]) -> Iterator[Found]:
        named = [_lines() if name == _STDIN else sources.found(name, stop) for name in self._names]
        listed = [manifests.manifest(self._manifest)] if self._manifest else []
        return chain(*named, *listed)


def _lines() -> Iterator[Found]:
    if sys.stdin is None:
        return iter(())
    return manifests.names(cast("BufferedIOBase", sys.stdin.buffer))
