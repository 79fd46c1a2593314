"""Threads for work that blocks, which nobody waits for when the emulator stops.

An event loop waits for its own threads when it ends, and Python for those of its executors: a
look-up of a name would hold up Ctrl-C for half a minute. These are daemons, and let go.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any, TypeVar

import anyio.to_thread

__all__ = ["Threads", "outcome"]

T = TypeVar("T")


class Threads:
    """At most `limit` daemon threads, each of which ends when there is nothing left to do."""

    def __init__(self, name: str, limit: int) -> None:
        self._name = name
        self._limit = limit
        self._lock = Lock()
        self._running = 0
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Have it done; what is cancelled before its turn is not begun.

        Raises RuntimeError if the system has no thread to give, and none of ours is at work.
        """
        task = future, work = Future[T](), work
        with self._lock:
            self._waiting.append(task)
            grow = self._running < self._limit
            self._running += grow
        if grow:
            try:
                Thread(target=self._run, name=self._name, daemon=True).start()
            except RuntimeError:
                with self._lock:
                    self._running -= 1
                    if self._running or task not in self._waiting:
                        return future  # another comes to it, or did
                    self._waiting.remove(task)
                raise
        return future

    def _run(self) -> None:
        while (task := self._next()) is not None:
            future, work = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(work())
            except BaseException as error:  # whoever waits for it is who it concerns
                future.set_exception(error)
            del task, future, work  # an idle thread holds nobody's image

    def _next(self) -> tuple[Future[Any], Callable[[], Any]] | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._running -= 1
            return None


async def outcome(future: Future[T]) -> T:
    """Wait for a future of another thread, under asyncio or trio.

    Cancelling this cancels the future if its work has not begun, and does not wait if it has.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        try:
            return await anyio.to_thread.run_sync(future.result, abandon_on_cancel=True)
        finally:
            future.cancel()
    return await asyncio.wrap_future(future)
