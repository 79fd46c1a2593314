"""A bound on what uploads and downloads hold in memory at one time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from ._effects import Effects

__all__ = ["SILENT_SECONDS", "Budget", "Share"]

SILENT_SECONDS: Final = 5.0
"""How long a peer may send nothing while others wait for what came of it: so long that a mobile
line which lost a few packets goes on, so short that most clients of those who wait bear it."""

_LITTLE: Final = 64 * 1024  # bytes that each call may hold besides
_LOOK_AGAIN_SECONDS: Final = 0.01


class Budget:
    """Bytes that calls share, so that many large ones wait for each other.

    A call takes them as they come in: who announces much and stops holds what came, no more. It
    takes some only where enough is left for all the rest of it, so that whoever was the last to
    take can come to its end: calls that each held a half would wait for ever.

    It serves event loops and threads alike, for which there is no common condition variable:
    whoever must wait looks again.

    Args:
        limit: The whole amount; a single call may hold as much.
        clock: Seconds that never run backwards.
    """

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._free = limit
        self.clock = clock
        self._released = False
        self._waiting: set[Share] = set()
        self._lock = Lock()

    @contextmanager
    def share(self, need: int) -> Iterator[Share]:
        """What one call holds, until the end of the `with`; at most `need` bytes of it count."""
        share = Share(self, need)
        try:
            yield share
        finally:
            self._give_back(share)

    def was_released(self) -> bool:
        """Whether anything was held and let go since this was asked last."""
        with self._lock:
            released, self._released = self._released, False
        return released

    def take(self, share: Share, size: int, rest: int) -> bool:
        """Take `size` of it, if there is as much and `rest` besides; else the share waits."""
        with self._lock:
            if size + rest > self._free:
                self._waiting.add(share)
                return False
            self._waiting.discard(share)
            self._free -= size
            return True

    def keeps_waiting(self, share: Share) -> bool:
        """Whether it is others that wait, not this one."""
        with self._lock:
            return bool(self._waiting) and share not in self._waiting

    def _give_back(self, share: Share) -> None:
        with self._lock:
            self._waiting.discard(share)
            self._free += share.held
            self._released = self._released or share.held > 0


class Share:
    """What one call holds of a budget: nothing at first.

    Args:
        budget: What it is a share of.
        need: The bytes that it may come to.
    """

    def __init__(self, budget: Budget, need: int) -> None:
        self._budget = budget
        self._need = need
        self._asked = budget.clock()
        self.held = 0

    @property
    def counts(self) -> bool:
        """Whether it can ever hold more than the little that is free."""
        return self._need > _LITTLE

    def grows_to(self, size: int) -> bool:
        """Hold `size` bytes, the little included that is free, if they can be had at once.

        To be asked whenever something has come: `is_in_the_way` goes by it.
        """
        self._asked = self._budget.clock()
        held = min(size, self._need) - _LITTLE
        if held <= self.held:
            return True
        if not self._budget.take(self, held - self.held, self._need - _LITTLE - held):
            return False
        self.held = held
        return True

    async def grow(self, size: int, effects: Effects) -> None:
        """Hold `size` bytes, after waiting for them if need be."""
        while not self.grows_to(size):
            await effects.sleep(_LOOK_AGAIN_SECONDS)

    def is_in_the_way(self) -> bool:
        """Whether it holds what others wait for, and nothing has come for `SILENT_SECONDS`."""
        silent = self._budget.clock() - self._asked > SILENT_SECONDS
        return silent and self.held > 0 and self._budget.keeps_waiting(self)
