"""A clock that a test sets forward, so that no machine is too slow for a short time limit.

The limits in such a test are long in real time; what the other side does takes long by this clock.
"""

import time

from e2e.both_clients import Calls


class SkippingClock:
    """Real time, and what has been skipped; any thread may skip."""

    def __init__(self) -> None:
        self.skipped = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.skipped

    def skip(self, seconds: float) -> None:
        self.skipped += seconds

    def set(self, calls: Calls) -> None:
        """Give it to the client, and to the event loop that it runs in."""
        calls.client.clock = calls.client.clock._replace(monotonic=self.monotonic)
        calls.loop.time = self.monotonic
