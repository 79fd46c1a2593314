"""What is told of an attempt: numbers and names, never a key, a URL, a name of a file or a text."""

import logging
from dataclasses import dataclass

_logger = logging.getLogger("nhncloud_ocr")


@dataclass(frozen=True, slots=True)
class Attempt:
    """The facts of one attempt.

    outcome: the name of a class, OcrResult or an error.
    status, received: of the reply, None if none came.
    sent: how many bytes the image has, or "url".
    """

    operation: str
    number: int
    outcome: str
    status: int | None
    result_code: int | None
    sent: int | str
    received: int | None
    seconds: float


def log(attempt: Attempt) -> None:
    """Write one debug record to the logger `nhncloud_ocr`."""
    _logger.debug(
        "%s attempt=%d outcome=%s status=%s code=%s sent=%s received=%s seconds=%.3f",
        attempt.operation,
        attempt.number,
        attempt.outcome,
        attempt.status,
        attempt.result_code,
        attempt.sent,
        attempt.received,
        attempt.seconds,
    )
