"""How fast to send: found by itself, from what the service refuses. Pure: no waiting in here.

Two numbers grow while all goes well and are cut when the service says no: how many calls are in
flight, and how many begin a second. The first answers a service that slows down or goes away, the
second a limit on the rate, which calls in flight alone cannot keep to when replies are quick.

Between two moments at which a limit refused, it let through what it allows. So that count over
that time is its rate, and the next rate is a little below it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["answered", "refused", "away", "lost"]
"""answered: the service looked at the image. refused: too many calls. away: HTTP 503, or no
connection. lost: the call left, and no reply came."""

CEILING = 32  # calls in flight, unless told otherwise
_BELOW = 0.95  # of the rate that was let through
_PAUSE = 0.1  # seconds after a refusal; doubled as long as nothing is let through
_LONGEST_PAUSE = 2.0
_STEP = 0.7  # a rate is cut to this share of itself at most: one moment's count may be odd
_SLOWEST = 0.2  # calls a second
_FASTER = 0.04  # a second, for each second without a refusal
_FASTEST_GROWTH = 0.25
_PROBE_AFTER = 1.0  # seconds after the service went away; doubled up to
_PROBE_AT_LEAST_EACH = 4.0
_LOSSES = 3  # lost replies in a row that mean more than bad luck


class Pace:
    """Says when the next call may begin, and learns from how each ended.

    ceiling: calls in flight at most. per_second: calls a second at most, None without a limit.
    clock: seconds that never run backwards.
    """

    def __init__(
        self,
        ceiling: int = CEILING,
        per_second: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._ceiling = ceiling
        self._fastest = per_second or math.inf
        self._rate = self._fastest
        self._in_flight = 0
        self._window = 1.0  # the first call goes alone: wrong keys are tried once
        self._next = self._grown = clock()
        self._turned_away: float | None = None
        self._paused_until = -math.inf
        self._cut_at = -math.inf  # the latest refusal that counted
        self._pause = _PAUSE
        self._epoch = 0.0  # since when `_through` counts; 0 until the first refusal
        self._through = 0
        self._away_since: float | None = None
        self._probe_after = _PROBE_AFTER
        self._losses = 0

    @property
    def in_flight(self) -> int:
        return self._in_flight

    @property
    def is_away(self) -> bool:
        """Whether the service is waited for, with one call at a time as a probe."""
        return self._away_since is not None

    @property
    def is_cut(self) -> bool:
        """Whether a limit on the rate has been met."""
        return self._cut_at > -math.inf

    def silence(self) -> float:
        """Return for how many seconds the service has turned all calls away, else 0."""
        return 0.0 if self._turned_away is None else self._clock() - self._turned_away

    def delay(self) -> float:
        """Return in how many seconds a call may begin, 0 for now, inf once one has ended."""
        if self._in_flight >= (1 if self.is_away else int(self._window)):
            return math.inf
        return max(0.0, max(self._next, self._paused_until) - self._clock())

    def begin(self) -> float:
        """Count a call that begins now; return when, for `end`."""
        now = self._clock()
        self._in_flight += 1
        self._next = max(self._next, now) + 1 / self._rate
        return now

    def unsent(self) -> None:
        """Take back a call that was not made after all."""
        self._in_flight -= 1
        self._next -= 1 / self._rate

    def wait(self, seconds: float) -> None:
        """Begin nothing for so long, as the service asked."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

    def end(self, begun: float, outcome: Outcome) -> None:
        """Learn from a call. begun: what `begin` returned."""
        self._in_flight -= 1
        now = self._clock()
        if outcome == "answered":
            self._answered(begun, now)
            return
        if self._turned_away is None:
            self._turned_away = now
        if outcome == "refused":
            self._refused(begun, now)
        else:
            self._losses += 1
            if outcome == "away" or self.is_away or self._losses >= _LOSSES:
                self._gone(begun, now)

    def _answered(self, begun: float, now: float) -> None:
        self._turned_away = None
        self._losses = 0
        self._through += 1
        self._pause = _PAUSE
        if self._away_since is not None and begun > self._away_since:
            self._away_since = None
            self._probe_after = _PROBE_AFTER
            self._window = 1.0  # and slowly up
        if not self.is_away:
            self._window = min(self._ceiling, self._window + 1)
        if self._rate < self._fastest:
            calm = now - self._cut_at
            growth = min(_FASTEST_GROWTH, _FASTER * calm) * min(1.0, now - self._grown)
            self._rate = min(self._fastest, self._rate * (1 + growth))
        self._grown = now

    def _refused(self, begun: float, now: float) -> None:
        """Be slower: once for all the refusals of one round trip, for they are one message."""
        if begun <= self._cut_at:
            return
        if self._through and now > self._epoch > 0.0:  # none through: the pause grows instead
            let_through = self._through / (now - self._epoch)
            found = _BELOW * min(self._rate, let_through)
            steadied = found if self._rate == self._fastest else max(found, _STEP * self._rate)
            self._rate = max(_SLOWEST, steadied)
        if not self._epoch or now - self._epoch > 1.0:
            self._epoch = now
            self._through = 0
        self._paused_until = now + self._pause
        self._pause = min(_LONGEST_PAUSE, self._pause * 2)
        self._cut_at = self._grown = now
        self._window = max(1.0, self._window / 2)
        self._next = now

    def _gone(self, begun: float, now: float) -> None:
        """Wait, then try with one call."""
        if self._away_since is None:
            self._away_since = now
        elif begun > self._away_since:
            self._probe_after = min(_PROBE_AT_LEAST_EACH, self._probe_after * 2)
            self._away_since = now
        else:
            return  # it left before we knew
        self._paused_until = now + self._probe_after
