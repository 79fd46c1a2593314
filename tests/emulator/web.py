"""A web server on loopback that does what well-behaved ones do not."""

from __future__ import annotations

import random
import socket
import ssl
import threading
from collections.abc import Callable

from patience import PATIENCE

Send = Callable[[bytes], None]

Page = Callable[[Send], None]
"""Writes a raw HTTP response."""


def page(body: bytes, *headers: str, status: str = "200 OK") -> Page:
    """An honest response."""

    def write(send: Send) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
        send(("\r\n".join([*lines, *headers]) + "\r\n\r\n").encode() + body)

    return write


def redirect(location: str, status: str = "302 Found") -> Page:
    """A redirect."""
    return page(b"", f"Location: {location}", status=status)


class Web:
    """Serves `pages` by path, from a free port of 10000-12000 on 127.0.0.1.

    `requests` has the raw head of each request. Leaving `with` lets pages that wait on `closing`
    go on.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Page] = {}
        self.requests: list[str] = []
        self.closing = threading.Event()
        self._tls = tls
        self._threads: list[threading.Thread] = []
        self._listener = listen()
        self.port: int = self._listener.getsockname()[1]

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """An http(s) URL of this server."""
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def __enter__(self) -> Web:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        with connection:
            try:
                if self._tls:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                with connection, connection.makefile("rb") as lines:
                    head = b""
                    while not head.endswith(b"\r\n\r\n"):
                        line = lines.readline()
                        if not line:
                            return
                        head += line
                    self.requests.append(head.decode())
                    self.pages[head.split()[1].decode()](connection.sendall)
            except OSError:
                return  # the fetcher hung up, as it should in most of these tests


def listen() -> socket.socket:
    """A listening socket at a port that image URLs may have."""
    for port in _ports():
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            continue
    raise OSError("no free port in 10000-12000")


def deaf() -> socket.socket:
    """A socket at such a port that does not listen: whoever connects is refused."""
    held = socket.socket()
    for port in _ports():
        try:
            held.bind(("127.0.0.1", port))
        except OSError:
            continue
        return held
    held.close()
    raise OSError("no free port in 10000-12000")


def _ports() -> list[int]:
    ports = list(range(10000, 12001))
    random.SystemRandom().shuffle(ports)
    return ports
