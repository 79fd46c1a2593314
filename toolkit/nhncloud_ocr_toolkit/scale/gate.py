"""Waiting for a turn at a pace that many tasks share."""

from __future__ import annotations

import asyncio
import math

from ..bulk.pace import Pace
from ..bulk.verdicts import Verdict


class Gate:
    """Lets tasks through one at a time, when their pace says so."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()

    async def enter(self, patience: float) -> float | None:
        """Wait for a turn; return when it began, None after so many seconds of refusals alone."""
        async with self._turn:
            while (delay := self._pace.delay()) > 0:
                if self._pace.silence() > patience:
                    return None
                self._changed.clear()
                timeout = None if math.isinf(delay) else delay
                try:
                    await asyncio.wait_for(self._changed.wait(), timeout)
                except TimeoutError:
                    continue
            return self._pace.begin()

    def pass_on(self) -> None:
        """Give a turn back that is not used."""
        self._pace.unsent()
        self._changed.set()

    def learn(self, begun: float, found: Verdict) -> None:
        """Tell the pace how a call ended."""
        if found.pace is None:
            self._pace.unsent()
        else:
            self._pace.end(begun, found.pace)
        self._pace.wait(found.wait)
        self._changed.set()
