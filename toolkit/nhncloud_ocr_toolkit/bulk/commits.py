"""One thread that owns the connection and commits in groups: what is queued, in one transaction.

A commit that reaches the disk costs milliseconds; 32 in one cost hardly more than one alone. So
does each trip between two threads, in processor time: what tasks ask for in one turn of their event
loop goes over together, and what came of it comes back together.
"""

from __future__ import annotations

import sqlite3
from asyncio import AbstractEventLoop, Future as Awaited, get_running_loop
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from .states import JournalError

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]
_Came = tuple[Any, BaseException | None]  # what a piece of work gave, or raised
_MOST = 256  # pieces of work in one transaction


class _Group:
    """Pieces of work from one place, and who waits for each."""

    def __init__(self, loop: AbstractEventLoop | None) -> None:
        self.loop = loop
        self.works: list[Work[Any]] = []
        self.waiting: list[Awaited[Any] | Future[Any]] = []

    def add(self, work: Work[Any], waiting: Awaited[Any] | Future[Any]) -> None:
        self.works.append(work)
        self.waiting.append(waiting)

    def tell(self, came: list[_Came]) -> None:
        """Wake those who wait, in their own thread."""
        if self.loop is None:
            self._finish(came)
        elif not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._finish, came)

    def _finish(self, came: list[_Came]) -> None:
        for waiting, (value, error) in zip(self.waiting, came, strict=True):
            if waiting.done():  # nobody waits any more
                continue
            if error is None:
                waiting.set_result(value)
            else:
                waiting.set_exception(error)


class Commits:
    """Runs pieces of work on a connection, each as a whole or not at all.

    A piece may be run twice, of which only the second run holds: it touches nothing else.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._queue: SimpleQueue[_Group | None] = SimpleQueue()
        self._gathered: dict[AbstractEventLoop, _Group] = {}
        self._thread = Thread(target=self._serve, name="nhncloud-ocr-journal", daemon=True)
        self._thread.start()

    def call(self, work: Work[T]) -> T:
        """Do a piece of work; return what it gives once that is committed."""
        self._send_gathered()  # it was asked for earlier
        future: Future[T] = Future()
        group = _Group(None)
        group.add(work, future)
        self._queue.put(group)
        return future.result()

    async def do(self, work: Work[T]) -> T:
        """As `call`, awaited. The work is done even if nobody waits for it any more."""
        loop = get_running_loop()
        future: Awaited[T] = loop.create_future()
        group = self._gathered.get(loop)
        if group is None:
            group = self._gathered[loop] = _Group(loop)
            loop.call_soon(self._send, loop)
        group.add(work, future)
        return await future

    def _send(self, loop: AbstractEventLoop) -> None:
        group = self._gathered.pop(loop, None)
        if group is not None:
            self._queue.put(group)

    def _send_gathered(self) -> None:
        """Send what this thread's event loop, or one that has ended, would send later."""
        try:
            mine = get_running_loop()
        except RuntimeError:
            mine = None
        for loop in list(self._gathered):
            if loop is mine or not loop.is_running():
                self._send(loop)

    def close(self) -> None:
        """End the thread once all that was queued is done, and close the connection."""
        self._send_gathered()
        self._queue.put(None)
        self._thread.join()
        self._connection.close()

    def _serve(self) -> None:
        more = True
        while more:
            groups, more = self._waiting()
            if groups:
                self._commit(groups)

    def _waiting(self) -> tuple[list[_Group], bool]:
        """Wait for work; return all there is by then, and whether more may come."""
        groups: list[_Group] = []
        pieces = 0
        while not groups or (pieces < _MOST and not self._queue.empty()):
            group = self._queue.get()
            if group is None:
                return groups, False
            groups.append(group)
            pieces += len(group.works)
        return groups, True

    def _commit(self, groups: list[_Group]) -> None:
        works = [work for group in groups for work in group.works]
        came: list[_Came]
        try:
            came = self._together(works) or self._apart(works)
        except sqlite3.Error as exc:  # the disk is full, or has gone: none of it holds
            self._roll_back()
            came = [(None, _told(exc))] * len(works)
        for group in groups:
            size = len(group.works)
            group.tell(came[:size])
            del came[:size]

    def _together(self, works: list[Work[Any]]) -> list[_Came] | None:
        """Do all of it in one transaction; None if a piece failed, and then none of it holds."""
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            came: list[_Came] = [(work(connection), None) for work in works]
        except Exception:
            self._roll_back()
            return None
        connection.execute("COMMIT")
        return came

    def _apart(self, works: list[Work[Any]]) -> list[_Came]:
        """As `_together`, but for the pieces that fail."""
        execute = self._connection.execute
        came: list[_Came] = []
        execute("BEGIN IMMEDIATE")
        for work in works:
            execute("SAVEPOINT work")
            try:
                came.append((work(self._connection), None))
            except Exception as exc:
                execute("ROLLBACK TO work")
                came.append((None, _told(exc)))
            execute("RELEASE work")
        execute("COMMIT")
        return came

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def _told(error: Exception) -> Exception:
    """Return the error in a caller's terms."""
    if isinstance(error, sqlite3.Error):
        return JournalError(f"the journal cannot be written: {error}")
    return error
