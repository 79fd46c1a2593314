"""What is told of calls and attempts: numbers and names, never a key, a URL, a file's name, a text.

Whoever wants to know passes `observers=` to a client. The log is one of them, and always there.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._usage import Bill

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A call begins, and has sent nothing yet.

    call: its number in this process, the same in all that is told of it.
    operation: "general" or "general/cropping".
    host, port: of the base URL; port is None where the URL has none.
    image_bytes: the size of the image, None if it is sent as a URL.
    """

    call: int
    operation: str
    host: str
    port: int | None
    image_bytes: int | None


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """A request is about to be sent.

    attempt: 1 for the first of its call.
    version: of the API, "v1.0" or "v1.1".
    """

    call: int
    attempt: int
    version: str


@dataclass(frozen=True, slots=True)
class AttemptEnded:
    """A request has its reply, or none will come.

    outcome: the name of a class: OcrResult, an error, or what cut the call short.
    http_status, received_bytes: of the reply, None if none came.
    result_code: of the reply's header, 0 for a success, None if there was none.
    bill: "billed", "maybe_billed" or "not_billed".
    seconds: since the attempt began.
    """

    call: int
    attempt: int
    operation: str
    version: str | None
    outcome: str
    http_status: int | None
    result_code: int | None
    image_bytes: int | None
    received_bytes: int | None
    seconds: float
    bill: Bill


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A call has its result, or ends without one.

    version: of the API, None if no attempt was made.
    outcome: the name of a class: OcrResult, an error, or what cut the call short.
    words: how many were recognised, None without a result.
    billed, maybe_billed: how many of its attempts were, and may have been.
    seconds: since the call began, waits included.
    """

    call: int
    operation: str
    version: str | None
    outcome: str
    attempts: int
    words: int | None
    billed: int
    maybe_billed: int
    seconds: float


class Observer:
    """Is told of calls and attempts. Override what you want to know; the rest does nothing.

    The methods are called where the call runs: in its thread, or in its task in the event loop, so
    they must not block. The first exception of an observer is logged; none disturbs the call.
    """

    def call_started(self, event: CallStarted) -> None:
        """A call begins."""

    def attempt_started(self, event: AttemptStarted) -> None:
        """A request is about to be sent."""

    def attempt_ended(self, event: AttemptEnded) -> None:
        """A request has its reply, or none will come."""

    def call_ended(self, event: CallEnded) -> None:
        """A call has its result, or ends without one."""


def next_call() -> int:
    """Return a number that no other call of this process has."""
    return next(_numbers)


for _public in (AttemptEnded, AttemptStarted, CallEnded, CallStarted, Observer):
    _public.__module__ = "nhncloud_ocr"  # where people import it from
