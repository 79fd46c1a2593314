"""One thread that owns the connection and commits in groups: what is queued, in one transaction.

A commit that reaches the disk costs milliseconds; 32 in one cost hardly more than one alone.
"""

from __future__ import annotations

import sqlite3
from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from .states import JournalError

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
_Job = tuple[Work[Any], "Callable[[Any, BaseException | None], None]"]
_MOST = 256  # pieces of work in one transaction


class Commits:
    """Runs pieces of work on a connection, each as a whole or not at all."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = Thread(target=self._serve, name="nhncloud-ocr-journal", daemon=True)
        self._thread.start()

    def call(self, work: Work[T]) -> T:
        """Do a piece of work; return what it gives once that is committed."""
        future: Future[T] = Future()
        self._queue.put((work, lambda value, error: _finish(future, value, error)))
        return future.result()

    async def do(self, work: Work[T]) -> T:
        """As `call`, awaited. The work is done even if nobody waits for it any more."""
        loop = get_running_loop()
        future = loop.create_future()

        def finished(value: Any, error: BaseException | None) -> None:
            if not future.done():
                _finish(future, value, error)

        def tell(value: Any, error: BaseException | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(finished, value, error)

        self._queue.put((work, tell))
        value: T = await future
        return value

    def close(self) -> None:
        """End the thread once all that was queued is done, and close the connection."""
        self._queue.put(None)
        self._thread.join()
        self._connection.close()

    def _serve(self) -> None:
        more = True
        while more:
            jobs, more = self._waiting()
            if jobs:
                self._commit(jobs)

    def _waiting(self) -> tuple[list[_Job], bool]:
        """Wait for work; return all there is by then, and whether more may come."""
        jobs: list[_Job] = []
        while not jobs or not self._queue.empty():
            job = self._queue.get()
            if job is None:
                return jobs, False
            jobs.append(job)
            if len(jobs) == _MOST:
                break
        return jobs, True

    def _commit(self, jobs: list[_Job]) -> None:
        execute = self._connection.execute
        values: list[tuple[Any, BaseException | None]] = []
        try:
            execute("BEGIN IMMEDIATE")
            for work, _ in jobs:
                execute("SAVEPOINT work")
                try:
                    values.append((work(self._connection), None))
                except Exception as exc:
                    execute("ROLLBACK TO work")
                    values.append((None, exc))
                execute("RELEASE work")
            execute("COMMIT")
        except sqlite3.Error as exc:  # the disk is full, or has gone: none of it holds
            if self._connection.in_transaction:
                execute("ROLLBACK")
            values = [(None, JournalError(f"the journal cannot be written: {exc}"))] * len(jobs)
        for (_, tell), (value, error) in zip(jobs, values, strict=True):
            tell(value, error)


def _finish(future: Any, value: Any, error: BaseException | None) -> None:
    if error is None:
        future.set_result(value)
    else:
        future.set_exception(error)
