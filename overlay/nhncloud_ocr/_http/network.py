"""The network of a client without an event loop: httpcore's, kept to the time that is left."""

import selectors
import socket
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

from . import watch as watches
from .interim import is_final
from .interrupts import raised_by_a_handler
from .watch import Watch

_PIECE = 256 * 1024  # bytes of an upload that are handed over at once
_READ = 64 * 1024  # as httpcore reads
_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Network(httpcore.NetworkBackend):
    """Opens connections."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        watch = watches.of(timeout)
        if watch is None:
            return Stream(
                self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
            )
        failed: Exception = httpcore.ConnectError("no address")
        for address in _addresses(host, port, watch):
            left = watches.for_connecting(watch)
            try:
                return Stream(
                    self._inner.connect_tcp(address, port, left, local_address, socket_options)
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failed = exc
        raise failed

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        watch = watches.of(timeout)
        left = timeout if watch is None else watches.for_connecting(watch)
        return Stream(self._inner.connect_unix_socket(path, left, socket_options))

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


def _addresses(host: str, port: int, watch: Watch) -> list[str]:
    """Look the host up, so that the time for connecting is one for all of its addresses."""
    watches.for_connecting(watch)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise httpcore.ConnectError(str(exc)) from exc
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class Stream(httpcore.NetworkStream):
    """One connection."""

    def __init__(self, inner: httpcore.NetworkStream, *, nested: bool = False) -> None:
        """nested: TLS within TLS, whose socket cannot be written to past it."""
        self._inner = inner
        self._nested = nested
        self._ahead: bytes | None = None
        self._spoilt = False
        self._held = b""
        self._requests = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        ahead = self._ahead
        if ahead is not None:
            self._ahead = None
            return ahead
        watch = watches.of(timeout)
        if watch is None:
            return self._inner.read(max_bytes, timeout)
        left = watches.for_reading(watch)
        try:
            return self._inner.read(max_bytes, left)
        except httpcore.ReadTimeout:
            watches.for_reading(watch)  # says it of the phase that it was
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        watch = watches.of(timeout)
        if watch is None:
            self._inner.write(buffer, timeout)
            return
        if buffer.startswith(b"CONNECT ") and not watch.sent:
            self._inner.write(buffer, watches.for_writing(watch))
            return
        if not watch.sent and not self._held:
            self._held = buffer  # a head: it goes with the first piece of the body, or the end
            return
        buffer, self._held = self._held + buffer, b""
        if not buffer:
            return  # all has been sent
        self._begin(watch)
        sock = None if self._nested else self._inner.get_extra_info("socket")
        for start in range(0, len(buffer), _PIECE):
            piece = memoryview(buffer)[start : start + _PIECE]
            if sock is None:
                self._inner.write(bytes(piece), watches.for_writing(watch))
            else:
                self._send(sock, piece, watch)

    def _begin(self, watch: Watch) -> None:
        """Raise httpcore.ConnectionNotAvailable if something waits on a used connection.

        It would be taken for the reply. The pool sends the request over another connection then;
        over this one nothing was billed, for not all of it was sent.
        """
        if not watch.sent:
            self._requests += 1
        if self._requests > 1 and self.get_extra_info("is_readable"):
            raise httpcore.ConnectionNotAvailable()
        watch.begin()

    def _send(self, sock: socket.socket, piece: memoryview, watch: Watch) -> None:
        """Send it, and stop for a reply that does not wait for the end: a 413, say."""
        sock.settimeout(0)
        while piece:
            try:
                piece = piece[sock.send(piece) :]
            except _NOT_NOW:
                if _is_readable_first(sock, watches.for_writing(watch)):
                    self._listen(sock)
            except OSError as exc:
                if raised_by_a_handler(exc) is not None:
                    raise
                raise httpcore.WriteError(str(exc)) from exc

    def _listen(self, sock: socket.socket) -> None:
        """Read ahead. Raises httpcore.WriteError, on which httpcore goes on to the reply."""
        try:
            part = sock.recv(_READ)
        except _NOT_NOW:
            return  # nothing of HTTP: TLS talks to itself
        except OSError as exc:
            raise httpcore.WriteError(str(exc)) from exc
        if self._requests > 1:
            raise httpcore.ConnectionNotAvailable()
        self._ahead = (self._ahead or b"") + part
        if is_final(self._ahead, part):
            raise httpcore.WriteError("the other side has said enough")

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        watch = watches.of(timeout)
        try:
            left = timeout if watch is None else watches.for_connecting(watch)
        except httpcore.ConnectTimeout:
            self.close()
            raise
        nested = self._inner.get_extra_info("ssl_object") is not None
        return Stream(self._inner.start_tls(ssl_context, server_hostname, left), nested=nested)

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable" and (self._spoilt or self.has_more()):
            return True
        return self._inner.get_extra_info(info)

    def has_more(self) -> bool:
        """Whether something has been read that nobody has asked for."""
        if self._ahead is not None:
            return True
        sock = self._inner.get_extra_info("socket")
        if not isinstance(sock, ssl.SSLSocket) or sock.fileno() < 0:
            return False
        return sock.pending() > 0

    def spoil(self) -> None:
        """Have the connection closed instead of used again."""
        self._spoilt = True


def _is_readable_first(sock: socket.socket, seconds: float | None) -> bool:
    """Wait until it can be written to or read from, and return whether it is the latter.

    Raises httpcore.WriteTimeout.
    """
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ | selectors.EVENT_WRITE)
        events = selector.select(seconds)
    if not events:
        raise httpcore.WriteTimeout("timed out")
    return bool(events[0][1] & selectors.EVENT_READ)
