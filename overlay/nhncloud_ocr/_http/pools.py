"""Between httpx's transport and httpcore's pool: here keys are put in, and connections kept apart.

A child process has a pool of its own: to read from its parent's connections, or only to close them,
would be to read or close them for both. A connection whose reply had more bytes than it should have
is not used again, for the next image would be given them.
"""

import copy
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, Generic, TypeVar, cast

import httpcore
import httpx

from . import sealed as seals
from .network import Network, Stream
from .network_async import AsyncNetwork, AsyncStream

Pool = TypeVar("Pool", httpcore.ConnectionPool, httpcore.AsyncConnectionPool)


class _PoolOfEachProcess(Generic[Pool]):
    def __init__(self, pool: Pool) -> None:
        self._pools: dict[int, Pool] = {os.getpid(): pool}
        self._pattern: Pool = pool

    def here(self) -> Pool:
        """Return the pool of this process; that of a parent is kept and never touched."""
        process = os.getpid()
        pool = self._pools.get(process)
        if pool is None:
            # Atomic, and without a lock, which a thread that is gone might have held at the fork.
            pool = self._pools.setdefault(process, _emptied(self._pattern))
        return pool

    def made(self) -> Pool | None:
        """Return the pool of this process, if it has one."""
        return self._pools.get(os.getpid())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.made()!r}>"


class SealedPool(_PoolOfEachProcess[httpcore.ConnectionPool]):
    """Stands where httpx's HTTPTransport has its pool."""

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        sealed = seals.of(request)
        if sealed is None:
            return self.here().handle_request(request)
        try:
            response = self.here().handle_request(sealed.opened(request))
        except BaseException as exc:
            problem = sealed.cleaned(exc)
            if problem is exc:
                raise
            raise problem from None
        response.headers = sealed.masked(response.headers)
        response.stream = _Reply(response)
        return response

    def close(self) -> None:
        pool = self.made()
        if pool is not None:
            pool.close()

    def __enter__(self) -> "SealedPool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncSealedPool(_PoolOfEachProcess[httpcore.AsyncConnectionPool]):
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


class _Reply:
    """The body of a reply, read to its end before its connection is looked at."""

    def __init__(self, response: httpcore.Response) -> None:
        self._stream: Any = response.stream
        self._extensions = response.extensions

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream
        _look_for_surplus(self._stream, self._extensions)

    def close(self) -> None:
        self._stream.close()


class _AsyncReply:
    """As `_Reply`."""

    def __init__(self, response: httpcore.Response) -> None:
        self._stream: Any = response.stream
        self._extensions = response.extensions

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part
        _look_for_surplus(self._stream, self._extensions)

    async def aclose(self) -> None:
        await self._stream.aclose()


def _look_for_surplus(stream: Any, extensions: Mapping[str, Any]) -> None:
    """Have the connection closed that got more than the reply. It is not given back yet.

    What h11 has read too much of is seen nowhere in public; unseen counts as too much.
    """
    network_stream = extensions.get("network_stream")
    if not isinstance(network_stream, Stream | AsyncStream):
        return
    if extensions.get("http_version") == b"HTTP/2":
        return
    try:
        surplus, _ = stream._stream._connection._h11_state.trailing_data
    except AttributeError:
        surplus = b"unseen"
    if surplus or network_stream.has_more():
        network_stream.spoil()


def adopt(transport: object, kind: type) -> bool:
    """Have keys put in, and connections kept apart, at the network below this transport.

    kind: httpx.BaseTransport or AsyncBaseTransport. Wrappers are looked through, by their
    attributes. Returns False if not all that is below is httpx's own: then whoever is there needs a
    request with its keys.
    """
    if isinstance(transport, httpx.HTTPTransport | httpx.AsyncHTTPTransport):
        return _adopt_pool(transport)
    inner = [value for value in _attributes(transport) if isinstance(value, kind)]
    adopted = [adopt(each, kind) for each in inner]  # each of them, also after one that is not
    return bool(inner) and all(adopted)


def _adopt_pool(transport: Any) -> bool:
    pool = getattr(transport, "_pool", None)
    if isinstance(pool, SealedPool | AsyncSealedPool):
        return True
    if isinstance(pool, httpcore.ConnectionPool):
        pool._network_backend = Network(pool._network_backend)
        transport._pool = SealedPool(pool)
    elif isinstance(pool, httpcore.AsyncConnectionPool):
        inner: Any = pool._network_backend
        if type(inner).__name__ == "AutoBackend":  # asks which event loop it is, on each connection
            inner = httpcore.AnyIOBackend()
        pool._network_backend = AsyncNetwork(inner)
        transport._pool = AsyncSealedPool(pool)
    else:
        return False
    return True


def _attributes(thing: object) -> list[object]:
    return list(getattr(thing, "__dict__", {}).values())


def _emptied(pool: Pool) -> Pool:
    """Return a pool of the same settings, without a connection."""
    fresh: Any = copy.copy(pool)
    fresh._connections = []
    fresh._requests = []
    fresh._optional_thread_lock = type(pool._optional_thread_lock)()
    return cast("Pool", fresh)
