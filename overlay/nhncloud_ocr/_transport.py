"""The two keys: held so that nothing shows them, put into a request only here, and kept from coming back up.

The app key is part of the URL, which httpx's client logs and hangs on its exceptions. So requests go to a transport of
httpx without that client, and what comes up from below, log or exception, is masked. No function that has a key as a
local variable raises: a traceback with locals would show it.
"""

import json
import logging
import re
from collections.abc import Callable
from contextlib import aclosing, closing, suppress
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, NoReturn, TypeAlias, cast
from urllib.parse import quote

import anyio
import httpx

from ._errors import ConfigurationError, OcrConnectionError, OcrError, OcrTimeoutError, UnexpectedResponseError

KeySource: TypeAlias = str | Callable[[], str] | None

PLACEHOLDER = "hidden-app-key"
"""Stands for the app key in every URL until the request is sent."""

# The request cannot have reached the service: nothing can have been billed.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
# All that httpx raises, for it has no common root, and what an injected transport may.
_FAILURES = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict, OSError)

# They log the headers of replies, in which the other side may have echoed a key.
_LOGGERS = [logging.getLogger(f"httpcore.{name}") for name in ("connection", "http11", "proxy", "socks")]
_sent: ContextVar["Keys | None"] = ContextVar("nhncloud_ocr_keys", default=None)


class Keys:
    """An app key and a secret key, or the callables that know them. `segment`: the app key, escaped to stay one segment
    of the path. `authorization`: the bare secret key, without a scheme word (guide)."""

    __slots__ = ("_last", "_pair", "authorization", "segment")

    def __init__(self, app_key: object, secret_key: object) -> None:
        self._pair = (app_key, secret_key)
        self._last: Keys | None = None
        self.segment, self.authorization = quote(str(app_key), safe="", errors="replace"), str(secret_key)

    def replace(self, app_key: KeySource, secret_key: KeySource) -> "Keys":
        """Others, where they are not None."""
        return Keys(*(old if new is None else new for old, new in zip(self._pair, (app_key, secret_key), strict=True)))

    def now(self, ask: bool = True) -> "Keys":
        """The keys as strings. Raises ConfigurationError for those that cannot work, of callables only if they are to
        be asked."""
        keys = Keys(*((key() if ask else "unknown") if callable(key) else key for key in self._pair))
        if (last := self._last) is not None and last._pair == keys._pair:
            return last  # the same object again: what was made for it can be kept
        if problem := keys._problem():
            raise ConfigurationError(problem)
        self._last = keys
        return keys

    def mask(self, text: str) -> str:
        """`text` without either key, plain or escaped: for whatever comes back from the other side."""
        plain = [str(key) for key in self._pair]
        forms = {self.segment, *plain, *(json.dumps(key)[1:-1] for key in plain)}
        # A service key has 16 characters (documented); masking "a" would garble every text.
        known = "|".join(re.escape(form) for form in forms if len(form) >= 8)
        return re.sub(known, "***", text, flags=re.IGNORECASE) if known else text

    def _problem(self) -> str | None:
        for name, key in zip(("app_key", "secret_key"), self._pair, strict=True):
            if key is None or (isinstance(key, str) and not key.strip()):
                return f"{name} is missing or empty: pass {name}=... or set NHNCLOUD_OCR_{name.upper()}"
            if not isinstance(key, str):
                return f"{name} must be a string, or a callable that returns one"
            if not key.isprintable() or key != key.strip():
                return f"{name} has control characters or outer blanks (a line break, if it was read from a file?)"
        if self._pair[0] in (".", "..") or not self.authorization.isascii():
            return "app_key cannot stand in a path, or secret_key not in a header"
        return None

    def __repr__(self) -> str:
        return "Keys(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")


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
