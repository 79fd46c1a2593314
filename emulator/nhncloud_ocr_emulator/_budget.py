"""A bound on what uploads and downloads hold in memory at one time."""

from __future__ import annotations

from threading import Lock
from typing import Final

from nhncloud_ocr_emulator._effects import Effects

__all__ = ["Budget"]

_LOOK_AGAIN_SECONDS: Final = 0.01


class Budget:
    """Bytes that calls reserve before they read, so that many large ones wait for each other.

    A call reserves all that it may need at once: two that each held a half could wait for ever.
    It serves event loops and threads alike, for which there is no common condition variable:
    whoever must wait looks again.

    Args:
        limit: Bytes; a single reservation may be as large.
    """

    def __init__(self, limit: int) -> None:
        self._free = limit
        self._lock = Lock()

    async def reserve(self, size: int, effects: Effects) -> None:
        """Take `size` bytes, waiting for them if need be; the caller gives them back."""
        while not self._take(size):
            await effects.sleep(_LOOK_AGAIN_SECONDS)

    def give_back(self, size: int) -> None:
        """End a reservation."""
        with self._lock:
            self._free += size

    def _take(self, size: int) -> bool:
        with self._lock:
            if size > self._free:
                return False
            self._free -= size
            return True
