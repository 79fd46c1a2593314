"""The connections of an async client: apart for each event loop, and gone with it."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import anyio
import httpx
from anyio.lowlevel import RunVar

from ._http.route import Route, async_route

_TURNS = 100  # as httpx has connections: its own queue for them would cost its square


@dataclass(slots=True)
class _Connections:
    """Those of one client in one event loop. open: the transport, until it has been closed."""

    route: Route[httpx.AsyncBaseTransport]
    turns: anyio.Semaphore
    open: list[httpx.AsyncBaseTransport]
    closer: AsyncGenerator[None, None]

    async def close(self) -> None:
        await self.route.transport.aclose()
        self.open.clear()
        await self.closer.aclose()


# Of the clients that have been used in this event loop, and are neither closed nor gone.
_in_this_loop: RunVar["WeakKeyDictionary[LoopPool, _Connections]"] = RunVar("nhncloud_ocr")


class LoopPool:
    """A transport for each event loop: in another one it could only say "Event loop is closed"."""

    def __init__(self, make: Callable[[], httpx.AsyncBaseTransport]) -> None:
        """Make the first transport at once, so that bad arguments show now."""
        self._make = make
        self._unused: httpx.AsyncBaseTransport | None = make()
        self._closed = False

    async def transport(self) -> Route[httpx.AsyncBaseTransport]:
        """Return the way to send in this event loop. Raises RuntimeError once it is closed."""
        return (await self._connections()).route

    async def turn(self, seconds: float | None) -> anyio.Semaphore:
        """Wait for a free connection, and return what to release when it is free again.

        Raises httpx.PoolTimeout after `seconds` (None waits as long as it takes), and RuntimeError
        if the client was closed meanwhile.
        """
        turns = (await self._connections()).turns
        try:
            turns.acquire_nowait()
        except anyio.WouldBlock:
            with anyio.move_on_after(seconds) as waiting:
                await turns.acquire()
            if waiting.cancelled_caught:
                raise httpx.PoolTimeout("no connection became free") from None
        if self._closed:
            turns.release()
            self._refuse()
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
        here = _in_this_loop.get(None)
        connections = None if here is None else here.get(self)
        if here is not None and connections is not None:
            await connections.close()
            here.pop(self, None)

    async def _connections(self) -> _Connections:
        if self._closed:
            self._refuse()
        here = _in_this_loop.get(None)
        if here is None:
            here = WeakKeyDictionary()
            _in_this_loop.set(here)
        found = here.get(self)
        if found is not None:
            return found
        transport = self._unused or self._make()
        self._unused = None
        still_open = [transport]
        closer = _close_with_loop(still_open)
        made = _Connections(
            async_route(transport),
            anyio.Semaphore(_TURNS),
            still_open,
            closer,
        )
        here[self] = made
        await anext(closer)
        return made

    def _refuse(self) -> None:
        raise RuntimeError("the client has been closed: no call can be made with it")


async def _close_with_loop(
    still_open: list[httpx.AsyncBaseTransport],
) -> AsyncGenerator[None, None]:
    """Close the transport when the event loop ends, in which this generator was begun.

    A loop that ends finishes such generators: there is no other sign of it.
    """
    try:
        yield
    finally:
        while still_open:
            await still_open.pop().aclose()
