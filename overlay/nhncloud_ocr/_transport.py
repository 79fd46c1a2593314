"""The two keys: held so that nothing shows them, put into a request only here, and kept from coming back up.

The app key is part of the URL, which httpx's client logs and hangs on its exceptions. So a transport of httpx is used
without that client, and what comes up from it is masked. Nothing here raises while a key is a local variable.
"""

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

from ._errors import (
    ConfigurationError,
    OcrConnectionError,
    OcrTimeoutError,
    UnexpectedResponseError,
)

KeySource: TypeAlias = str | Callable[[], str] | None
PLACEHOLDER = "hidden-app-key"  # stands for the app key in every URL until the request is sent

# The request cannot have reached the service: nothing can have been billed.
_UNSENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
# All that httpx raises, for it has no common root, and what an injected transport may.
_FAILURES = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict, OSError)
_sent: ContextVar["Keys | None"] = ContextVar("nhncloud_ocr_keys", default=None)
_parsed = lru_cache(maxsize=16)(httpx.URL)  # parsing a URL takes longer than reading a short reply


class Keys:
    """An app key and a secret key, or the callables that know them."""

    __slots__ = ("_last", "_pair")

    def __init__(self, app_key: object, secret_key: object) -> None:
        self._pair = (app_key, secret_key)
        self._last: Keys | None = None

    def replace(self, app_key: KeySource, secret_key: KeySource) -> "Keys":
        """Others, where they are not None."""
        return Keys(
            *(
                old if new is None else new
                for old, new in zip(self._pair, (app_key, secret_key), strict=True)
            )
        )

    def now(self, ask: bool = True) -> "Keys":
        """The keys as strings; callables are asked only if `ask`. Raises ConfigurationError for what cannot work."""
        keys = Keys(
            *((key() if ask else "unknown") if callable(key) else key for key in self._pair)
        )
        if (last := self._last) is not None and last._pair == keys._pair:
            return last
        if problem := keys._problem():
            raise ConfigurationError(problem)
        for part in (
            "connection",
            "http11",
            "proxy",
            "socks",
        ):  # they log headers, and a reply may echo a key in one
            logging.getLogger(f"httpcore.{part}").addFilter(_mask_record)  # again is fine
        self._last = keys
        return keys

    def _problem(self) -> str | None:
        for name, key in zip(("app_key", "secret_key"), self._pair, strict=True):
            if not isinstance(key, str) or not key.strip():
                return f"{name} is missing, empty or no string: pass {name}=... or set NHNCLOUD_OCR_{name.upper()}"
            if not key.isprintable() or key != key.strip():
                return f"{name} has control characters or outer blanks (a line break, if it was read from a file?)"
        if self._pair[0] in (".", "..") or not str(self._pair[1]).isascii():
            return "app_key cannot stand in a path, or secret_key not in a header"
        return None

    def request(self, arguments: dict[str, Any]) -> httpx.Request:
        """With the app key, escaped to stay one segment of the path, and the secret key, without a scheme (guide)."""
        _sent.set(self)
        app_key, secret_key = map(str, self._pair)
        url = _parsed(
            arguments["url"].replace(f"/{PLACEHOLDER}/", f"/{quote(app_key, safe='')}/", 1)
        )
        headers = {**arguments["headers"], "Authorization": secret_key}
        return httpx.Request(**{**arguments, "url": url, "headers": headers})

    def mask(self, text: str) -> str:
        """`text` without either key, plain or as URLs and JSON escape it: for what comes back from the other side."""
        plain = [str(key) for key in self._pair]
        # A service key has 16 characters (documented); masking "a" would garble every text.
        forms = [
            form for form in {*plain, *(quote(key, safe="") for key in plain)} if len(form) >= 8
        ]
        spelt = {c: rf"(?:{re.escape(c)}|\\u{ord(c):04x})" for form in forms for c in form}
        spelt |= {c: r"\\?" + spelt[c] for c in spelt.keys() & {'"', "/", "\\"}}
        known = "|".join("".join(spelt[c] for c in form) for form in forms)
        return re.sub(known, "***", text, flags=re.IGNORECASE) if known else text

    def masked(self, reply: httpx.Response) -> httpx.Response:
        """The same reply, without the keys in its body and headers."""
        kept = {
            name: self.mask(value)
            for name, value in reply.headers.items()
            if name != "content-encoding"
        }
        text = self.mask(
            reply.content.decode("utf-8", "surrogateescape")
        )  # any bytes, and back, without a loss
        body = text.encode("utf-8", "surrogateescape")
        return httpx.Response(reply.status_code, headers=httpx.Headers(kept, "utf-8"), content=body)

    def cleaned(self, exc: BaseException, arguments: dict[str, Any]) -> BaseException:
        """The same exception, without frames, causes and what else may hold a key."""
        if isinstance(exc, BaseExceptionGroup):  # its text cannot be changed
            leaves = [self.cleaned(leaf, arguments) for leaf in exc.exceptions]
            return BaseExceptionGroup(self._shown(exc.message), leaves)
        simple = {
            name: self._shown(value)
            for name, value in vars(exc).items()
            if isinstance(value, (str, int, float))
        }
        exc.args, exc.__dict__ = tuple(map(self._shown, exc.args)), simple
        if isinstance(exc, httpx.HTTPError):
            exc.request = httpx.Request(arguments["method"], arguments["url"])
        for name in (
            "strerror",
            "filename",
            "filename2",
        ):  # an OSError keeps its text in slots of its own
            if isinstance(exc, OSError) and getattr(exc, name) is not None:
                setattr(exc, name, self._shown(getattr(exc, name)))
        exc.__cause__ = exc.__context__ = exc.__traceback__ = None
        return exc

    def _shown(self, value: Any) -> Any:
        text = value if isinstance(value, str) else repr(value)
        return value if text == (hidden := self.mask(text)) else hidden

    def __repr__(self) -> str:
        return "Keys(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")


