"""What an error means for a run: for its image, for the pace, and for whether to go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nhncloud_ocr import (
    ApiError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    InvalidImageError,
    NoTextFoundError,
    OcrError,
    PermissionDeniedError,
    RateLimitError,
    TransportError,
)

from .calls import Ending
from .pace import Outcome
from .states import EMPTY, FAILED, PENDING, UNKNOWN

Stop = Literal["refused", "quota", None]

_BUSY = 5000503  # the service hands on an upstream's "too many" (documented)
_QUOTA = 4291001
_NO_SUCH_PLACE = frozenset({404, 405, 4041007})
_REPLY_LOST = frozenset({502, 504})
_LONGEST_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """ending: what to write. pace: what the pace learns, None: nothing was sent. stop: whether no
    other image would fare better. wait: seconds that the service asked for. error: that ends the
    run.
    """

    ending: Ending
    pace: Outcome | None
    stop: Stop = None
    wait: float = 0.0
    error: OcrError | None = None


def verdict(error: OcrError) -> Verdict:
    """Return what to do about an error of a call with one attempt."""
    said = " ".join(str(error).split())
    if isinstance(error, NoTextFoundError):
        # Whether a picture without text is billed is not documented.
        return Verdict(Ending(EMPTY, said, maybe_billed=True), "answered")
    if error.maybe_billed:
        lost = isinstance(error, TransportError) or _status(error) in _REPLY_LOST
        ending = Ending(UNKNOWN, said, maybe_billed=True)
        return Verdict(ending, "lost" if lost else "answered")
    back = Ending(PENDING, said, refund=True)
    if isinstance(error, (AuthenticationError, PermissionDeniedError, ConfigurationError)):
        return Verdict(back, "answered", "refused", error=error)
    if isinstance(error, RateLimitError):
        quota = error.result_code == _QUOTA
        return Verdict(back, "refused", "quota" if quota else None, _asked(error))
    if isinstance(error, InvalidImageError):
        return Verdict(Ending(FAILED, said, refund=True), None)
    if isinstance(error, TransportError):
        return Verdict(back, "away")
    if isinstance(error, BadRequestError):
        nowhere = _status(error) in _NO_SUCH_PLACE or error.result_code in _NO_SUCH_PLACE
        if nowhere:
            return Verdict(back, "answered", "refused", error=error)
    elif error.retryable and _status(error) >= 500:
        return Verdict(back, "away", wait=_asked(error))
    elif isinstance(error, ApiError) and error.result_code == _BUSY:
        return Verdict(back, "refused", wait=_asked(error))
    return Verdict(Ending(FAILED, said), "answered")


def _status(error: OcrError) -> int:
    return error.http_status if isinstance(error, ApiError) else 0


def _asked(error: OcrError) -> float:
    """Return the seconds of a Retry-After, at most a minute; of a date nothing."""
    asked = error.retry_after if isinstance(error, ApiError) else None
    try:
        return max(0.0, min(_LONGEST_WAIT, float(asked or 0)))
    except ValueError:
        return 0.0
