"""Send one request and read its reply to the end: the two drivers, and nothing but I/O.

What comes up is raised outside of its handler, cleaned: no frame and no context holds a secret.
"""

from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Protocol, cast

import httpx

from .failures import failure


class Sendable(Protocol):
    """A request that has not been sent, without its secrets."""

    timeout: httpx.Timeout

    def request(self) -> httpx.Request:
        """Build the request to send, with its secrets."""
        ...

    def cleaned(self, exc: BaseException) -> BaseException:
        """Return the exception without them."""
        ...


class Turn(Protocol):
    """The right to one connection."""

    def release(self) -> object: ...


def exchange(outgoing: Sendable, transport: httpx.BaseTransport) -> httpx.Response:
    """Return the whole reply. Raises OcrError, and what is no failure of httpx as it came."""
    try:
        with closing(transport.handle_request(outgoing.request())) as response:
            return _whole(response, b"".join(cast("httpx.SyncByteStream", response.stream)))
    except BaseException as exc:
        problem = failure(outgoing.cleaned(exc))
    try:
        raise problem
    finally:
        del problem  # else it and its frame would hold each other


async def exchange_async(
    outgoing: Sendable,
    transport: httpx.AsyncBaseTransport,
    turn: Callable[[float | None], Awaitable[Turn]],
) -> httpx.Response:
    """As `exchange`, when it is its turn: waits for that as long as the timeout of the pool."""
    try:
        granted = await turn(outgoing.timeout.pool)
        try:
            response = await transport.handle_async_request(outgoing.request())
            try:
                stream = cast("httpx.AsyncByteStream", response.stream)
                return _whole(response, b"".join([part async for part in stream]))
            finally:
                await response.aclose()
        finally:
            granted.release()
    except BaseException as exc:
        problem = failure(outgoing.cleaned(exc))
    try:
        raise problem
    finally:
        del problem


def _whole(response: httpx.Response, body: bytes) -> httpx.Response:
    """Return the reply with its body, without what the transport hung on it.

    A body that is not compressed as it says is taken as it came.
    """
    try:
        return httpx.Response(response.status_code, headers=response.headers, content=body)
    except httpx.DecodingError:
        headers = response.headers.copy()
    del headers["Content-Encoding"]
    return httpx.Response(response.status_code, headers=headers, content=body)
