"""Between httpx and the flow: its responses become replies, its exceptions our errors."""

from contextlib import suppress
from typing import NamedTuple

import httpx

from ._errors import ConfigurationError, OcrConnectionError, OcrError, OcrTimeoutError, UnexpectedResponseError
from ._keys import Keys

# The request cannot have reached the service: nothing can have been billed.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)

FAILURES = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict, OSError)
"""All that httpx raises, for it has no common root, and what an injected transport may."""


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


def reply(response: httpx.Response, body: bytes) -> Reply:
    """The parts of a response that count; `body` is as it came, and decoded here if it was compressed."""
    headers = response.headers
    if encoding := headers.get("Content-Encoding"):
        with suppress(httpx.DecodingError):  # then it is no JSON either, and the error keeps the bytes as they came
            body = httpx.Response(200, headers={"Content-Encoding": encoding}, content=body).content
    return Reply(response.status_code, body, headers.get("Content-Type", ""), headers.get("Retry-After"))


def failure(exc: Exception) -> OcrError:
    """The error that stands for an exception of httpx, which becomes its cause."""
    error = _failure(exc)
    error.__cause__ = exc
    return error


def _failure(exc: Exception) -> OcrError:
    said = f"{type(exc).__name__}: {exc}".rstrip(": ")
    if isinstance(exc, httpx.InvalidURL):
        return ConfigurationError(f"the base URL cannot be used ({said})")
    if isinstance(exc, (httpx.DecodingError, httpx.TooManyRedirects, httpx.HTTPStatusError)):
        return UnexpectedResponseError(f"not the documented envelope ({said})")
    kind = OcrTimeoutError if isinstance(exc, (httpx.TimeoutException, TimeoutError)) else OcrConnectionError
    if isinstance(exc, _UNSENT):
        hint = "Is the base URL right, and does the service (or the emulator) run? Nothing was billed."
        return kind(f"no connection ({said}). {hint}", maybe_billed=False)
    return kind(f"the reply was lost ({said}). The call may have been billed, and so may another try.")
