"""The connections of a client without an event loop."""

import httpx


class Pool:
    """One transport, which a client shares with its copies."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport
        self._closed = False

    def transport(self) -> httpx.BaseTransport:
        """Return the transport. Raises RuntimeError once it is closed."""
        if self._closed:
            raise RuntimeError("the client has been closed: no call can be made with it")
        return self._transport

    def close(self) -> None:
        """Close the connections. Twice is fine."""
        if not self._closed:
            self._closed = True
            self._transport.close()
