"""A bound on what uploads and downloads hold in memory at one time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from ._effects import Effects

__all__ = ["Budget", "Share"]

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
    """

    def __init__(self, limit: int) -> None:
        self._free = limit
        self._released = False
        self._lock = Lock()

    @contextmanager
    def share(self, need: int) -> Iterator[Share]:
        """What one call holds, until the end of the `with`; at most `need` bytes of it count."""
        share = Share(self, need)
        try:
            yield share
        finally:
            self._give_back(share.held)

    def was_released(self) -> bool:
        """Whether anything was held and let go since this was asked last."""
        with self._lock:
            released, self._released = self._released, False
        return released

    def take(self, size: int, rest: int) -> bool:
        """Take `size` of it, if there is as much and `rest` besides."""
        with self._lock:
            if size + rest > self._free:
                return False
            self._free -= size
            return True

    def _give_back(self, size: int) -> None:
        with self._lock:
            self._free += size
            self._released = self._released or size > 0


class Share:
    """What one call holds of a budget: nothing at first."""

    def __init__(self, budget: Budget, need: int) -> None:
        self._budget = budget
        self._need = need
        self.held = 0

    def grows_to(self, size: int) -> bool:
        """Hold `size` bytes, the little included that is free, if they can be had at once."""
        held = min(size, self._need) - _LITTLE
        if held <= self.held:
            return True
        if not self._budget.take(held - self.held, self._need - _LITTLE - held):
            return False
        self.held = held
        return True

    async def grow(self, size: int, effects: Effects) -> None:
        """Hold `size` bytes, after waiting for them if need be."""
        while not self.grows_to(size):
            await effects.sleep(_LOOK_AGAIN_SECONDS)
