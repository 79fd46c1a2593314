"""One table: what a pair of HTTP status and result code means, and whether it is tried again.

The service (HTTP 200) and the gateway before the old host (real statuses) use the same numbers for
different things. So the exact pair comes first; else a status of 400 and more decides, below it
the code; else the range. Messages are never matched.
"""

from typing import NamedTuple

from ._errors import (
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
    """The class to raise. `maybe_billed` is None for a call that is not worth another try."""

    error: type[ApiError]
    maybe_billed: bool | None = None


class Range(NamedTuple):
    """The numbers from `first` to `last`, both included, that nothing more exact is known of."""

    first: int
    last: int
    error: type[ApiError]


PAIRS = {
    # The gateway refuses the client's address.
    (400, 4000006): Verdict(PermissionDeniedError),
    # The quota is used up: waiting does not help.
    (429, 4291001): Verdict(RateLimitError),
}

STATUSES = {
    401: Verdict(AuthenticationError),
    403: Verdict(PermissionDeniedError),
    413: Verdict(ImageRejectedError),
    429: Verdict(RateLimitError, maybe_billed=False),
    502: Verdict(ServerError, maybe_billed=True),
    503: Verdict(ServerError, maybe_billed=False),
    504: Verdict(ServerError, maybe_billed=True),
}

STATUS_RANGES = [
    Range(400, 499, BadRequestError),
    Range(500, 999, ServerError),
]

CODES = {
    -1: Verdict(ServerError),
    400: Verdict(BadRequestError),
    401: Verdict(AuthenticationError),
    403: Verdict(PermissionDeniedError),
    404: Verdict(BadRequestError),
    405: Verdict(BadRequestError),
    415: Verdict(BadRequestError),
    500: Verdict(ServerError),
    4000001: Verdict(BadRequestError),
    4000002: Verdict(ImageRejectedError),
    4000003: Verdict(ImageRejectedError),
    4000004: Verdict(ImageRejectedError),
    4000005: Verdict(BadRequestError),
    4000006: Verdict(RateLimitError),
    4000501: Verdict(NoTextFoundError),
    4000502: Verdict(ImageRejectedError),
    4000503: Verdict(ImageRejectedError),
    4000504: Verdict(ImageRejectedError),
    4000505: Verdict(ImageRejectedError),
    4010001: Verdict(AuthenticationError),
    4010002: Verdict(AuthenticationError),
    4010003: Verdict(PermissionDeniedError),
    4010004: Verdict(AuthenticationError),
    4010005: Verdict(PermissionDeniedError),
    4010006: Verdict(AuthenticationError),
    4010007: Verdict(PermissionDeniedError),
    4031007: Verdict(PermissionDeniedError),
    4041007: Verdict(BadRequestError),
    4131000: Verdict(ImageRejectedError),
    4291000: Verdict(RateLimitError, maybe_billed=False),
    4291001: Verdict(RateLimitError),
    5000503: Verdict(ServerError, maybe_billed=False),
}

CODE_RANGES = [
    Range(4000000, 4009999, BadRequestError),
    Range(4010000, 4019999, AuthenticationError),
    Range(4030000, 4039999, PermissionDeniedError),
    Range(4290000, 4299999, RateLimitError),
    Range(5000000, 5999999, ServerError),
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
            return Verdict(row.error)
    return Verdict(ApiError)
