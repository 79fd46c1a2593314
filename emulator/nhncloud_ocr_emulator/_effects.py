"""The few things a call does besides computing, so that one flow runs with and without a loop.

The service is written once, as coroutines. Under an event loop `AsyncEffects` lets others run
meanwhile. `BlockingEffects` never suspends: `run_blocking` then drives the same coroutines
without a loop, and so without the socket pair that each loop opens.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

import anyio
import anyio.to_thread

__all__ = ["AsyncEffects", "AsyncioEffects", "BlockingEffects", "Effects", "run_blocking"]

T = TypeVar("T")


class Effects(Protocol):
    """What the flow of a call may ask of whoever runs it."""

    async def compute(self, work: Callable[[], T]) -> T:
        """Run CPU-bound work."""
        ...

    async def network(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine that needs an event loop."""
        ...

    async def within(self, seconds: float, waiting: Awaitable[T]) -> T:
        """Wait for the peer, at most `seconds`; raises TimeoutError."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        ...


class AsyncEffects:
    """Under asyncio or trio; work that blocks goes to a thread."""

    async def compute(self, work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work)

    async def network(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        return await work()

    async def within(self, seconds: float, waiting: Awaitable[T]) -> T:
        with anyio.fail_after(seconds):
            return await waiting

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)


class AsyncioEffects(AsyncEffects):
    """Under an asyncio loop of our own: its end waits for these threads."""

    async def compute(self, work: Callable[[], T]) -> T:
        return await asyncio.to_thread(work)

    async def within(self, seconds: float, waiting: Awaitable[T]) -> T:
        async with asyncio.timeout(seconds):  # a third of the time that anyio's takes
            return await waiting


class BlockingEffects:
    """Without an event loop; nothing here suspends."""

    async def compute(self, work: Callable[[], T]) -> T:
        return work()

    async def network(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        # In a thread of its own, because the caller's may already run a loop.
        with ThreadPoolExecutor(1) as executor:
            return executor.submit(anyio.run, work).result()

    async def within(self, seconds: float, waiting: Awaitable[T]) -> T:
        # The peer is this very thread: the upload is in memory, there is nothing to wait for.
        return await waiting

    async def sleep(self, seconds: float) -> None:
        time.sleep(seconds)  # noqa: ASYNC251  # there is no loop to hold up


def run_blocking(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that has only `BlockingEffects`, without an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    coroutine.close()
    raise RuntimeError("a coroutine that must not suspend did")
