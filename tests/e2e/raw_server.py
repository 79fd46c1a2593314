"""A server of raw bytes on a loopback port: each connection does what the test's script says.

Nothing waits for a time to pass: a script ends when it is done, when the client hangs up, or when
the server is closed, which then joins every thread.
"""

import contextlib
import json
import os
import socket
import socketserver
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any, Self, TypeAlias

from unit.support import page

HEAD_END = b"\r\n\r\n"


class Connection:
    """One accepted connection, and what was read from it."""

    def __init__(self, sock: socket.socket, closing: threading.Event) -> None:
        self.sock = sock
        self.received = b""
        self.closing = closing

    def read_head(self) -> bytes:
        """The request line and the headers; the beginning of the body may have come with them."""
        while HEAD_END not in self.received:
            self._read_more()
        return self.received.split(HEAD_END)[0]

    def read_request(self) -> bytes:
        """A whole request. The next one on this connection is read anew."""
        head = self.read_head()
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        while len(self.received) < len(head) + len(HEAD_END) + length:
            self._read_more()
        request, self.received = self.received, b""
        return request

    def _read_more(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise EOFError
        self.received += data

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def reset(self) -> None:
        """Hang up with RST, as a crashing or restarting server does."""
        self.sock.setsockopt(
            socket.SOL_SOCKET,
            socket.SO_LINGER,
            struct.pack("hh" if os.name == "nt" else "ii", 1, 0),
        )
        self.sock.close()

    def hold(self) -> None:
        """Do nothing until the client hangs up."""
        while self.sock.recv(65536):
            pass

    def stall(self) -> None:
        """Do nothing, not even read, until the server is closed."""
        self.closing.wait()


Script: TypeAlias = Callable[[Connection], None]


class RawServer(socketserver.ThreadingTCPServer):
    """Runs `script` for each connection, in a thread of its own.

    `connections` counts those accepted. When the server is closed it accepts what still waits, for
    a client may have given up on a connection before a busy machine came to it.
    """

    allow_reuse_address = True
    request_queue_size = 64
    timeout = 0  # of `handle_request`, which the closing alone calls

    def __init__(
        self,
        script: Script,
        *,
        tls: ssl.SSLContext | None = None,
        receive_buffer: int | None = None,
    ) -> None:
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)
        if receive_buffer:  # inherited by what is accepted: the client cannot send far ahead
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.script = script
        self.tls = tls
        self.port: int = self.server_address[1]
        self.url = (
            f"http://127.0.0.1:{self.port}" if tls is None else f"https://localhost:{self.port}"
        )
        self.connections = 0
        self._waiting = True
        self._closing = threading.Event()
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        self._open.add(request)
        super().process_request(request, client_address)

    def handle_timeout(self) -> None:
        self._waiting = False

    def finish_request(self, request: Any, client_address: Any) -> None:
        try:
            if self.tls:
                request = self.tls.wrap_socket(request, server_side=True)
                self._open.add(request)
            self.script(Connection(request, self._closing))
        except (OSError, EOFError):
            pass  # the client has hung up, which is what many of these tests are about
        finally:
            request.close()

    def settle(self) -> None:
        """Wait until each script has ended, whose clients have all hung up."""
        for thread in list(self._threads):
            thread.join()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._closing.set()
        while self._waiting:
            self.handle_request()
        for sock in tuple(self._open):
            with contextlib.suppress(OSError):  # closed already
                sock.shutdown(socket.SHUT_RDWR)
        self.server_close()
        self._thread.join()


def http(body: bytes, *headers: str, status: str = "200 OK", last: bool = True) -> bytes:
    """A reply as bytes. Unless it is the last, a client may use the connection again."""
    lines = [
        f"HTTP/1.1 {status}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    lines += ["Connection: close"] if last else []
    return "\r\n".join(lines).encode() + HEAD_END + body


OK = http(json.dumps(page()).encode())
OK_AND_MORE = http(json.dumps(page()).encode(), last=False)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def replies(*parts: bytes) -> Script:
    """Reads the request, sends the parts, and hangs up in good order."""

    def script(connection: Connection) -> None:
        connection.read_request()
        for part in parts:
            connection.send(part)

    return script


@contextlib.contextmanager
def deaf_port() -> Iterator[int]:
    """A loopback port on which nobody listens, nor can anybody begin to."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield int(sock.getsockname()[1])
