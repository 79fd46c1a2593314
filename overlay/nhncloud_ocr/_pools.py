"""Connections that several clients share, until the one that opened them closes them."""

from collections.abc import AsyncIterator, Callable

import httpx
from anyio.lowlevel import RunVar

from ._transport import Lane, lane

_CLOSED = "the client has been closed: no call can be made with it"


class Pool:
    """The connections of a sync client."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport
        self._closed = False

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
        self._make = make
        self._spare: Lane | None = lane(make())  # now, so that bad arguments show now
        self._lane: RunVar[Lane | None] = RunVar("nhncloud_ocr_lane", None)
        self._closer: RunVar[AsyncIterator[None]] = RunVar("nhncloud_ocr_closer")
        self._closed = False

    async def here(self) -> Lane:
        """Raises RuntimeError after `aclose`."""
        if self._closed:
            raise RuntimeError(_CLOSED)
        here = self._lane.get()
        if here is None:
            spare, self._spare = self._spare, None
            here = spare or lane(self._make())
            self._lane.set(here)
            self._closer.set(closer := _close_with_loop(here))
            await anext(closer)
        return here

    async def aclose(self) -> None:
        """Close those of this loop; those of a loop that has ended went with it."""
        self._closed = True
        for open_lane in (self._lane.get(), self._spare):
            if open_lane is not None:
                await open_lane.transport.aclose()


async def _close_with_loop(lane: Lane) -> AsyncIterator[None]:
    """A loop that ends finishes the generators that were begun in it: there is no other sign."""
    try:
        yield
    finally:
        await lane.transport.aclose()
