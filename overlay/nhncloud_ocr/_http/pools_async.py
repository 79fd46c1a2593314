"""As `pools`, for a client in an event loop."""

from collections.abc import AsyncIterator
from typing import Any

import httpcore

from . import internals, sealed as seals
from .network_async import AsyncNetwork, AsyncStream
from .process_pools import PoolOfEachProcess
from .surplus import look_for_surplus


class AsyncSealedPool(PoolOfEachProcess[httpcore.AsyncConnectionPool]):
    """Stands where httpx's AsyncHTTPTransport has its pool."""

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        sealed = seals.of(request)
        if sealed is None:
            return await self.here().handle_async_request(request)
        try:
            response = await self.here().handle_async_request(sealed.opened(request))
        except BaseException as exc:
            problem = sealed.cleaned(exc)
            if problem is exc:
                raise
            raise problem from None
        response.headers = sealed.masked(response.headers)
        response.stream = _AsyncReply(response)
        return response

    async def aclose(self) -> None:
        pool = self.made()
        if pool is not None:
            await pool.aclose()

    async def __aenter__(self) -> "AsyncSealedPool":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class _AsyncReply:
    """The body of a reply, read to its end before its connection is looked at."""

    def __init__(self, response: httpcore.Response) -> None:
        self._stream: Any = response.stream
        self._extensions = response.extensions

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part
        look_for_surplus(self._stream, self._extensions, AsyncStream)

    async def aclose(self) -> None:
        await self._stream.aclose()


def adopted(pool: httpcore.AsyncConnectionPool) -> AsyncSealedPool:
    """Return what stands where a transport has this pool."""
    inner: Any = internals.network_of(pool)
    if type(inner).__name__ == "AutoBackend":  # asks which event loop it is, on each connection
        inner = httpcore.AnyIOBackend()
    internals.put_network(pool, AsyncNetwork(inner))
    return AsyncSealedPool(pool)
