"""The connections of a client without an event loop."""

import httpx

from .route import Route, sync_route


class Pool:
    """One transport, which a client shares with its copies."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._route = sync_route(transport)
        self._closed = False

    def transport(self) -> Route[httpx.BaseTransport]:
        """Return the way to send. Raises RuntimeError once it is closed."""
        if self._closed:
            raise RuntimeError("the client has been closed: no call can be made with it")
        return self._route

    def close(self) -> None:
        """Close the connections. Twice is fine."""
        if not self._closed:
            self._closed = True
            self._route.transport.close()
