"""When to try again, and after how long. Pure: clocks, sleep and randomness come from outside."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ._codes import Retry
from ._errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long to try. Times are in seconds.

    Retried is only what cannot have been billed: no connection, HTTP 429 (but not a used-up
    quota), HTTP 503, result codes 5000503 and 4291000. `retry_maybe_billed=True` adds lost replies
    (read timeout, reset), 502 and 504, at the price of a possible second bill (reported).

    The wait is drawn between 0 and min(max_backoff, backoff * 2**(attempt - 1)), or is what the
    service asks for in Retry-After; more than `max_retry_after` ends the tries. No attempt starts
    later than `deadline` after the first.

    A deploy of the service lasts 30 to 60 s (reported). To outlast one:
    `RetryPolicy(attempts=40, deadline=180.0)`.
    """

    attempts: int = 3
    backoff: float = 0.5
    max_backoff: float = 8.0
    max_retry_after: float = 60.0
    deadline: float | None = None
    retry_maybe_billed: bool = False

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise ConfigurationError("RetryPolicy: attempts must be at least 1")
        for name in ("backoff", "max_backoff", "max_retry_after", "deadline"):
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise ConfigurationError(f"RetryPolicy: {name} must not be negative")

    def delay(
        self,
        retry: Retry,
        *,
        attempt: int,
        elapsed: float,
        retry_after: str | None,
        now: Callable[[], float],
        random: Callable[[], float],
    ) -> float | None:
        """Seconds to wait before the next attempt; None to stop.

        `attempt` counts from 1, `elapsed` are the seconds since the first began, `now` tells the
        time since the epoch (for a Retry-After that is a date), `random` gives 0..1.
        """
        allowed = retry is Retry.UNBILLED or (retry is Retry.MAYBE_BILLED and self.retry_maybe_billed)
        if not allowed or attempt >= self.attempts:
            return None
        wait = _asked_for(retry_after, now)
        if wait is None:
            # 2.0 ** 1024 is too large for a float, and 63 doublings are beyond any max_backoff
            wait = random() * min(self.max_backoff, self.backoff * 2.0 ** min(attempt - 1, 63))
        elif wait > self.max_retry_after:
            return None
        if self.deadline is not None and elapsed + wait > self.deadline:
            return None
        return wait


def _asked_for(retry_after: str | None, now: Callable[[], float]) -> float | None:
    """The seconds of a Retry-After header: a number or an HTTP date (RFC 9110, section 10.2.3)."""
    if retry_after is None:
        return None
    if re.fullmatch(r"\s*[0-9]+(\.[0-9]+)?\s*", retry_after):
        return float(retry_after)
    from email.utils import parsedate_to_datetime  # costs 10 ms, and a date is rare

    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - now())
    except (ValueError, OverflowError, OSError):
        return None
