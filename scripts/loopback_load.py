"""A load generator for servers on loopback: raw sockets, so that the server is what is measured.

`python scripts/loopback_load.py HOST PORT CALLS CLIENTS < REQUEST` sends the bytes of one HTTP
request `CALLS` times over `CLIENTS` connections and prints the seconds and the last reply's body
as JSON. As a process of its own it does not take the server's turn at the interpreter.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from ipaddress import ip_address
from threading import Barrier, Thread
from typing import NamedTuple


class Load(NamedTuple):
    """What a run came to."""

    seconds: float
    calls: int
    lost: int
    """Calls without a whole reply of HTTP 200."""
    body: str
    """Of the last reply."""

    @property
    def rate(self) -> float:
        """Calls per second."""
        return self.calls / self.seconds


def request(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """The bytes of one HTTP/1.1 POST."""
    head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    head += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(head) + "\r\n\r\n").encode() + body


def run(port: int, sent: bytes, *, calls: int, clients: int = 1) -> Load:
    """Send a request `calls` times from another process."""
    command = [sys.executable, __file__, "127.0.0.1", str(port), str(calls), str(clients)]
    done = subprocess.run(command, input=sent, stdout=subprocess.PIPE, check=True)
    return Load(**json.loads(done.stdout))


def _generate(host: str, port: int, sent: bytes, calls: int, clients: int) -> Load:
    if not ip_address(host).is_loopback:
        raise SystemExit("load goes to loopback only")
    shares = [calls // clients + (n < calls % clients) for n in range(clients)]
    bodies: list[str] = []
    start = Barrier(clients + 1)

    def client(share: int) -> None:
        with socket.create_connection((host, port), timeout=60) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            start.wait()
            for _ in range(share):
                connection.sendall(sent)
                status, body = _reply(connection)
                if status == b"200":
                    bodies.append(body.decode())

    threads = [Thread(target=client, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    return Load(seconds, calls, calls - len(bodies), bodies[-1] if bodies else "")


def _reply(connection: socket.socket) -> tuple[bytes, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = connection.recv(65536)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
    while len(body) < length:
        body += connection.recv(65536)
    return lines[0].split()[1], body


if __name__ == "__main__":
    _host, _port, _calls, _clients = sys.argv[1:]
    _load = _generate(_host, int(_port), sys.stdin.buffer.read(), int(_calls), int(_clients))
    print(json.dumps(_load._asdict()))
