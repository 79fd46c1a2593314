"""Connections for each event loop, so that an async client that outlives `asyncio.run()` works in the next one: those
of the old loop could only say "Event loop is closed"."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
import httpx
from anyio.lowlevel import RunVar


class LoopPools:
    """Shared by a client and its copies, until the one that opened them closes them."""

    def __init__(self, make: Callable[[], httpx.AsyncBaseTransport]) -> None:
        self._make, self._spare, self._closed = make, [make()], False  # one now, so that bad arguments show now
        self._here: RunVar[Any] = RunVar("nhncloud_ocr", ())

    async def here(self) -> tuple[httpx.AsyncBaseTransport, anyio.Semaphore]:
        """With as many turns as there are connections: a queue in httpx's own pool would cost its square, 13 s of CPU
        for 500 calls. Raises RuntimeError after `aclose`."""
        if self._closed:
            raise RuntimeError("the client has been closed: no call can be made with it")
        if not self._here.get():
            try:
                transport = self._spare.pop()
            except IndexError:  # taken: by an earlier loop, or by one in another thread
                transport = self._make()
            closer = _close_with_loop(transport)
            self._here.set((transport, anyio.Semaphore(100), closer))
            await anext(closer)
        transport, turns, _ = self._here.get()
        return transport, turns

    async def aclose(self) -> None:
        """Close those of this loop; those of a loop that has ended went with it."""
        self._closed = True
        for transport in (*self._spare, *self._here.get()[:1]):
            await transport.aclose()


async def _close_with_loop(transport: httpx.AsyncBaseTransport) -> AsyncIterator[None]:
    """A loop that ends finishes the generators that were begun in it: there is no other sign."""
    try:
        yield
    finally:
        await transport.aclose()
