"""The few things a call does besides computing, so that one flow runs with and without a loop.

The service is written once, as coroutines. Under an event loop `AsyncEffects` lets others run
meanwhile. `BlockingEffects` never suspends: `run_blocking` then drives the same coroutines
without a loop, and so without the socket pair that each loop opens.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ClassVar, Final, Protocol, TypeVar

import anyio
import anyio.to_thread

from ._asgi import Receive
from ._incoming import DisconnectedError
from ._threads import Threads, outcome

__all__ = [
    "AsyncEffects",
    "AsyncioEffects",
    "BlockingEffects",
    "Effects",
    "GivenUpError",
    "run_blocking",
]

T = TypeVar("T")

_ENGINE_THREADS: Final = Threads("nhncloud-ocr-emulator-engine", 4)
_LOOK_SECONDS: Final = 0.5


class GivenUpError(Exception):
    """What was waited for is not worth it any more."""


class Effects(Protocol):
    """What the flow of a call may ask of whoever runs it."""

    in_process: ClassVar[bool]
    """Whether caller and service are one program, which reads its own images."""

    async def compute(self, work: Callable[[], T]) -> T:
        """Run CPU-bound work."""
        ...

    async def network(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine that needs an event loop."""
        ...

    async def outcome(self, future: Future[T]) -> T:
        """Wait for what another thread or process does."""
        ...

    async def attended(self, receive: Receive, work: Awaitable[T]) -> T:
        """Do what makes sense only as long as the caller stays, whose request is complete.

        Raises DisconnectedError when it has gone; the work is cancelled then.
        """
        ...

    async def within(self, seconds: float, waiting: Awaitable[T]) -> T:
        """Wait for the peer, at most `seconds`; raises TimeoutError."""
        ...

    async def unless(self, given_up: Callable[[], bool], waiting: Awaitable[T]) -> T:
        """Wait for the peer, unless a look, now and then, tells to give up.

        Raises GivenUpError then.
        """
        ...

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        ...


class AsyncEffects:
    """Under asyncio or trio; work that blocks goes to a thread."""

    in_process: ClassVar[bool] = False

    async def compute(self, work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work)

    async def network(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        return await work()

    async def outcome(self, future: Future[T]) -> T:
        return await outcome(future)

    async def attended(self, receive: Receive, work: Awaitable[T]) -> T:
        async def leaves() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass

        return await _before(leaves, work, DisconnectedError)

    async def within(self, seconds: float, waiting: Awaitable[T]) -> T:
        with anyio.fail_after(seconds):
            return await waiting

    async def unless(self, given_up: Callable[[], bool], waiting: Awaitable[T]) -> T:
        async def is_given_up() -> None:
            while not given_up():
                await self.sleep(_LOOK_SECONDS)

        return await _before(is_given_up, waiting, GivenUpError)

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)


class AsyncioEffects(AsyncEffects):
    """Under an asyncio loop of our own, whose end waits for no thread."""

    async def compute(self, work: Callable[[], T]) -> T:
        return await outcome(_ENGINE_THREADS.submit(work))

    async def within(self, seconds: float, waiting: Awaitable[T]) -> T:
        async with asyncio.timeout(seconds):  # a third of the time that anyio's takes
            return await waiting


class BlockingEffects:
    """Without an event loop; nothing here suspends."""

    in_process: ClassVar[bool] = True

    async def compute(self, work: Callable[[], T]) -> T:
        return work()

    async def network(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        # In a thread of its own, because the caller's may already run a loop.
        with ThreadPoolExecutor(1) as executor:
            return executor.submit(anyio.run, work).result()

    async def outcome(self, future: Future[T]) -> T:
        return future.result()

    async def attended(self, receive: Receive, work: Awaitable[T]) -> T:
        return await work  # the caller is this very thread

    async def within(self, seconds: float, waiting: Awaitable[T]) -> T:
        # The peer is this very thread: the upload is in memory, there is nothing to wait for.
        return await waiting

    async def unless(self, given_up: Callable[[], bool], waiting: Awaitable[T]) -> T:
        return await waiting

    async def sleep(self, seconds: float) -> None:
        time.sleep(seconds)  # noqa: ASYNC251  # there is no loop to hold up


async def _before(
    end: Callable[[], Awaitable[None]], work: Awaitable[T], too_late: type[Exception]
) -> T:
    """Do work, unless something else comes to its end before; return what came of it.

    Raises what the work raises, and `too_late` if the other was first.
    """
    done: list[T] = []
    failed: list[Exception] = []
    async with anyio.create_task_group() as tasks:

        async def watch() -> None:
            await end()
            tasks.cancel_scope.cancel()

        tasks.start_soon(watch)
        try:
            done.append(await work)
        except Exception as error:  # out of the group, which would wrap it
            failed.append(error)
        tasks.cancel_scope.cancel()
    if failed:
        raise failed[0]
    if not done:
        raise too_late
    return done[0]


def run_blocking(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that has only `BlockingEffects`, without an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    coroutine.close()
    raise RuntimeError("a coroutine that must not suspend did")
