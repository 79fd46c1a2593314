"""The one table: what (HTTP status, result code) means to a caller, and whether it is tried again.

A number means different things in the service (HTTP 200) and in the gateway before the old host
(real statuses), so the pair is looked up first; from 400 on the status decides, below it the code.
Messages are never matched: they differ between editions of the guide.
"""

from __future__ import annotations

from enum import Enum
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


class Retry(Enum):
    """Whether the same call is worth another try."""

    NEVER = "never"
    UNBILLED = "it cannot have been billed"
    MAYBE_BILLED = "only if the caller accepts a second bill"


class Verdict(NamedTuple):
    error: type[ApiError]
    retry: Retry = Retry.NEVER


PAIRS = {
    (400, 4000006): Verdict(PermissionDeniedError),  # the gateway: client IP refused
    (429, 4291001): Verdict(RateLimitError),  # the gateway: quota used up, waiting does not help
}

STATUSES = {
    401: Verdict(AuthenticationError),
    403: Verdict(PermissionDeniedError),
    413: Verdict(ImageRejectedError),
    429: Verdict(RateLimitError, Retry.UNBILLED),
    502: Verdict(ServerError, Retry.MAYBE_BILLED),
    503: Verdict(ServerError, Retry.UNBILLED),
    504: Verdict(ServerError, Retry.MAYBE_BILLED),
}
OTHER_4XX = Verdict(BadRequestError)
OTHER_5XX = Verdict(ServerError)

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
    4291000: Verdict(RateLimitError, Retry.UNBILLED),
    4291001: Verdict(RateLimitError),
    5000503: Verdict(ServerError, Retry.UNBILLED),
}

RANGES = {
    range(4000000, 4010000): Verdict(BadRequestError),
    range(4010000, 4020000): Verdict(AuthenticationError),
    range(4030000, 4040000): Verdict(PermissionDeniedError),
    range(4290000, 4300000): Verdict(RateLimitError),
    range(5000000, 6000000): Verdict(ServerError),
}


def verdict(http_status: int, result_code: int | None) -> Verdict:
    """Look up a failure; `result_code` is None where the reply had no readable envelope."""
    if result_code is not None and (pair := PAIRS.get((http_status, result_code))):
        return pair
    if http_status >= 400:
        return STATUSES.get(http_status, OTHER_4XX if http_status < 500 else OTHER_5XX)
    if result_code in CODES:
        return CODES[result_code]
    for codes, by_range in RANGES.items():
        if result_code in codes:
            return by_range
    return Verdict(ApiError)
