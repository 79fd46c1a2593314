"""How far a run is: a line that is drawn over on a terminal, else a line every 30 seconds."""

from __future__ import annotations

import shutil
import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

from . import money
from .messages import complain
from .progress import fitted

_CLEAR = "\r\x1b[K"
_REDRAW = 0.2  # seconds
_LINES = 30.0
_MINUTE = 60.0
_DOUBT = 1.2  # the next minute may be so much faster or slower than any moment of the last
_SPAN = 10.0  # seconds over which a rate is taken; the range of the last minute's is shown


class BulkProgress:
    """Counts what is settled. total: images, None while that is not known."""

    def __init__(
        self,
        total: int | None,
        price: Decimal | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.total = total
        self._price = price
        self._clock = clock
        self._states: Counter[str] = Counter()
        self._calls = 0
        self._terminal = sys.stderr is not None and sys.stderr.isatty()
        self._shown_at = clock()
        self._shown = False
        self._marks: deque[tuple[float, int]] = deque([(clock(), 0)])  # of what this run settled
        self._fresh = 0

    def count(self, state: str, *, fresh: bool, called: bool) -> None:
        """Count an image that is settled; show it if the time has come."""
        self._states[state] += 1
        self._calls += called
        self._fresh += fresh
        now = self._clock()
        if now - self._marks[-1][0] >= _SPAN:
            self._marks.append((now, self._fresh))
            while self._marks[0][0] < now - _MINUTE - _SPAN:
                self._marks.popleft()
        if now - self._shown_at >= (_REDRAW if self._terminal else _LINES):
            self._shown_at = now
            self._show()

    def clear(self) -> None:
        """Take the line away, so that something else can be said."""
        if self._shown:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()
            self._shown = False

    def line(self) -> str:
        """Return how far it is: images, rate, time left as a range, money, and what went wrong."""
        done = self._states.total()
        parts = [f"{done:,} of {self.total:,}" if self.total else f"{done:,}"]
        low, high = self._rates()
        if high:
            parts.append(f"{high / _DOUBT:.1f}/s")
        if low and self.total and done < self.total:
            left = self.total - done
            parts.append(f"{_range(left / high, left / low)} left")
        parts.append(f"{self._calls:,} calls{money.in_words(self._calls, self._price)}")
        for state in ("empty", "failed", "unknown"):
            if self._states[state]:
                parts.append(f"{state} {self._states[state]:,}")
        return ", ".join(parts)

    def _rates(self) -> tuple[float, float]:
        """Return the lowest and the highest rate of the last minute, images a second."""
        marks = [*self._marks, (self._clock(), self._fresh)]
        rates = [
            (after - before) / (then - since)
            for (since, before), (then, after) in pairwise(marks)
            if then - since >= _SPAN / 2 or len(marks) == 2
            if then > since
        ]
        rates = [rate for rate in rates if rate > 0]
        if not rates:
            return 0.0, 0.0
        return min(rates) / _DOUBT, max(rates) * _DOUBT

    def _show(self) -> None:
        if not self._terminal:
            complain(self.line())
            return
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write(_CLEAR + fitted(self.line(), width))
        sys.stderr.flush()
        self._shown = True


def _range(shortest: float, longest: float) -> str:
    """Return two times in seconds as a range in one unit."""
    for unit, seconds in (("h", 3600.0), ("min", 60.0), ("s", 1.0)):
        if longest >= 2 * seconds or unit == "s":
            low, high = round(shortest / seconds), max(1, round(longest / seconds))
            return f"{high} {unit}" if low >= high else f"{low} to {high} {unit}"
    raise AssertionError("the last unit takes all")
