"""As `exchange`, the driver of AsyncOcrClient."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol, cast

import anyio
import httpx

from .arrived import Arrived
from .body import Body
from .exchange import Sendable, arrived, settled
from .route import Route
from .watch import Watch


class Turn(Protocol):
    """The right to one connection."""

    def release(self) -> object: ...


async def exchange_async(
    outgoing: Sendable,
    route: Route[httpx.AsyncBaseTransport],
    turn: Callable[[float | None], Awaitable[Turn]],
) -> Arrived:
    """As `exchange`, when it is its turn: waits for that as long as the timeout of the pool."""
    watch = outgoing.watch
    try:
        granted = await turn(watch.waiting())
        try:
            if route.sealed:
                return await _exchanged_async(outgoing, route)
            with anyio.move_on_after(watch.total()):
                return await _exchanged_async(outgoing, route)
            raise httpx.ReadTimeout("timed out")
        finally:
            granted.release()
    except BaseException as exc:
        problem = settled(outgoing, exc)
    try:
        raise problem
    finally:
        del problem


async def _exchanged_async(
    outgoing: Sendable,
    route: Route[httpx.AsyncBaseTransport],
) -> Arrived:
    request = outgoing.request(sealed=route.sealed)
    response = await route.transport.handle_async_request(request)
    try:
        body = Body(response.status_code, response.headers)
        stream = cast("httpx.AsyncByteStream", response.stream)
        if outgoing.watch.told:
            async for part in stream:
                body.add(part)
        else:
            await _in_time(stream.__aiter__(), body, outgoing.watch)
        return arrived(response, body)
    finally:
        await response.aclose()


async def _in_time(stream: AsyncIterator[bytes], body: Body, watch: Watch) -> None:
    """Read it within the time for a reply. Raises httpx.ReadTimeout."""
    with anyio.move_on_after(watch.untold()):
        async for part in stream:
            body.add(part)
        return
    raise httpx.ReadTimeout("timed out")
