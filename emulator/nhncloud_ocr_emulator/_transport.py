"""The emulator as an httpx transport: in process, without a socket, sync and async."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import Future
from typing import Any, ClassVar, TypeVar, cast

import httpx

from ._app import App
from ._asgi import Message, Receive, Scope
from ._effects import AsyncEffects, BlockingEffects, Effects, run_blocking

__all__ = ["EmulatorTransport"]

T = TypeVar("T")


class EmulatorTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Hands requests to the emulator directly; the URL's host does not matter.

    Faults appear as the exceptions that httpx raises over a socket: ReadError for a reset,
    RemoteProtocolError for a truncated body, ReadTimeout when the emulator stays silent for
    longer than the request's read timeout. Closing a client leaves the transport usable.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        stream = iter(cast(httpx.SyncByteStream, request.stream))

        async def chunk() -> bytes | None:
            return next(stream, None)

        exchange = _Exchange(request, chunk)
        run_blocking(exchange.run(self._app, BlockingEffects()))
        return exchange.response()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        stream = aiter(cast(httpx.AsyncByteStream, request.stream))

        async def chunk() -> bytes | None:
            return await anext(stream, None)

        exchange = _Exchange(request, chunk)
        await exchange.run(self._app, AsyncEffects())
        return exchange.response()


class _Exchange:
    """One request and its reply; it plays the part of the server and of the connection."""

    why_broken: ClassVar[None] = None  # httpx sends nothing that is no HTTP

    def __init__(
        self, request: httpx.Request, chunk: Callable[[], Awaitable[bytes | None]]
    ) -> None:
        self._request = request
        self._chunk = chunk
        self._start: Message | None = None
        self._body: list[bytes] = []
        self._sent = False
        self._failure: httpx.TransportError | None = None
        self._callers_own: Exception | None = None
        self._silent_since = time.monotonic()
        timeouts: dict[str, float | None] = request.extensions.get("timeout", {})
        self._read_timeout = timeouts.get("read")

    async def run(self, app: App, effects: Effects) -> None:
        raw_path, _, query = self._request.url.raw_path.partition(b"?")
        scope: Scope = {
            "type": "http",
            "method": self._request.method,
            "path": self._request.url.path,
            "raw_path": raw_path,
            "query_string": query,
            "headers": [(name.lower(), value) for name, value in self._request.headers.raw],
            "state": {"connection": self},
        }
        await app.handle(scope, self._receive, self._send, _Watched(self, effects))

    def response(self) -> httpx.Response:
        """The reply, whose body may fail on the way.

        Raises httpx.TransportError if none came, and what the request's own body raised.
        """
        if self._callers_own is not None:
            raise self._callers_own
        if self._start is None:
            raise self._failure or httpx.ReadError("no reply", request=self._request)
        return httpx.Response(
            self._start["status"],
            headers=self._start["headers"],
            stream=_Body(self._body, self._failure),
            request=self._request,
        )

    async def wait(self, seconds: float, effects: Effects) -> None:
        """Silence, which the caller may not bear to the end."""
        if self._read_timeout is not None and seconds > self._read_timeout:
            await effects.sleep(self._read_timeout)
            raise self._timed_out()
        await effects.sleep(seconds)

    def reset(self) -> None:
        self._failure = self._failure or httpx.ReadError(
            "connection reset by the emulator", request=self._request
        )

    def close(self) -> None:
        self._failure = self._failure or httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body", request=self._request
        )

    def reset_when_idle(self) -> None:
        """Nothing: the next request has a connection of its own."""

    async def _receive(self) -> Message:
        if self._sent or self._failure or self._callers_own:
            return {"type": "http.disconnect"}
        try:
            chunk = await self._chunk()
        except Exception as error:  # a file that fails, say: over a socket the caller hears of it
            self._callers_own = error
            return {"type": "http.disconnect"}
        self._silent_since = time.monotonic()
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    async def _send(self, message: Message) -> None:
        now = time.monotonic()
        if self._read_timeout is not None and now - self._silent_since > self._read_timeout:
            raise self._timed_out()
        self._silent_since = now
        if message["type"] == "http.response.start":
            self._start = message
        else:
            if self._request.method != "HEAD":
                self._body.append(message["body"])
            self._sent = not message["more_body"]

    def _timed_out(self) -> httpx.ReadTimeout:
        return httpx.ReadTimeout("the emulator stayed silent", request=self._request)


class _Watched:
    """Effects whose sleep ends with the caller's patience."""

    in_process: ClassVar[bool] = True

    def __init__(self, exchange: _Exchange, effects: Effects) -> None:
        self._exchange = exchange
        self._effects = effects

    async def compute(self, work: Callable[[], T]) -> T:
        return await self._effects.compute(work)

    async def network(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        return await self._effects.network(work)

    async def outcome(self, future: Future[T]) -> T:
        return await self._effects.outcome(future)

    async def attended(self, receive: Receive, work: Awaitable[T]) -> T:
        return await work  # a caller that is gone cancels this itself

    async def within(self, seconds: float, waiting: Awaitable[T]) -> T:
        return await self._effects.within(seconds, waiting)

    async def unless(self, given_up: Callable[[], bool], waiting: Awaitable[T]) -> T:
        return await self._effects.unless(given_up, waiting)

    async def sleep(self, seconds: float) -> None:
        await self._exchange.wait(seconds, self._effects)


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The chunks of a reply, and the error that ends them, if any."""

    def __init__(self, chunks: list[bytes], failure: httpx.TransportError | None) -> None:
        self._chunks = chunks
        self._failure = failure

    def __iter__(self) -> Iterator[bytes]:
        yield from self._chunks
        if self._failure:
            raise self._failure

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk
