"""The connections of an async client: apart for each event loop, and gone with it."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass

import anyio
import httpx
from anyio.lowlevel import RunVar

_TURNS = 100  # as httpx has connections: its own queue for them would cost its square


@dataclass(slots=True)
class _Connections:
    """Those of one event loop."""

    transport: httpx.AsyncBaseTransport
    turns: anyio.Semaphore
    closer: AsyncGenerator[None, None]


class LoopPool:
    """A transport for each event loop: in another one it could only say "Event loop is closed"."""

    def __init__(self, make: Callable[[], httpx.AsyncBaseTransport]) -> None:
        """Make the first transport at once, so that bad arguments show now."""
        self._make = make
        self._unused: httpx.AsyncBaseTransport | None = make()
        self._here: RunVar[_Connections | None] = RunVar("nhncloud_ocr", None)
        self._closed = False

    async def transport(self) -> httpx.AsyncBaseTransport:
        """Return the transport of this event loop. Raises RuntimeError once the pool is closed."""
        if self._closed:
            raise RuntimeError("the client has been closed: no call can be made with it")
        return (await self._connections()).transport

    async def turn(self, seconds: float | None) -> anyio.Semaphore:
        """Wait for a free connection, and return what to release when it is free again.

        Raises httpx.PoolTimeout after `seconds`; None waits as long as it takes.
        """
        turns = (await self._connections()).turns
        with anyio.move_on_after(seconds) as waiting:
            await turns.acquire()
        if waiting.cancelled_caught:
            raise httpx.PoolTimeout("no connection became free")
        return turns

    async def aclose(self) -> None:
        """Close the connections of this event loop; those of one that has ended went with it.

        Twice is fine.
        """
        self._closed = True
        unused = self._unused
        self._unused = None
        if unused is not None:
            await unused.aclose()
        connections = self._here.get()
        if connections is not None:
            await connections.transport.aclose()

    async def _connections(self) -> _Connections:
        found = self._here.get()
        if found is not None:
            return found
        transport = self._unused or self._make()
        self._unused = None
        closer = _close_with_loop(transport)
        made = _Connections(transport, anyio.Semaphore(_TURNS), closer)
        self._here.set(made)
        await anext(closer)
        return made


async def _close_with_loop(transport: httpx.AsyncBaseTransport) -> AsyncGenerator[None, None]:
    """Close the transport when the event loop ends, in which this generator was begun.

    A loop that ends finishes such generators: there is no other sign of it.
    """
    try:
        yield
    finally:
        await transport.aclose()
