"""A pool for each process.

To read from the connections of a parent process, or only to close them, would be to read or close
them for both.
"""

import os
from typing import Generic, TypeVar

import httpcore

from . import internals

Pool = TypeVar("Pool", httpcore.ConnectionPool, httpcore.AsyncConnectionPool)


class PoolOfEachProcess(Generic[Pool]):
    """The pools of one transport, by the processes that have used it."""

    def __init__(self, pool: Pool) -> None:
        self._pools: dict[int, Pool] = {os.getpid(): pool}
        self._pattern: Pool = pool

    def here(self) -> Pool:
        """Return the pool of this process; that of a parent is kept and never touched."""
        process = os.getpid()
        pool = self._pools.get(process)
        if pool is None:
            # Atomic, and without a lock, which a thread that is gone might have held at the fork.
            pool = self._pools.setdefault(process, internals.emptied(self._pattern))
        return pool

    def made(self) -> Pool | None:
        """Return the pool of this process, if it has one."""
        return self._pools.get(os.getpid())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.made()!r}>"
