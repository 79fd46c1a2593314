"""A cap on calls that many workers share: each takes calls in lots, one object a lot."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

_LARGEST = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """How many calls there are, and in which lots; None without a limit."""

    most: int | None
    lot: int | None = None

    def size(self, number: int) -> int:
        """Return the calls in a lot, 0 past the last."""
        if self.most is None:
            return 0
        size = self.lot or max(1, min(_LARGEST, self.most // 20))
        return max(0, min(size, self.most - number * size))


class Purse:
    """The calls that this worker may make: of the lots that it has taken."""

    def __init__(self, plan: Plan, take: Callable[[int], Awaitable[bool]]) -> None:
        self._plan = plan
        self._take = take
        self._left = 0
        self._next = 0
        self._lock = asyncio.Lock()

    async def spend(self) -> bool:
        """Take a call; return whether there was one."""
        if self._plan.most is None:
            return True
        async with self._lock:
            while self._left == 0:
                size = self._plan.size(self._next)
                if size == 0:
                    return False
                self._next += 1
                if await self._take(self._next - 1):
                    self._left = size
            self._left -= 1
            return True

    def give_back(self) -> None:
        """Return a call that was not made, or turned away."""
        self._left += 1
