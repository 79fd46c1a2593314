"""How many calls a second are let through, and how often each image was billed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from threading import Lock

__all__ = ["Bills", "Pace"]


class Pace:
    """Lets calls through at a rate, and some at once after a pause: a bucket of permits.

    Args:
        rate: Calls per second; None lets every call through.
        burst: How many may come at once; by default a second's worth, at least one.
        clock: Seconds that never run backwards.
    """

    def __init__(
        self, rate: float | None, burst: int | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._most = float(burst or max(1, round(rate or 1)))
        self._permits = self._most
        self._clock = clock
        self._since = clock()
        self._lock = Lock()

    def admits(self) -> bool:
        """Take a permit for a call, if there is one."""
        if self._rate is None:
            return True
        with self._lock:
            now = self._clock()
            self._permits = min(self._most, self._permits + (now - self._since) * self._rate)
            self._since = now
            if self._permits < 1:
                return False
            self._permits -= 1
            return True


class Bills:
    """How often each image was billed: recognised with success, whether or not the reply came."""

    def __init__(self) -> None:
        self.by_image: Counter[str] = Counter()
        """By the SHA-256 of the image, in hexadecimal digits; it grows without a bound."""
        self._lock = Lock()

    def add(self, image_sha256: str) -> None:
        """Bill an image once more."""
        with self._lock:
            self.by_image[image_sha256] += 1
