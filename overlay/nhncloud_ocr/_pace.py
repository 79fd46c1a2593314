"""At most so many attempts a second, of a client and all its copies."""

import threading


class Pace:
    """Gives each attempt the moment at which it may begin: evenly spaced, in order of asking."""

    def __init__(self, per_second: float) -> None:
        self._interval = 1.0 / per_second
        self._next = float("-inf")
        self._lock = threading.Lock()

    def wait(self, now: float) -> float:
        """Take the next moment and return the seconds until then. now: of a monotonic clock."""
        with self._lock:
            moment = max(now, self._next)
            self._next = moment + self._interval
        return moment - now
