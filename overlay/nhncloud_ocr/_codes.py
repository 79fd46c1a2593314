"""One table: what a pair of HTTP status and result code means, and whether it is tried again.

The service (HTTP 200) and the gateway before the old host (real statuses) use the same numbers for
different things. So the exact pair comes first; else a status of 400 and more decides, below it
the code; else the range. Messages are never matched. With it stands whether such a failure may
have been billed.
"""

from typing import NamedTuple

from ._errors import (
    Again,
    ApiError,
    AuthenticationError,
    BadRequestError,
    ImageRejectedError,
    NoTextFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
)


class Verdict(NamedTuple):
    """What a failure means.

    error: the class to raise.
    maybe_billed: whether this attempt may have been. False where the service cannot have come to
        an inference (inferred from what the code says); True where nobody knows.
    retryable: whether waiting may help.
    again: whether a RetryPolicy makes another attempt.
    """

    error: type[ApiError]
    maybe_billed: bool = False
    retryable: bool = False
    again: Again = Again.NO


def _final(error: type[ApiError]) -> Verdict:
    """Not billed, and the same call fails again."""
    return Verdict(error)


def _busy(error: type[ApiError]) -> Verdict:
    """Not billed (inferred), and tried again."""
    return Verdict(error, retryable=True, again=Again.YES)


_FAILED = Verdict(ServerError, maybe_billed=True, retryable=True)
# A gateway lost its upstream's reply, which may be that of a success (inferred).
_REPLY_LOST = Verdict(
    ServerError,
    maybe_billed=True,
    retryable=True,
    again=Again.IF_MAYBE_BILLED,
)
# The service could not fetch the image from its URL: another server's trouble, which may pass.
_NOT_FETCHED = Verdict(ImageRejectedError, retryable=True)


class Range(NamedTuple):
    """The numbers from `first` to `last`, both included, that nothing more exact is known of."""

    first: int
    last: int
    verdict: Verdict


PAIRS = {
    # The gateway refuses the client's address.
    (400, 4000006): _final(PermissionDeniedError),
    # The quota is used up: waiting does not help.
    (429, 4291001): _final(RateLimitError),
}

STATUSES = {
    401: _final(AuthenticationError),
    403: _final(PermissionDeniedError),
    413: _final(ImageRejectedError),
    429: _busy(RateLimitError),
    502: _REPLY_LOST,
    503: _busy(ServerError),
    504: _REPLY_LOST,
}

STATUS_RANGES = [
    Range(400, 499, _final(BadRequestError)),
    Range(500, 999, _FAILED),
]

CODES = {
    -1: _FAILED,
    400: _final(BadRequestError),
    401: _final(AuthenticationError),
    403: _final(PermissionDeniedError),
    404: _final(BadRequestError),
    405: _final(BadRequestError),
    415: _final(BadRequestError),
    500: _FAILED,
    4000001: _final(BadRequestError),
    4000002: _final(ImageRejectedError),
    4000003: _final(ImageRejectedError),
    4000004: _final(ImageRejectedError),
    4000005: _final(BadRequestError),
    4000006: Verdict(RateLimitError, retryable=True, again=Again.IF_RATE_LIMITED),
    # Whether a picture without text is billed is not documented.
    4000501: Verdict(NoTextFoundError, maybe_billed=True),
    4000502: _final(ImageRejectedError),
    4000503: _NOT_FETCHED,
    4000504: _NOT_FETCHED,
    4000505: _final(ImageRejectedError),
    4010001: _final(AuthenticationError),
    4010002: _final(AuthenticationError),
    4010003: _final(PermissionDeniedError),
    4010004: _final(AuthenticationError),
    4010005: _final(PermissionDeniedError),
    4010006: _final(AuthenticationError),
    4010007: _final(PermissionDeniedError),
    4031007: _final(PermissionDeniedError),
    4041007: _final(BadRequestError),
    4131000: _final(ImageRejectedError),
    4291000: _busy(RateLimitError),
    4291001: _final(RateLimitError),
    5000503: _busy(ServerError),
}

CODE_RANGES = [
    Range(4000000, 4009999, _final(BadRequestError)),
    Range(4010000, 4019999, _final(AuthenticationError)),
    Range(4030000, 4039999, _final(PermissionDeniedError)),
    Range(4290000, 4299999, _final(RateLimitError)),
    Range(5000000, 5999999, _FAILED),
]


def verdict(http_status: int, result_code: int | None) -> Verdict:
    """Look up a failure; `result_code` is None where the reply had no readable envelope."""
    code = result_code or 0
    if http_status >= 400:
        found = PAIRS.get((http_status, code)) or STATUSES.get(http_status)
        return found or _in_range(http_status, STATUS_RANGES)
    return CODES.get(code) or _in_range(code, CODE_RANGES)


def _in_range(number: int, ranges: list[Range]) -> Verdict:
    for row in ranges:
        if row.first <= number <= row.last:
            return row.verdict
    return Verdict(ApiError, maybe_billed=True)  # nobody says what it means
