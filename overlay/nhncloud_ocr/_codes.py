"""The one table: what (HTTP status, result code) means to a caller, and whether it is tried again.

A number means different things in the service (HTTP 200) and in the gateway before the old host (real statuses), so
the exact pair comes first; else a status of 400 and more decides, below it the code. Messages are never matched.
"""

from enum import Enum
from typing import NamedTuple

from . import _errors as e


class Retry(Enum):
    """Whether the same call is worth another try."""

    NEVER = "never"
    UNBILLED = "it cannot have been billed"
    MAYBE_BILLED = "only if the caller accepts a second bill"


class Verdict(NamedTuple):
    error: type[e.ApiError]
    retry: Retry = Retry.NEVER


PAIRS = {
    (400, 4000006): Verdict(e.PermissionDeniedError),  # the gateway refuses the client's address
    (429, 4291001): Verdict(e.RateLimitError),  # the quota is used up: waiting does not help
}
STATUSES = {
    401: Verdict(e.AuthenticationError),
    403: Verdict(e.PermissionDeniedError),
    413: Verdict(e.ImageRejectedError),
    429: Verdict(e.RateLimitError, Retry.UNBILLED),
    503: Verdict(e.ServerError, Retry.UNBILLED),
    **dict.fromkeys((502, 504), Verdict(e.ServerError, Retry.MAYBE_BILLED)),
}
STATUS_RANGES = {range(400, 500): Verdict(e.BadRequestError), range(500, 1000): Verdict(e.ServerError)}
CODES = {
    **dict.fromkeys((-1, 500), Verdict(e.ServerError)),
    **dict.fromkeys((400, 404, 405, 415, 4000001, 4000005, 4041007), Verdict(e.BadRequestError)),
    **dict.fromkeys((401, 4010001, 4010002, 4010004, 4010006), Verdict(e.AuthenticationError)),
    **dict.fromkeys((403, 4010003, 4010005, 4010007, 4031007), Verdict(e.PermissionDeniedError)),
    **dict.fromkeys((4000002, 4000003, 4000004, *range(4000502, 4000506), 4131000), Verdict(e.ImageRejectedError)),
    **dict.fromkeys((4000006, 4291001), Verdict(e.RateLimitError)),
    4000501: Verdict(e.NoTextFoundError),
    4291000: Verdict(e.RateLimitError, Retry.UNBILLED),
    5000503: Verdict(e.ServerError, Retry.UNBILLED),
}
RANGES = {
    range(4000000, 4010000): Verdict(e.BadRequestError),
    range(4010000, 4020000): Verdict(e.AuthenticationError),
    range(4030000, 4040000): Verdict(e.PermissionDeniedError),
    range(4290000, 4300000): Verdict(e.RateLimitError),
    range(5000000, 6000000): Verdict(e.ServerError),
}


def verdict(http_status: int, result_code: int | None) -> Verdict:
    """Look up a failure; `result_code` is None where the reply had no readable envelope."""
    gateway = http_status >= 400
    exact, ranges, number = (STATUSES, STATUS_RANGES, http_status) if gateway else (CODES, RANGES, result_code or 0)
    found = PAIRS.get((http_status, result_code or 0)) or exact.get(number)
    return found or next((verdict for numbers, verdict in ranges.items() if number in numbers), Verdict(e.ApiError))
