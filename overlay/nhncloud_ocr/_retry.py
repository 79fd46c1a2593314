"""When to try again, and after how long. Pure: clocks and chance come from outside."""

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from ._errors import ApiError, ConfigurationError, OcrError, verdict


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long to try; times in seconds.

    By default only what cannot have been billed is tried again: no connection, HTTP 429 (but not for a used-up quota),
    HTTP 503, result codes 5000503 and 4291000. `retry_maybe_billed=True` adds lost replies (read timeout, reset), 502
    and 504, at the price of a possible second bill (reported).

    The wait is drawn from 0 to min(max_backoff, backoff * 2**(attempt - 1)), or is the service's Retry-After; one of
    more than `max_retry_after` ends the tries. No attempt begins more than `deadline` after the first.

    A deploy of the service lasts 30 to 60 s (reported): `RetryPolicy(attempts=40, deadline=180.0)` outlasts it.
    """

    attempts: int = 3
    backoff: float = 0.5
    max_backoff: float = 8.0
    max_retry_after: float = 60.0
    deadline: float | None = None
    retry_maybe_billed: bool = False

    def __post_init__(self) -> None:
        times = (self.backoff, self.max_backoff, self.max_retry_after, self.deadline or 0)
        if self.attempts < 1 or not all(seconds >= 0 for seconds in times):
            raise ConfigurationError("RetryPolicy: attempts must be at least 1, and no time negative")

    def delay(self, error: OcrError, elapsed: float, now: float, random: float) -> float | None:
        """Seconds to wait before the attempt after the one that ended in `error`, or None to stop. `elapsed`: seconds
        since the first began; `now`: those since the epoch (a Retry-After may be a date); `random`: 0..1."""
        billed, wait = getattr(error, "maybe_billed", None), None
        if isinstance(error, ApiError):
            billed, wait = verdict(error.http_status, error.result_code).maybe_billed, _seconds(error.retry_after, now)
        wanted = billed is False or (billed is True and self.retry_maybe_billed)
        if not wanted or error.attempts >= self.attempts or (wait or 0) > self.max_retry_after:
            return None
        if wait is None:
            wait = random * min(self.max_backoff, self.backoff * 2.0 ** min(error.attempts - 1, 63))
        return None if self.deadline is not None and elapsed + wait > self.deadline else wait


def _seconds(retry_after: str | None, now: float) -> float | None:
    """Of a Retry-After header: a number or an HTTP date (RFC 9110, section 10.2.3)."""
    if retry_after is None or re.fullmatch(r"\s*[0-9]+(\.[0-9]+)?\s*", retry_after):
        return None if retry_after is None else float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - now)
    except (ValueError, OverflowError, OSError):
        return None
