"""The rows marked live, against the real service: billed, and so few, slow and never repeated."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import httpx

from contract.drivers.session import Session
from contract.drivers.suite import run_table
from contract.judge.rules import Finding

BUDGET = 12  # calls
SPACING = 1.0  # seconds from the start of one call to the start of the next


class BudgetError(Exception):
    """One call more than the budget allows; it was not sent."""


class Budget(httpx.BaseTransport):
    """Around a transport: lets `calls` requests through, each `seconds` after the one before.

    Every request counts, whatever comes of it: a lost reply may have been billed.
    """

    def __init__(
        self,
        inner: httpx.BaseTransport,
        *,
        calls: int = BUDGET,
        seconds: float = SPACING,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.inner = inner
        self.left = calls
        self.seconds = seconds
        self._clock = clock
        self._sleep = sleep
        self._next: float | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request, or raise `BudgetError` before it is sent."""
        if self.left <= 0:
            raise BudgetError("the budget of live calls is spent; nothing more is sent")
        now = self._clock()
        if self._next is not None and now < self._next:
            self._sleep(self._next - now)
            now = self._next
        self._next = max(now, self._clock()) + self.seconds
        self.left -= 1
        return self.inner.handle_request(request)

    def close(self) -> None:
        """Close the transport within."""
        self.inner.close()


def run_live(session: Session) -> Iterator[Finding]:
    """The live rows and nothing else, all of them: a break does not make the others cheaper."""
    return run_table(session, [row for row in session.rows if row.live])
