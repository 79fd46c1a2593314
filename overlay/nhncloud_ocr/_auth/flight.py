"""One fetch, however many wait: threads, tasks of any event loop, sync and async together.

The first who asks begins a flight, and whoever asks before it has landed waits for the same one. A
thread that begins one flies it; a task leaves it to a task of its own, so that its own end does not
end the wait of others. A flight that is broken off (its loop ended, its thread was interrupted)
lands without a value, and one of those who waited begins another.
"""

import asyncio
import copy
import os
import threading
import weakref
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from typing import Any, Generic, TypeAlias, TypeVar

import anyio
import sniffio

from .._errors import OcrError, OcrTimeoutError

Value = TypeVar("Value")
Left: TypeAlias = Callable[[], float | None]
"""Tells how many seconds a call has left, None without a limit."""
_flown: "weakref.WeakSet[Shared[Any]]" = weakref.WeakSet()
_watching_forks = False
_tasks: set[asyncio.Task[None]] = set()  # an event loop itself holds its tasks weakly


class _BrokenOff(Exception):
    """The flight landed without a value."""


class _Flight(Future[Value]):
    loop_thread: int | None = None  # of the event loop that a task flies it in


class Shared(Generic[Value]):
    """A value that is fetched once at a time, by one for all."""

    def __init__(self) -> None:
        _flown.add(self)
        _reset_after_fork()
        self.reset()

    def reset(self) -> None:
        """Forget the flight: in a child process, nobody is left who could land it."""
        self.lock = threading.Lock()
        self._flight: _Flight[Value] | None = None

    def get(
        self,
        ready: Callable[[], Value | None],
        fetch: Callable[[], Value],
        left: Left,
    ) -> Value:
        """What `ready` (asked under the lock) has, else what `fetch` brings, or raises.

        Raises OcrTimeoutError when there is no time left to wait for the fetch of another.
        """
        while True:
            with self.lock:
                if (value := ready()) is not None:
                    return value
                flight, mine = self._join()
            if flight.loop_thread == threading.get_ident():
                return fetch()  # to wait here would stop the very loop that flies it
            if mine:
                self._land(flight, fetch, left)
            else:
                _wait(flight, left())
            with suppress(_BrokenOff):
                return _result(flight, mine)

    async def get_async(
        self,
        ready: Callable[[], Value | None],
        fetch: Callable[[], Awaitable[Value]],
        left: Left,
    ) -> Value:
        """As `get`, without holding up the event loop. Who waits here ends the wait themselves."""
        while True:
            with self.lock:
                if (value := ready()) is not None:
                    return value
                flight, mine = self._join()
                if mine:
                    flight.loop_thread = threading.get_ident()
            if mine:
                self._fly(flight, fetch, left)
            await _landing(flight)
            with suppress(_BrokenOff):
                return _result(flight, mine)

    def _join(self) -> tuple[_Flight[Value], bool]:
        """The flight under way, and whether the caller has just begun it."""
        if (flight := self._flight) is not None:
            return flight, False
        self._flight = _Flight()
        return self._flight, True

    def _land(self, flight: _Flight[Value], fetch: Callable[[], Value], left: Left) -> None:
        try:
            flight.set_result(fetch())
        except Exception as exc:
            if _is_over(left):
                raise  # for want of its own time: no failure of the others
            flight.set_exception(exc)
        finally:
            self._forget(flight)  # an interrupt, which is for this thread alone, passes on

    def _fly(
        self,
        flight: _Flight[Value],
        fetch: Callable[[], Awaitable[Value]],
        left: Left,
    ) -> None:
        """In a task that belongs to no caller."""

        async def land() -> None:
            try:
                flight.set_result(await fetch())
            except Exception as exc:
                if not _is_over(left):
                    flight.set_exception(exc)
            finally:
                self._forget(flight)

        if sniffio.current_async_library() == "trio":
            import trio

            trio.lowlevel.spawn_system_task(land)
            return
        task = asyncio.get_running_loop().create_task(land())
        _tasks.add(task)
        task.add_done_callback(_tasks.discard)
        # A task that is cancelled before it began runs no line of its own.
        task.add_done_callback(lambda _: self._forget(flight))

    def _forget(self, flight: _Flight[Value]) -> None:
        """Let go of a flight that is over: an error of it would keep the frames of a call alive."""
        if not flight.done():
            flight.set_exception(_BrokenOff())
        with self.lock:
            if self._flight is flight:
                self._flight = None


def _is_over(left: Left) -> bool:
    seconds = left()
    return seconds is not None and seconds <= 0


def _wait(flight: Future[Any], seconds: float | None) -> None:
    """Wait for a flight of another. Raises OcrTimeoutError after so many seconds."""
    if seconds is not None:
        seconds = max(0.0, seconds)
    landed, _ = wait([flight], seconds)
    if not landed:
        raise OcrTimeoutError(
            "total_timeout leaves no more time to wait for credentials, which another call is "
            "fetching.",
            maybe_billed=False,
        )


def _result(flight: Future[Value], mine: bool) -> Value:
    """The value, or raises; of an error of ours, which keeps its traceback, each gets a copy."""
    exc = flight.exception()
    if exc is None:
        return flight.result()
    if isinstance(exc, OcrError) and not mine:
        cause, exc = exc.__cause__, copy.copy(exc)
        exc.__cause__ = cause
    raise exc


async def _landing(flight: Future[Any]) -> None:
    """Wait for a flight of any thread or loop."""
    event = anyio.Event()
    if sniffio.current_async_library() == "trio":
        import trio

        call_soon: Callable[[Callable[[], None]], object]
        call_soon = trio.lowlevel.current_trio_token().run_sync_soon
    else:
        call_soon = asyncio.get_running_loop().call_soon_threadsafe

    def wake(_: object) -> None:
        with suppress(RuntimeError):  # that loop has ended, and whoever waited there
            call_soon(event.set)

    flight.add_done_callback(wake)
    await event.wait()


def _reset_after_fork() -> None:
    """Once for the process: a lock that another thread held at the fork stays locked for ever."""
    global _watching_forks
    if _watching_forks or not hasattr(os, "register_at_fork"):
        return
    _watching_forks = True
    os.register_at_fork(after_in_child=_reset_all)


def _reset_all() -> None:
    for shared in list(_flown):
        shared.reset()
