"""Every name of httpx, httpcore and anyio that is not public and that we use: all of them, and why.

A version that lacks one is noticed here. Where the client could not keep its promises without it,
making a client raises ConfigurationError; otherwise what cannot be seen counts as the worse case.

    HTTPTransport._pool                what connects. Below it requests have their keys, and above
                                       it, where traces look, they have none.
    pool._network_backend              what opens connections. Ours keeps to the time that is left.
    pool._connections, ._requests,     what a copy of a pool must not share: the connections of a
        ._optional_thread_lock         parent process belong to the parent.
    stream._stream._connection         what h11 has read too much of a connection: the next reply
        ._h11_state.trailing_data      would begin with it. Unseen, the connection is closed.
    AnyIOStream._stream                what anyio has read too much, in its queue (asyncio) or
        ._protocol.read_queue          before its TLS (that of trio says _incoming). Unseen, the
        ._read_bio, ._ssl_object       connection is closed.
    AutoBackend (by its name)          asks on each connection which event loop it is. Unknown, it
                                       goes on asking.
"""

import copy
from typing import Any, NoReturn, TypeVar, cast

import httpcore
import httpx

from .._errors import ConfigurationError

Pool = TypeVar("Pool", httpcore.ConnectionPool, httpcore.AsyncConnectionPool)

_POOL = ("_network_backend", "_connections", "_requests", "_optional_thread_lock")


def pool_of(transport: object) -> Any:
    """Return the pool of a transport of httpx. Raises ConfigurationError if there is none to see.

    It may be anything: a test double, for one, puts itself there.
    """
    try:
        pool = transport._pool  # type: ignore[attr-defined]
    except AttributeError:
        _refuse(f"{type(transport).__name__} has no _pool")
    if isinstance(pool, httpcore.ConnectionPool | httpcore.AsyncConnectionPool):
        missing = [name for name in _POOL if not hasattr(pool, name)]
        if missing:
            _refuse(f"{type(pool).__name__} has no {missing[0]}")
    return pool


def put_pool(transport: Any, pool: object) -> None:
    """Give a transport of httpx another pool."""
    transport._pool = pool


def network_of(pool: Any) -> Any:
    """Return what a pool opens connections with."""
    return pool._network_backend


def put_network(pool: Any, network: object) -> None:
    """Have a pool open connections with this."""
    pool._network_backend = network


def emptied(pool: Pool) -> Pool:
    """Return a pool of the same settings, without a connection."""
    fresh: Any = copy.copy(pool)
    fresh._connections = []
    fresh._requests = []
    fresh._optional_thread_lock = type(pool._optional_thread_lock)()
    return cast("Pool", fresh)


def is_read_to_its_end(stream: Any) -> bool:
    """Whether h11 holds no byte beyond the reply with this body, which has been read."""
    try:
        surplus, _ = stream._stream._connection._h11_state.trailing_data
    except (AttributeError, TypeError, ValueError):
        return False
    return not surplus


def is_read_ahead(stream: Any) -> bool:
    """Whether anyio holds bytes of this stream: it reads more at a time than it is asked for."""
    if not hasattr(stream, "_stream"):
        return type(stream).__module__ == "httpcore._backends.anyio"  # others read what they give
    try:
        return _holds_bytes(stream._stream)
    except AttributeError:
        return True


def _holds_bytes(layer: Any) -> bool:
    while hasattr(layer, "transport_stream"):  # TLS, around another layer
        of_trio = type(layer).__module__.startswith("trio.")
        encrypted = layer._incoming if of_trio else layer._read_bio
        if encrypted.pending or layer._ssl_object.pending():
            return True
        layer = layer.transport_stream
    kind = type(layer)
    if "trio" in kind.__module__ or kind.__name__ == "UNIXSocketStream":
        return False  # they read from the socket as much as they are asked for
    return bool(layer._protocol.read_queue)


def _refuse(problem: str) -> NoReturn:
    raise ConfigurationError(
        f"this version of httpx ({httpx.__version__}) or httpcore ({httpcore.__version__}) is not "
        f"known to this client: {problem}. Install httpx 0.28 and httpcore 1.0, or a newer "
        "nhncloud-ocr."
    )
