"""Sends a request with both keys in it, and lets neither come back up.

The app key is part of the URL, which httpx's client logs and hangs on its exceptions. So requests go to a transport of
httpx without that client, the keys are put in only here, and no frame or exception from below comes up as it was.
"""

from __future__ import annotations  # anyio is loaded when it is used, and the sync client does not

import ssl
from contextlib import aclosing, closing
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

import anyio
import httpx

from . import _proxies
from ._errors import OcrError
from ._exchange import FAILURES, Reply, failure, reply
from ._keys import PLACEHOLDER, Keys
from ._masking import masked, sending

VerifyInput: TypeAlias = bool | str | ssl.SSLContext
T = TypeVar("T", httpx.HTTPTransport, httpx.AsyncHTTPTransport)


class Send(NamedTuple):
    """One request to send: the arguments of `httpx.Request`, in which a placeholder stands for the app key and the
    secret key is missing, and the keys."""

    request: dict[str, Any]
    keys: Keys


class Lane(NamedTuple):
    """The connections of one event loop, and as many turns as there are connections: a queue in the pool itself would
    cost its square, 13 s of CPU for 500 calls."""

    transport: httpx.AsyncBaseTransport
    turns: anyio.Semaphore


def pool(kind: type[T], base_url: httpx.URL, proxy: httpx.Proxy | None, verify: VerifyInput) -> T:
    """Connections, through the given proxy or that of the environment. Raises ConfigurationError."""
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=20)
    return kind(verify=verify, proxy=proxy or _proxies.from_environment(base_url), limits=limits)


def lane(transport: httpx.AsyncBaseTransport) -> Lane:
    return Lane(transport, anyio.Semaphore(100))


def exchange(transport: httpx.BaseTransport, send: Send) -> Reply | OcrError:
    """Send one request and read its reply to the end; for an exception of httpx the error that stands for it."""
    try:
        with closing(transport.handle_request(_with_keys(send))) as response:
            body = b"".join(cast("httpx.SyncByteStream", response.stream))
        return reply(response, body)
    except BaseException as exc:
        error = _from_below(exc, send)
    finally:
        sending.set(None)
    if isinstance(error, OcrError):
        return error
    raise error


async def exchange_async(lane: Lane, send: Send) -> Reply | OcrError:
    """As `exchange`, when it is its turn."""
    try:
        with anyio.fail_after(send.request["extensions"]["timeout"]["pool"]):
            await lane.turns.acquire()
    except TimeoutError:
        return failure(httpx.PoolTimeout("no connection became free"))
    try:
        async with aclosing(await lane.transport.handle_async_request(_with_keys(send))) as response:
            body = b"".join([chunk async for chunk in cast("httpx.AsyncByteStream", response.stream)])
        return reply(response, body)
    except BaseException as exc:
        error = _from_below(exc, send)
    finally:
        sending.set(None)
        lane.turns.release()
    if isinstance(error, OcrError):
        return error
    raise error


def _with_keys(send: Send) -> httpx.Request:
    sending.set(send.keys)
    headers = {**send.request["headers"], "Authorization": send.keys.authorization}
    return httpx.Request(**{**send.request, "url": _keyed_url(send.request["url"], send.keys), "headers": headers})


@lru_cache(maxsize=16)  # parsing a URL takes longer than reading a short reply
def _keyed_url(url: str, keys: Keys) -> httpx.URL:
    return httpx.URL(url.replace(f"/{PLACEHOLDER}/", f"/{keys.app_key_segment}/", 1))


def _from_below(exc: BaseException, send: Send) -> BaseException:
    """What stands for `exc` above: our error for those of httpx, else the same without keys, to be raised."""
    shown = masked(exc, httpx.Request(send.request["method"], send.request["url"]), send.keys)
    return failure(shown) if isinstance(shown, FAILURES) else shown
