"""Sends a request with both keys in it, and lets neither come back up.

The app key is part of the URL, which httpx's client logs and hangs on its exceptions. So requests go to a transport of
httpx without that client, the keys are put in only here, and what comes up from below, log or exception, is masked.
"""

import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, closing, suppress
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, cast

import anyio
import httpx
from anyio.lowlevel import RunVar

from ._errors import ConfigurationError, OcrConnectionError, OcrError, OcrTimeoutError, UnexpectedResponseError
from ._keys import PLACEHOLDER, Keys

# The request cannot have reached the service: nothing can have been billed.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
# All that httpx raises, for it has no common root, and what an injected transport may.
_FAILURES = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict, OSError)

# They log the headers of replies, in which the other side may have echoed a key.
_LOGGERS = [logging.getLogger(f"httpcore.{name}") for name in ("connection", "http11", "proxy", "socks")]
_sent: ContextVar[Keys | None] = ContextVar("nhncloud_ocr_keys", default=None)


class LoopPools:
    """The connections of an async client and its copies, for each event loop its own, so that it outlives one: those of
    an ended loop could only say "Event loop is closed"."""

    def __init__(self, make: Callable[[], httpx.AsyncBaseTransport]) -> None:
        self._make, self._spare, self._closed = make, iter([make()]), False  # one now: bad arguments show now
        self._here: RunVar[Any] = RunVar("nhncloud_ocr", ())

    async def here(self) -> tuple[httpx.AsyncBaseTransport, anyio.Semaphore]:
        """With as many turns as there are connections: a queue in httpx's own pool would cost its square, 13 s of CPU
        for 500 calls. Raises RuntimeError after `aclose`."""
        if self._closed:
            raise RuntimeError("the client has been closed: no call can be made with it")
        if not self._here.get():
            pool = self._open()
            self._here.set((await anext(pool), anyio.Semaphore(100), pool))
        transport, turns, _ = self._here.get()
        return transport, turns

    async def _open(self) -> AsyncGenerator[httpx.AsyncBaseTransport, None]:
        transport = next(self._spare, None) or self._make()
        try:
            yield transport  # a loop that ends finishes the generators that were begun in it: there is no other sign
        finally:
            await transport.aclose()

    async def aclose(self) -> None:
        """Close those of this loop; those of a loop that has ended went with it."""
        self._closed = True
        for each in (*self._spare, *self._here.get()[2:]):
            await each.aclose()


def exchange(transport: httpx.BaseTransport, request: dict[str, Any], keys: Keys) -> httpx.Response | BaseException:
    """Send one request (the arguments of `httpx.Request`, without the keys) and read its reply to the end. An exception
    is returned, to be raised where no frame holds a key; one of httpx as the error that stands for it."""
    try:
        with closing(transport.handle_request(_with_keys(request, keys))) as response:
            return _reply(response, b"".join(cast("httpx.SyncByteStream", response.stream)))
    except BaseException as exc:
        return _from_below(exc, keys)


async def exchange_async(
    transport: httpx.AsyncBaseTransport, turns: anyio.Semaphore, request: dict[str, Any], keys: Keys
) -> httpx.Response | BaseException:
    """As `exchange`, when it is its turn."""
    try:
        with anyio.fail_after(request["extensions"]["timeout"]["pool"]):
            await turns.acquire()
    except TimeoutError:
        return failure(httpx.PoolTimeout("no connection became free"))
    try:
        async with aclosing(await transport.handle_async_request(_with_keys(request, keys))) as response:
            return _reply(response, b"".join([part async for part in cast("httpx.AsyncByteStream", response.stream)]))
    except BaseException as exc:
        return _from_below(exc, keys)
    finally:
        turns.release()


def failure(exc: Exception) -> OcrError:
    """The error that stands for an exception of httpx, which becomes its cause."""
    said = f"{type(exc).__name__}: {exc}".rstrip(": ")
    kind = OcrTimeoutError if isinstance(exc, (httpx.TimeoutException, TimeoutError)) else OcrConnectionError
    error: OcrError
    if isinstance(exc, httpx.InvalidURL):
        error = ConfigurationError(f"the base URL cannot be used ({said})")
    elif isinstance(exc, (httpx.DecodingError, httpx.TooManyRedirects, httpx.HTTPStatusError)):
        error = UnexpectedResponseError(f"not the documented envelope ({said})")
    elif isinstance(exc, _UNSENT):
        hint = "Is the base URL right, and does the service (or the emulator) run? Nothing was billed."
        error = kind(f"no connection ({said}). {hint}", maybe_billed=False)
    else:
        error = kind(f"the reply was lost ({said}). The call may have been billed, and so may another try.")
    error.__cause__ = exc
    return error


def _masked(record: logging.LogRecord) -> bool:
    if keys := _sent.get():
        record.msg, record.args = keys.mask(record.getMessage()), ()
    return True


@lru_cache(maxsize=16)  # parsing a URL takes longer than reading a short reply
def _keyed_url(url: str, keys: Keys) -> httpx.URL:
    return httpx.URL(url.replace(f"/{PLACEHOLDER}/", f"/{keys.segment}/", 1))


def _with_keys(request: dict[str, Any], keys: Keys) -> httpx.Request:
    _sent.set(keys)
    for logger in _LOGGERS:
        logger.addFilter(_masked)  # again is fine
    headers = {**request["headers"], "Authorization": keys.authorization}
    return httpx.Request(**{**request, "url": _keyed_url(request["url"], keys), "headers": headers})


def _reply(response: httpx.Response, body: bytes) -> httpx.Response:
    """Without what the transport hung on it. A body that is not compressed as it says is no JSON either, and kept."""
    headers = response.headers.copy()
    with suppress(httpx.DecodingError):
        return httpx.Response(response.status_code, headers=headers, content=body)
    del headers["Content-Encoding"]
    return httpx.Response(response.status_code, headers=headers, content=body)


def masked(reply: httpx.Response, keys: Keys) -> httpx.Response:
    """The same without the keys, should the other side have echoed one."""
    kept = {name: keys.mask(value) for name, value in reply.headers.items() if name != "content-encoding"}
    text = keys.mask(reply.content.decode("utf-8", "surrogateescape"))  # any bytes, and back, without a loss
    body = text.encode("utf-8", "surrogateescape")
    return httpx.Response(reply.status_code, headers=httpx.Headers(kept, "utf-8"), content=body)


def _from_below(exc: BaseException, keys: Keys) -> BaseException:
    """Our error for an exception of httpx, else `exc`; without all that may hold a key."""

    def shown(value: Any) -> Any:
        text = value if isinstance(value, str) else repr(value)
        return value if text == (masked := keys.mask(text)) else masked

    def clean(exc: BaseException) -> BaseException:
        if isinstance(exc, BaseExceptionGroup):  # its text cannot be changed
            return BaseExceptionGroup(shown(exc.message), [clean(leaf) for leaf in exc.exceptions])
        simple = {name: shown(v) if isinstance(v, (str, int, float)) else None for name, v in vars(exc).items()}
        exc.args, exc.__dict__ = tuple(map(shown, exc.args)), simple
        for name in ("strerror", "filename", "filename2"):  # an OSError keeps its text in slots of its own
            if isinstance(exc, OSError) and getattr(exc, name) is not None:
                setattr(exc, name, shown(getattr(exc, name)))
        exc.__cause__ = exc.__context__ = exc.__traceback__ = None
        return exc

    cleaned = clean(exc)
    return failure(cleaned) if isinstance(cleaned, _FAILURES) else cleaned
