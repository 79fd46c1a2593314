"""What calls have cost so far, counted for each attempt."""

import os
import threading
from dataclasses import dataclass
from typing import Literal, TypeAlias

Bill: TypeAlias = Literal["billed", "maybe_billed", "not_billed"]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a client and its copies have used, up to now.

    calls: calls begun, those that were refused before anything was sent left out.
    attempts: requests for recognition; each is counted in one of the next three.
    billed: attempts that gave a result.
    maybe_billed: attempts of which nobody can say: lost replies, most failures of the server, no
        text found, a call that was cancelled after it was sent.
    not_billed: attempts that cannot have been billed, as far as is known (reported, inferred).
    bytes_sent: bytes of images, once for each attempt that left; an image's URL counts nothing.
    seconds: the time that attempts took, added up, so at most that many times the time passed.

    The service bills when inference succeeds, also if its reply is lost (reported). So the bill is
    between `billed` and `billed + maybe_billed` calls.
    """

    calls: int = 0
    attempts: int = 0
    billed: int = 0
    maybe_billed: int = 0
    not_billed: int = 0
    bytes_sent: int = 0
    seconds: float = 0.0


# One for all meters, held for the time of a few additions, so that a fork can wait for it: a child
# must not get a lock that a thread of its parent holds.
_lock = threading.Lock()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_lock.acquire,
        after_in_parent=_lock.release,
        after_in_child=_lock.release,
    )


class Meter:
    """Counts for a client and its copies. Safe across threads; a forked child counts on alone."""

    def __init__(self) -> None:
        self._calls = 0
        self._attempts: dict[Bill, int] = {"billed": 0, "maybe_billed": 0, "not_billed": 0}
        self._bytes_sent = 0
        self._seconds = 0.0

    def call(self) -> None:
        """Count a call that begins."""
        with _lock:
            self._calls += 1

    def attempt(self, bill: Bill, bytes_sent: int, seconds: float) -> None:
        """Count an attempt that has ended."""
        with _lock:
            self._attempts[bill] += 1
            self._bytes_sent += bytes_sent
            self._seconds += seconds

    def usage(self) -> Usage:
        """Return what was counted up to now."""
        with _lock:
            return Usage(
                calls=self._calls,
                attempts=sum(self._attempts.values()),
                **self._attempts,
                bytes_sent=self._bytes_sent,
                seconds=self._seconds,
            )


Usage.__module__ = "nhncloud_ocr"  # where people import it from
