"""A small image server on loopback ports, for the rows that send an image's URL."""

from __future__ import annotations

import asyncio
import secrets
import socket
import ssl
import threading
from collections.abc import Iterable
from types import TracebackType
from urllib.parse import unquote

import trustme

from contract.drivers.rows import pictures
from contract.drivers.rows.urls import ALLOWED_PORTS, FORBIDDEN_PORTS


class Elsewhere:
    """No image host: URLs name a host that by RFC 6761 never exists."""

    name = "image.invalid"
    token = "images"
    tls_port = 11443
    any_port = 11000
    closed_port = 11999
    bound: frozenset[int] = frozenset()
    fetched = 0
    forbidden = ()
    greeted = 0


class ImageHost:
    """Serves `pictures.load(PATH)` on loopback, at each of the ports that can be had.

    On an address of its own, where the system has more than 127.0.0.1: so two of them can have the
    same ports.

    A port that is taken, or that needs a privilege, is left out of `bound`, and port 1 is never
    served: it stands for nobody in many tests. `fetched` counts the
    requests answered, `forbidden` lists the forbidden ports that were asked, `greeted` counts the
    handshakes of TLS that were begun; they need not come to an end, for nobody knows our authority.
    """

    def __init__(self, ports: Iterable[int] = (*ALLOWED_PORTS, *FORBIDDEN_PORTS)) -> None:
        self.name = _address()
        self.ports = tuple(port for port in ports if port != 1)
        self.bound: frozenset[int] = frozenset()
        self.any_port = self.closed_port = self.tls_port = 0
        self.fetched = self.greeted = 0
        self.forbidden: tuple[int, ...] = ()
        self.token = secrets.token_hex(4)
        self.authority = trustme.CA()
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
        for port in range(10002, 11999):
            if self.tls_port and _occupied(self._closed, self.name, port):
                self.closed_port = port
                break
            tls = self._tls() if self.any_port else None
            if not self.tls_port and (server := await self._listen(port, tls)):
                servers[port] = server
                if tls:
                    self.tls_port = port
                else:
                    self.any_port = port
        self.bound = frozenset(port for port, server in servers.items() if server)
        self._ready.set()
        await self._stop.wait()
        self._closed.close()
        for server in filter(None, servers.values()):
            server.close()

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert(self.name, "localhost").configure_cert(context)
        context.sni_callback = self._greet
        return context

    def _greet(self, *_: object) -> None:
        self.greeted += 1

    async def _listen(self, port: int, tls: ssl.SSLContext | None = None) -> asyncio.Server | None:
        try:
            return await asyncio.start_server(self._answer, self.name, port, ssl=tls)
        except OSError:
            return None

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first = await reader.readexactly(1)
            if not first.isalpha():  # TLS, which nobody speaks here: its client would wait
                return
            head = first + await reader.readuntil(b"\r\n\r\n")
            target = unquote(head.split()[1].decode("latin-1")).partition("?")[0]
            port = writer.get_extra_info("sockname")[1]
            status, location, body = self._found(target, port)
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: application/octet-stream\r\n{location}"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
            )
            writer.write(body)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError, IndexError):
            pass  # whoever fetches may have seen enough: an image too large is not read to its end
        finally:
            writer.close()

    def _found(self, target: str, port: int) -> tuple[str, str, bytes]:
        """Status, header line and body; a path that does not begin with our token is nobody's."""
        token, _, path = target.lstrip("/").partition("/")
        if token.startswith("redirect-"):
            where = f"http://{self.name}:{token.removeprefix('redirect-')}/{path}"
            return "302 Found", f"Location: {where}\r\n", b""
        body = _file(path) if token == self.token else None
        if token == self.token:
            self.fetched += 1
            if port in FORBIDDEN_PORTS:
                self.forbidden += (port,)
        return ("404 Not Found", "", b"") if body is None else ("200 OK", "", body)


def _address() -> str:
    own = f"127.{secrets.randbelow(254) + 1}.{secrets.randbelow(254) + 1}.1"
    with socket.socket() as probe:
        try:
            probe.bind((own, 0))
        except OSError:
            return "127.0.0.1"
    return own


def _occupied(keeper: socket.socket, address: str, port: int) -> bool:
    """Take a port without listening: whoever connects is refused, and nobody else gets it."""
    try:
        keeper.bind((address, port))
    except OSError:
        return False
    return True


def _file(path: str) -> bytes | None:
    path = path.partition("/as/")[0]  # what follows is only what it is called
    if path.startswith("padded-"):
        _, size, name = path.split("-", 2)
        return pictures.padded(name, int(size))
    try:
        return pictures.load(path)
    except ValueError:
        return None
