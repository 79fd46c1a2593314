"""The network of a client in an event loop: httpcore's, kept to the time that is left."""

import os
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import anyio
import httpcore

from . import internals, watch as watches
from .interim import is_final
from .watch import Watch

_PIECE = 64 * 1024  # bytes of an upload that are handed over at once
_QUICK = 256 * 1024  # bytes that go into the system's buffers: nobody has to wait and listen
_READ = 64 * 1024  # as httpcore reads


class AsyncNetwork(httpcore.AsyncNetworkBackend):
    """Opens connections."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        watch = watches.of(timeout)
        left = timeout if watch is None else watches.for_connecting(watch)
        return AsyncStream(
            await self._inner.connect_tcp(host, port, left, local_address, socket_options)
        )

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        watch = watches.of(timeout)
        left = timeout if watch is None else watches.for_connecting(watch)
        return AsyncStream(await self._inner.connect_unix_socket(path, left, socket_options))

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class AsyncStream(httpcore.AsyncNetworkStream):
    """One connection."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._ahead: bytes | None = None
        self._spoilt = False
        self._held = b""
        self._requests = 0
        self._sent = 0  # bytes of the request that is being sent

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        ahead = self._ahead
        if ahead is not None:
            self._ahead = None
            return ahead
        watch = watches.of(timeout)
        if watch is None:
            return await self._inner.read(max_bytes, timeout)
        left = watches.for_reading(watch)
        try:
            return await self._inner.read(max_bytes, left)
        except httpcore.ReadTimeout:
            watches.for_reading(watch)  # says it of the phase that it was
            raise

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        watch = watches.of(timeout)
        if watch is None:
            await self._inner.write(buffer, timeout)
            return
        if buffer.startswith(b"CONNECT ") and not watch.sent:
            await self._inner.write(buffer, watches.for_writing(watch))
            return
        if not watch.sent and not self._held:
            self._held = buffer  # a head: it goes with the first piece of the body, or the end
            return
        buffer, self._held = self._held + buffer, b""
        if not buffer:
            return  # all has been sent
        self._begin(watch)
        self._sent += len(buffer)
        with _Behind(self._inner) as behind:
            try:
                if self._sent <= _QUICK:
                    await self._inner.write(buffer, watches.for_writing(watch))
                else:
                    await self._send(buffer, watch)
            except httpcore.WriteError:
                self._ahead = self._ahead or behind.rest() or None
                if self._requests > 1 and self._ahead is not None:
                    raise httpcore.ConnectionNotAvailable() from None
                raise
            # No error: it may be the end of the request, which has been sent then, or may have.
            if behind.is_alone():
                self._ahead = self._ahead or behind.rest() or None

    def _begin(self, watch: Watch) -> None:
        """Raise httpcore.ConnectionNotAvailable if something waits on a used connection.

        It would be taken for the reply. The pool sends the request over another connection then;
        over this one nothing was billed, for not all of it was sent.
        """
        if not watch.sent:
            self._requests += 1
            self._sent = 0
        if self._requests > 1 and self.get_extra_info("is_readable"):
            raise httpcore.ConnectionNotAvailable()
        if self._ahead is not None and is_final(self._ahead, self._ahead):
            raise httpcore.WriteError("the other side has said enough")
        watch.begin()

    async def _send(self, buffer: bytes, watch: Watch) -> None:
        """Send it, and stop for a reply that does not wait for the end: a 413, say.

        Raises httpcore.WriteError then, on which httpcore goes on to the reply.
        """
        problem: Exception | None = None
        done = False

        async def listen() -> None:
            final = False
            while not final:
                try:
                    part = await self._inner.read(_READ)
                except httpcore.ReadError:
                    return  # writing says so too
                self._ahead = (self._ahead or b"") + part
                final = is_final(self._ahead, part)
            both.cancel_scope.cancel()

        async with anyio.create_task_group() as both:
            both.start_soon(listen)
            try:
                for start in range(0, len(buffer), _PIECE):
                    piece = buffer[start : start + _PIECE]
                    await self._inner.write(piece, watches.for_writing(watch))
                done = True
            except Exception as exc:  # raised below: a task group would put it into a group
                problem = exc
            both.cancel_scope.cancel()
        if problem is None and not done:
            problem = httpcore.WriteError("the other side has said enough")
        if problem is not None:
            raise problem

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        watch = watches.of(timeout)
        try:
            left = timeout if watch is None else watches.for_connecting(watch)
        except httpcore.ConnectTimeout:
            await self.aclose()
            raise
        return AsyncStream(await self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable" and (self._spoilt or self.has_more()):
            return True
        return self._inner.get_extra_info(info)

    def has_more(self) -> bool:
        """Whether something has been read that nobody has asked for."""
        return self._ahead is not None or internals.is_read_ahead(self._inner)

    def spoil(self) -> None:
        """Have the connection closed instead of used again."""
        self._spoilt = True


class _Behind:
    """A second hold on the socket: an event loop closes its own when a write fails.

    What the other side said before that is in the system's buffer still. Behind TLS nobody could
    read it. Of a piece whose write fails at once the loop tells only the next to write, or read.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._raw = stream.get_extra_info("socket")
        self._sock: socket.socket | None = None
        if self._raw is not None and stream.get_extra_info("ssl_object") is None:
            with suppress(OSError):
                self._sock = socket.socket(fileno=os.dup(self._raw.fileno()))

    def is_alone(self) -> bool:
        """Whether the event loop has closed its socket."""
        return self._sock is not None and self._raw.fileno() < 0

    def rest(self) -> bytes:
        """Return what was left, without waiting."""
        with suppress(OSError):
            if self._sock is not None:
                return self._sock.recv(_READ, getattr(socket, "MSG_DONTWAIT", 0))
        return b""

    def __enter__(self) -> "_Behind":
        return self

    def __exit__(self, *_: object) -> None:
        if self._sock is not None:
            self._sock.close()
