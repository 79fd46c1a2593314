"""A bound on what uploads and downloads hold in memory at one time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Lock
from typing import Final

from ._effects import Effects

__all__ = ["Budget"]

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
        while not self._take(size):
            await effects.sleep(_LOOK_AGAIN_SECONDS)
        try:
            yield
        finally:
            with self._lock:
                self._free += size
                self._released = self._released or size > 0

    def was_released(self) -> bool:
        """Whether anything was held and let go since this was asked last."""
        with self._lock:
            released, self._released = self._released, False
        return released

    def _take(self, size: int) -> bool:
        with self._lock:
            if size > self._free:
                return False
            self._free -= size
            return True
