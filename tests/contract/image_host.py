"""A small image server on loopback ports, for the rows that send an image's URL."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterable
from types import TracebackType

from contract import pictures

FORBIDDEN = (79, 81, 442, 444, 8080, 9999, 12001)
ALLOWED = (80, 443, 10000, 12000)


class Elsewhere:
    """No image host: URLs name a host that by RFC 6761 never exists."""

    name = "image.invalid"
    any_port = 11000
    closed_port = 11999
    bound: frozenset[int] = frozenset()
    fetched = 0


class ImageHost:
    """Serves `pictures.load(PATH)` on 127.0.0.1, at each of the ports that can be had.

    A port that is taken, or that needs a privilege, is left out of `bound`. `fetched` counts the
    requests answered.
    """

    name = "127.0.0.1"

    def __init__(self, ports: Iterable[int] = (*ALLOWED, *FORBIDDEN)) -> None:
        self.ports = tuple(ports)
        self.bound: frozenset[int] = frozenset()
        self.any_port = self.closed_port = 0
        self.fetched = 0
        self._closed = socket.socket()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> ImageHost:
        self._thread.start()
        self._ready.wait()
        if not self.any_port:
            raise OSError("no loopback port in 10001-11999 can be had for the image host")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()  # also where it failed: whoever waits must go on

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        servers = {port: await self._listen(port) for port in self.ports}
        for port in range(10001, 12000):
            if self.any_port and _occupied(self._closed, port):
                self.closed_port = port
                break
            if not self.any_port and (server := await self._listen(port)):
                servers[port] = server
                self.any_port = port
        self.bound = frozenset(port for port, server in servers.items() if server)
        self._ready.set()
        await self._stop.wait()
        self._closed.close()
        for server in filter(None, servers.values()):
            server.close()

    async def _listen(self, port: int) -> asyncio.Server | None:
        try:
            return await asyncio.start_server(self._answer, self.name, port)
        except OSError:
            return None

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first = await reader.readexactly(1)
            if not first.isalpha():  # TLS, which nobody speaks here: its client would wait
                return
            head = first + await reader.readuntil(b"\r\n\r\n")
            body = _file(head.split()[1].decode("latin-1").lstrip("/").partition("?")[0])
            status = "404 Not Found" if body is None else "200 OK"
            body = body or b""
            self.fetched += 1
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: application/octet-stream\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
            )
            writer.write(body)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, IndexError):
            pass  # whoever fetches may have seen enough: an image too large is not read to its end
        finally:
            writer.close()


def _occupied(keeper: socket.socket, port: int) -> bool:
    """Take a port without listening: whoever connects is refused, and nobody else gets it."""
    try:
        keeper.bind((ImageHost.name, port))
    except OSError:
        return False
    return True


def _file(path: str) -> bytes | None:
    if path.startswith("padded-"):
        return pictures.padded("s05_en_screen_13", int(path.removeprefix("padded-")))
    try:
        return pictures.load(path)
    except ValueError:
        return None
