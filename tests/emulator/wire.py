"""Plain sockets to an emulator, for what no HTTP client does."""

from __future__ import annotations

import socket

from patience import PATIENCE


def connected(base_url: str) -> socket.socket:
    """A connection that waits patiently."""
    port = int(base_url.rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def reply_on(connection: socket.socket) -> bytes:
    """The bytes that come until the JSON of a refusal is at its end, however many pieces it has."""
    reply = b""
    while b"}}" not in reply:
        chunk = connection.recv(4096)
        assert chunk, reply
        reply += chunk
    return reply
