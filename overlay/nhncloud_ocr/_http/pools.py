"""Between httpx's transport and httpcore's pool: here keys are put in, and connections kept apart.

A connection whose reply had more bytes than it should have is not used again, for the next image
would be given them.
"""

from collections.abc import Iterator
from typing import Any

import httpcore
import httpx

from . import internals, sealed as seals
from .network import Network, Stream
from .process_pools import PoolOfEachProcess
from .surplus import look_for_surplus
from .watch import Watch


class SealedPool(PoolOfEachProcess[httpcore.ConnectionPool]):
    """Stands where httpx's HTTPTransport has its pool."""

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        sealed = seals.of(request)
        if sealed is None:
            return self.here().handle_request(request)
        try:
            response = self.here().handle_request(sealed.opened(request))
        except BaseException as exc:
            problem = sealed.cleaned(sealed.watch.passing(exc))
            if problem is exc:
                raise
            raise problem from None
        response.headers = sealed.masked(response.headers)
        response.stream = _Reply(response, sealed.watch)
        return response

    def close(self) -> None:
        pool = self.made()
        if pool is not None:
            pool.close()

    def __enter__(self) -> "SealedPool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Reply:
    """The body of a reply, read to its end before its connection is looked at."""

    def __init__(self, response: httpcore.Response, watch: Watch) -> None:
        self._watch = watch
        self._stream: Any = response.stream
        self._extensions = response.extensions

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._stream
        except Exception as exc:
            raise self._watch.passing(exc) from None
        look_for_surplus(self._stream, self._extensions, Stream)

    def close(self) -> None:
        self._stream.close()


def adopt(transport: object, kind: type) -> bool:
    """Have keys put in, and connections kept apart, at the network below this transport.

    kind: httpx.BaseTransport or AsyncBaseTransport. Wrappers are looked through, by their
    attributes. Returns False if not all that is below is httpx's own: then whoever is there needs a
    request with its keys. Raises ConfigurationError for a version of httpx that is not known.
    """
    if isinstance(transport, httpx.HTTPTransport | httpx.AsyncHTTPTransport):
        return _adopt_pool(transport)
    inner = [value for value in _attributes(transport) if isinstance(value, kind)]
    adopted = [adopt(each, kind) for each in inner]  # each of them, also after one that is not
    return bool(inner) and all(adopted)


def _adopt_pool(transport: httpx.HTTPTransport | httpx.AsyncHTTPTransport) -> bool:
    pool = internals.pool_of(transport)
    if isinstance(pool, PoolOfEachProcess):
        return True
    if isinstance(pool, httpcore.ConnectionPool):
        internals.put_network(pool, Network(internals.network_of(pool)))
        internals.put_pool(transport, SealedPool(pool))
        return True
    if isinstance(pool, httpcore.AsyncConnectionPool):
        from . import pools_async  # brings asyncio, which OcrClient does not need

        internals.put_pool(transport, pools_async.adopted(pool))
        return True
    return False


def _attributes(thing: object) -> list[object]:
    return list(getattr(thing, "__dict__", {}).values())
