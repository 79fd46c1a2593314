"""Sends a request with both keys in it, and lets neither come back up.

The app key is part of the URL, which httpx's client logs and hangs on its exceptions. So requests go to a transport of
httpx without that client, the keys are put in only here, and what comes up from below, log or exception, is masked.
"""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, closing, suppress
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, NamedTuple, cast

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


class Reply(NamedTuple):
    """What came back. The body stays out of the repr, and so out of tracebacks with locals."""

    status: int
    body: bytes
    content_type: str = ""
    retry_after: str | None = None

    def masked(self, keys: Keys) -> "Reply":
        """The same without the keys, should the other side have echoed one."""
        text = self.body.decode("utf-8", "surrogateescape")  # any bytes, and back, without a loss
        body = keys.mask(text).encode("utf-8", "surrogateescape")
        return Reply(self.status, body, keys.mask(self.content_type), self.retry_after and keys.mask(self.retry_after))

    def __repr__(self) -> str:
        return f"Reply(status={self.status}, {len(self.body)} bytes)"


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
            transport = next(self._spare, None) or self._make()
            closer = _close_with_loop(transport)
            self._here.set((transport, anyio.Semaphore(100), closer))
            await anext(closer)
        transport, turns, _ = self._here.get()
        return transport, turns

    async def aclose(self) -> None:
        """Close those of this loop; those of a loop that has ended went with it."""
        self._closed = True
        for transport in (*self._spare, *self._here.get()[:1]):
            await transport.aclose()


async def _close_with_loop(transport: httpx.AsyncBaseTransport) -> AsyncIterator[None]:
    try:
        yield  # a loop that ends finishes the generators that were begun in it: there is no other sign
    finally:
        await transport.aclose()


def exchange(transport: httpx.BaseTransport, request: dict[str, Any], keys: Keys) -> Reply | OcrError:
    """Send one request (the arguments of `httpx.Request`, without the keys) and read its reply to the end; for an
    exception of httpx the error that stands for it."""
    try:
        with closing(transport.handle_request(_with_keys(request, keys))) as response:
            return _reply(response, b"".join(cast("httpx.SyncByteStream", response.stream)))
    except BaseException as exc:
        error = _from_below(exc, request, keys)
    if isinstance(error, OcrError):
        return error
    raise error


async def exchange_async(
    transport: httpx.AsyncBaseTransport, turns: anyio.Semaphore, request: dict[str, Any], keys: Keys
) -> Reply | OcrError:
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
        error = _from_below(exc, request, keys)
    finally:
        turns.release()
    if isinstance(error, OcrError):
        return error
    raise error


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


def _reply(response: httpx.Response, body: bytes) -> Reply:
    headers = response.headers
    if encoding := headers.get("Content-Encoding"):
        with suppress(httpx.DecodingError):  # then it is no JSON either, and the error keeps the bytes as they came
            body = httpx.Response(200, headers={"Content-Encoding": encoding}, content=body).content
    return Reply(response.status_code, body, headers.get("Content-Type", ""), headers.get("Retry-After"))


def _from_below(exc: BaseException, request: dict[str, Any], keys: Keys) -> BaseException:
    """Our error for an exception of httpx, else `exc`, to be raised; without all that may hold a key."""

    def shown(value: Any) -> Any:
        text = value if isinstance(value, str) else repr(value)
        return value if text == (masked := keys.mask(text)) else masked

    def clean(exc: BaseException) -> BaseException:
        if isinstance(exc, BaseExceptionGroup):  # its text cannot be changed
            return BaseExceptionGroup(shown(exc.message), [clean(leaf) for leaf in exc.exceptions])
        simple = {name: shown(value) for name, value in vars(exc).items() if isinstance(value, (str, int, float))}
        exc.args, exc.__dict__ = tuple(map(shown, exc.args)), simple
        for name in ("strerror", "filename", "filename2"):  # an OSError keeps its text in slots of its own
            if isinstance(exc, OSError) and getattr(exc, name) is not None:
                setattr(exc, name, shown(getattr(exc, name)))
        if isinstance(exc, httpx.HTTPError):
            exc.request = httpx.Request(request["method"], request["url"])
        exc.__cause__ = exc.__context__ = exc.__traceback__ = None
        return exc

    cleaned = clean(exc)
    return failure(cleaned) if isinstance(cleaned, _FAILURES) else cleaned