def _mask_record(record: logging.LogRecord) -> bool:
    if keys := _sent.get():
        record.msg, record.args = keys.mask(record.getMessage()), ()
    return True


def exchange(
    arguments: dict[str, Any], keys: Keys, transport: httpx.BaseTransport
) -> httpx.Response | BaseException:
    """Send one request (`arguments`: of `httpx.Request`, without the keys) and read its reply to the end. An exception
    is returned, to be raised where no frame holds a key; one of httpx as the error that stands for it."""
    try:
        with closing(transport.handle_request(keys.request(arguments))) as response:
            return _reply(response, b"".join(cast("httpx.SyncByteStream", response.stream)))
    except BaseException as exc:
        return failure(keys.cleaned(exc, arguments))


async def exchange_async(
    arguments: dict[str, Any],
    keys: Keys,
    transport: httpx.AsyncBaseTransport,
    turns: anyio.Semaphore,
) -> httpx.Response | BaseException:
    """As `exchange`, when it is its turn."""
    with anyio.move_on_after(arguments["extensions"]["timeout"]["pool"]) as waiting:
        await turns.acquire()
    if waiting.cancelled_caught:
        return failure(httpx.PoolTimeout("no connection became free"))
    try:
        async with aclosing(
            await transport.handle_async_request(keys.request(arguments))
        ) as response:
            return _reply(
                response,
                b"".join([part async for part in cast("httpx.AsyncByteStream", response.stream)]),
            )
    except BaseException as exc:
        return failure(keys.cleaned(exc, arguments))
    finally:
        turns.release()


def _reply(response: httpx.Response, body: bytes) -> httpx.Response:
    """Without what the transport hung on it. A body that is not compressed as it says is taken as it came."""
    with suppress(httpx.DecodingError):
        return httpx.Response(response.status_code, headers=response.headers, content=body)
    headers = response.headers.copy()
    del headers["Content-Encoding"]
    return httpx.Response(response.status_code, headers=headers, content=body)


def failure(exc: BaseException) -> BaseException:
    """The error that stands for an exception of httpx, which becomes its cause; any other as it is."""
    if not isinstance(exc, _FAILURES):
        return exc
    said = f"{type(exc).__name__}: {exc}".rstrip(": ")
    kind = (
        OcrTimeoutError
        if isinstance(exc, (httpx.TimeoutException, TimeoutError))
        else OcrConnectionError
    )
    error: BaseException = kind(
        f"the reply was lost ({said}). The call may have been billed, and so may another try."
    )
    if isinstance(exc, httpx.InvalidURL):
        error = ConfigurationError(f"the base URL cannot be used ({said})")
    elif isinstance(exc, (httpx.DecodingError, httpx.TooManyRedirects, httpx.HTTPStatusError)):
        error = UnexpectedResponseError(f"not the documented envelope ({said})")
    elif isinstance(exc, _UNSENT):
        hint = (
            "Is the base URL right, and does the service (or the emulator) run? Nothing was billed."
        )
        error = kind(f"no connection ({said}). {hint}", maybe_billed=False)
    error.__cause__ = exc
    return error
