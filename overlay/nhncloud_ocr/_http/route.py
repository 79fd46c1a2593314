"""The way that requests take: a transport, and whether keys are put in below it."""

from typing import Any, Generic, NamedTuple, TypeVar

import httpx

from .._errors import ConfigurationError

Transport = TypeVar("Transport", httpx.BaseTransport, httpx.AsyncBaseTransport)


class Route(NamedTuple, Generic[Transport]):
    """sealed: requests go in with placeholders, for the network below puts the secrets in.

    Otherwise the transport is somebody else's to the bottom, and must see the keys to send them.
    """

    transport: Transport
    sealed: bool


def sync_route(transport: httpx.BaseTransport) -> Route[httpx.BaseTransport]:
    """Return the route over this transport."""
    return Route(transport, _adopt(transport, httpx.BaseTransport))


def async_route(transport: httpx.AsyncBaseTransport) -> Route[httpx.AsyncBaseTransport]:
    """Return the route over this transport."""
    return Route(transport, _adopt(transport, httpx.AsyncBaseTransport))


def _adopt(transport: object, kind: type) -> bool:
    from .pools import adopt  # with it comes httpcore, which makes loggers

    return adopt(transport, kind)


def check(transport: Any, method: str) -> None:
    """Raise ConfigurationError for what no request can be given to.

    method: that a transport must have, `handle_request` or `handle_async_request`.
    """
    if transport is None:
        return
    kind = "httpx.BaseTransport" if method == "handle_request" else "httpx.AsyncBaseTransport"
    given = transport.__name__ if isinstance(transport, type) else type(transport).__name__
    hint = ""
    if isinstance(transport, type):
        hint = f": an instance of it, {given}()"
    elif isinstance(transport, httpx.Client | httpx.AsyncClient):
        hint = ": the transport of that client, not the client"
    elif callable(getattr(transport, method, None)):
        return
    elif hasattr(transport, "handle_request") or hasattr(transport, "handle_async_request"):
        hint = ": OcrClient takes sync transports, AsyncOcrClient async ones"
    raise ConfigurationError(f"transport must be an {kind}, not {given}{hint}")
