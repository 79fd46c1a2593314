"""Connections belong to an event loop; an async client does not."""

from collections.abc import AsyncIterator, Callable

import httpx
from anyio.lowlevel import RunVar


class LoopPools:
    """One `httpx.AsyncClient` per event loop, so that a client that outlives `asyncio.run()` works in the next one.
    Connections of the old loop could only say "Event loop is closed"."""

    def __init__(self, make: Callable[[], httpx.AsyncClient]) -> None:
        self._make = make
        self._spare: httpx.AsyncClient | None = make()  # now, so that bad arguments show now
        self._pool: RunVar[httpx.AsyncClient | None] = RunVar("nhncloud_ocr_pool", None)
        self._closer: RunVar[AsyncIterator[None]] = RunVar("nhncloud_ocr_closer")
        self._closed = False

    async def here(self) -> httpx.AsyncClient:
        """Raises RuntimeError after `aclose`."""
        if self._closed:
            raise RuntimeError("Cannot send a request, as the client has been closed.")
        pool = self._pool.get()
        if pool is None:
            spare, self._spare = self._spare, None
            pool = spare or self._make()
            self._pool.set(pool)
            self._closer.set(closer := _close_with_loop(pool))
            await anext(closer)
        return pool

    async def aclose(self) -> None:
        """Close those of this loop; those of a loop that has ended went with it."""
        self._closed = True
        for pool in (self._pool.get(), self._spare):
            if pool is not None:
                await pool.aclose()


async def _close_with_loop(pool: httpx.AsyncClient) -> AsyncIterator[None]:
    """A loop that ends finishes the generators that were begun in it: there is no other sign."""
    try:
        yield
    finally:
        await pool.aclose()
