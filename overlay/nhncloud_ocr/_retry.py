"""Which failed attempt is followed by another one, and after how many seconds."""

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from ._errors import Again, ApiError, ConfigurationError, OcrError

_MAX_DOUBLINGS = 63  # more would overflow a float, long after `max_backoff` has decided
_SECONDS = re.compile(r"\s*[0-9]+(\.[0-9]+)?\s*")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long to try; times in seconds.

    By default only what cannot have been billed is tried again: no connection, HTTP 429 (but not
    for a used-up quota), HTTP 503, result codes 5000503 and 4291000.

    `retry_maybe_billed=True` adds lost replies (read timeout, reset), 502 and 504, at the price of
    a possible second bill (reported).

    `retry_rate_limit=True` adds result code 4000006, "Api call limit exceeded". It costs nothing
    but time. It is not tried again unasked, for nobody says over which time the limit counts:
    attempts that come too early only add to it. Give it many attempts and a long `max_backoff`,
    or stay below the limit with the client's `max_per_second`.

    The wait is drawn from 0 to min(max_backoff, backoff * 2**(attempt - 1)), or is the service's
    Retry-After; one of more than `max_retry_after` ends the tries. No attempt begins more than
    `deadline` after the first.

    A deploy of the service lasts 30 to 60 s (reported): `RetryPolicy(attempts=40, deadline=180.0)`
    outlasts it.
    """

    attempts: int = 3
    backoff: float = 0.5
    max_backoff: float = 8.0
    max_retry_after: float = 60.0
    deadline: float | None = None
    retry_maybe_billed: bool = False
    retry_rate_limit: bool = False

    def __post_init__(self) -> None:
        times = (self.backoff, self.max_backoff, self.max_retry_after, self.deadline or 0)
        if self.attempts < 1 or not all(seconds >= 0 for seconds in times):
            raise ConfigurationError(
                "RetryPolicy: attempts must be at least 1, and no time negative"
            )

    def delay(self, error: OcrError, elapsed: float, now: float, chance: float) -> float | None:
        """Return the seconds to wait after the attempt that ended in `error`, or None to stop.

        elapsed: seconds since the first attempt began.
        now: seconds since the epoch, for a Retry-After that is a date.
        chance: 0..1, the share of the backoff that is waited.
        """
        if not self._allows(error):
            return None
        wait = _asked_for(error, now)
        if wait is None:
            doublings = min(error.attempts - 1, _MAX_DOUBLINGS)
            wait = chance * min(self.max_backoff, self.backoff * 2.0**doublings)
        elif wait > self.max_retry_after:
            return None
        if self.deadline is not None and elapsed + wait > self.deadline:
            return None
        return wait

    def _allows(self, error: OcrError) -> bool:
        """Whether this error is worth another attempt, may be paid for, and one is left."""
        if error.attempts >= self.attempts:
            return False
        return {
            Again.NO: False,
            Again.YES: True,
            Again.IF_MAYBE_BILLED: self.retry_maybe_billed,
            Again.IF_RATE_LIMITED: self.retry_rate_limit,
        }[error._again]


def _asked_for(error: OcrError, now: float) -> float | None:
    """Return the seconds that the service asked to wait for, or None."""
    if not isinstance(error, ApiError) or error.retry_after is None:
        return None
    return retry_after_seconds(error.retry_after, now)


def retry_after_seconds(value: str, now: float) -> float | None:
    """Read a Retry-After header: seconds, or an HTTP date (RFC 9110, section 10.2.3).

    Returns None for what is neither.
    """
    try:
        if _SECONDS.fullmatch(value):
            return float(value)
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, OverflowError, OSError):
        return None


RetryPolicy.__module__ = "nhncloud_ocr"  # where people import it from
