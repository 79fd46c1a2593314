"""A bound on what uploads and downloads hold in memory at one time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Lock
from typing import Final

from ._effects import Effects

__all__ = ["Budget", "Share"]

_LOOK_AGAIN_SECONDS: Final = 0.01


class Budget:
    """An amount that calls share, so that many large ones wait for each other.

    A call takes all that it may need at once: two that each held a half could wait for ever.
    It serves event loops and threads alike, for which there is no common condition variable:
    whoever must wait looks again.

    Args:
        limit: The whole amount; a single call may hold as much.
    """

    def __init__(self, limit: int) -> None:
        self._free = limit
        self._released = False
        self._lock = Lock()

    @asynccontextmanager
    async def hold(self, size: int, effects: Effects) -> AsyncIterator[None]:
        """Have `size` of it, after waiting for that if need be."""
        share = Share(self, size)
        await share.take(effects)
        try:
            yield
        finally:
            share.give_back()

    def was_released(self) -> bool:
        """Whether anything was held and let go since this was asked last."""
        with self._lock:
            released, self._released = self._released, False
        return released

    def take(self, size: int) -> bool:
        """Take `size` of it, if there is as much."""
        with self._lock:
            if size > self._free:
                return False
            self._free -= size
            return True

    def give_back(self, size: int) -> None:
        """Let others have it."""
        with self._lock:
            self._free += size
            self._released = self._released or size > 0


class Share:
    """A part of a budget, for whoever learns late if it is needed."""

    def __init__(self, budget: Budget, size: int) -> None:
        self._budget = budget
        self._size = size
        self._taken = False

    async def take(self, effects: Effects) -> None:
        """Have it, after waiting for that if need be."""
        while not self._budget.take(self._size):
            await effects.sleep(_LOOK_AGAIN_SECONDS)
        self._taken = True

    def give_back(self) -> None:
        """Give it back, if it was taken."""
        if self._taken:
            self._taken = False
            self._budget.give_back(self._size)
