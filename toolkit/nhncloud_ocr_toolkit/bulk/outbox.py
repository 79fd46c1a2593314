"""What a run has to tell, until its listener takes it: as much as fits, then the run waits."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from .settings import Settled

_ROOM = 1000  # outcomes that nobody has looked at yet
_AT_A_TIME = 64


class Outbox:
    """Holds outcomes in the order in which they came.

    taken: is called when the listener has taken some. An outcome is always taken in, for it must
    not be held up on its way; whoever would bring about more asks `is_full` first.
    """

    def __init__(self, taken: Callable[[], None]) -> None:
        self._taken = taken
        self._outcomes: deque[Settled] = deque()
        self._more = asyncio.Event()
        self._room = asyncio.Event()
        self._ended = False
        self._deaf = False

    @property
    def is_full(self) -> bool:
        return len(self._outcomes) >= _ROOM

    def put(self, settled: Settled) -> None:
        """Take an outcome in, unless nobody listens any more."""
        if not self._deaf:
            self._outcomes.append(settled)
            self._more.set()

    async def room(self) -> None:
        """Wait until there is room for more."""
        while self.is_full:
            self._room.clear()
            await self._room.wait()

    async def take(self) -> list[Settled]:
        """Wait for outcomes; return the next of them, none once there will be no more."""
        await asyncio.sleep(0)  # a listener that never waits must not keep the run from its work
        while not self._outcomes and not self._ended:
            self._more.clear()
            await self._more.wait()
        some = [self._outcomes.popleft() for _ in range(min(_AT_A_TIME, len(self._outcomes)))]
        self._room.set()
        self._taken()
        return some

    def end(self) -> None:
        """Say that there will be no more."""
        self._ended = True
        self._more.set()

    def stop_listening(self) -> None:
        """Throw away what there is, and what comes."""
        self._deaf = True
        self._outcomes.clear()
        self._room.set()
        self._taken()
