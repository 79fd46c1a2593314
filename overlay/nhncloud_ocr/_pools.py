"""Connections that several clients share, until the one that opened them closes them."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
import httpx
from anyio.lowlevel import RunVar

_CLOSED = "the client has been closed: no call can be made with it"


class Pool:
    """The connections of a sync client."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport, self._closed = transport, False

    def here(self) -> httpx.BaseTransport:
        """Raises RuntimeError after `close`."""
        if self._closed:
            raise RuntimeError(_CLOSED)
        return self._transport

    def close(self) -> None:
        self._closed = True
        self._transport.close()


class LoopPools:
    """The connections of an async client: some for each event loop, so that a client that outlives `asyncio.run()`
    works in the next one. Connections of the old loop could only say "Event loop is closed"."""

    def __init__(self, make: Callable[[], httpx.AsyncBaseTransport]) -> None:
        self._make, self._spare, self._closed = make, [make()], False  # one now, so that bad arguments show now
        self._here: RunVar[Any] = RunVar("nhncloud_ocr", None)

    async def here(self) -> tuple[httpx.AsyncBaseTransport, anyio.Semaphore]:
        """With as many turns as there are connections: a queue in httpx's own pool would cost its square, 13 s of CPU
        for 500 calls. Raises RuntimeError after `aclose`."""
        if self._closed:
            raise RuntimeError(_CLOSED)
        if self._here.get() is None:
            transport = self._spare.pop() if self._spare else self._make()
            closer = _close_with_loop(transport)
            self._here.set((transport, anyio.Semaphore(100), closer))
            await anext(closer)
        transport, turns, _ = self._here.get()
        return transport, turns

    async def aclose(self) -> None:
        """Close those of this loop; those of a loop that has ended went with it."""
        self._closed = True
        for transport in [*self._spare, *(self._here.get() or ())[:1]]:
            await transport.aclose()


async def _close_with_loop(transport: httpx.AsyncBaseTransport) -> AsyncIterator[None]:
    """A loop that ends finishes the generators that were begun in it: there is no other sign."""
    try:
        yield
    finally:
        await transport.aclose()
