"""Which fault the next call has: those asked for in advance, and a deploy under way."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any, Final

from ._faults import Fault

__all__ = ["Faults"]

# What callers see while the service is deployed anew (reported: bursts of 503s and of closed
# connections). Neither comes to the image.
_DEPLOYING: Final = 503


class Faults:
    """The faults of the next calls, first come, first served; thread-safe.

    `faults.add(status=503, retry_after="2", times=3)` makes the next three calls fail so. Each
    call to a path of the API takes one, be it otherwise right or wrong; a call with the request
    header `X-Emulator-Fault` takes that in place of one from here.

    A fault with `deploy` is taken by one call, and decides over all calls until its time is up;
    what else it says (a Retry-After, a latency, another status) holds for each of them. One more
    deploy meanwhile makes it longer, never shorter.

    Args:
        clock: Seconds that never run backwards.
        unknown: Values of a `Fault` that these calls know nothing of.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, unknown: Sequence[str] = ()
    ) -> None:
        self._unknown = unknown
        self._pending: deque[Fault] = deque()
        self._lock = Lock()
        self._clock = clock
        self._deployed_at = clock()
        self._deploy = Fault()
        self._turn = 0

    def add(self, fault: Fault | None = None, *, times: int = 1, **values: Any) -> None:
        """Queue a fault for `times` calls: a `Fault`, or the keyword arguments of one.

        Raises ValueError for what cannot happen to these calls.
        """
        if fault is None:
            fault = Fault(**values)
        elif values:
            raise TypeError("give a Fault or its values, not both")
        self._check(fault)
        with self._lock:
            self._pending.extend([fault] * times)

    def clear(self) -> None:
        """Forget the faults not yet taken, and end a deploy."""
        with self._lock:
            self._pending.clear()
            self._deployed_at = self._clock()

    def __len__(self) -> int:
        return len(self._pending)

    def take(self, asked: Fault | None = None) -> Fault:
        """Return the fault of the call that comes in now; one without effect if there is none.

        Args:
            asked: What the call itself asked for; the queue is then left alone.

        Raises ValueError for what cannot happen to these calls.
        """
        if asked is not None:
            self._check(asked)
        with self._lock:
            now = self._clock()
            if asked is None and now < self._deployed_at:
                return self._while_deploying()
            fault = asked or (self._pending.popleft() if self._pending else Fault())
            if not fault.deploy:
                return fault
            if now >= self._deployed_at:
                self._turn = 0
            self._deployed_at = max(self._deployed_at, now + fault.deploy)
            self._deploy = replace(fault, deploy=0.0, status=fault.status or _DEPLOYING)
            return self._while_deploying()

    def _check(self, fault: Fault) -> None:
        for name in self._unknown:
            if getattr(fault, name):
                raise ValueError(f"{name} is no fault of this part of the service")

    def _while_deploying(self) -> Fault:
        self._turn += 1
        answers = self._turn % 2
        return replace(self._deploy, reset=None if answers else self._deploy.reset or "before")
