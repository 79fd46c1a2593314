"""Between httpx and the flow: its responses become replies, its exceptions our errors."""

from __future__ import annotations

from typing import NamedTuple

import httpx

from ._errors import ConfigurationError, OcrConnectionError, OcrError, OcrTimeoutError, UnexpectedResponseError
from ._keys import Keys
from ._transport import BODY

# The request cannot have reached the service: nothing can have been billed.
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)

FAILURES = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.StreamError,
    httpx.CookieConflict,
    OSError,  # from an injected transport
)
"""All that httpx raises: it has no common root for its exceptions."""


class Reply(NamedTuple):
    """What came back. The body stays out of the repr, and so out of tracebacks with locals."""

    status: int
    body: bytes
    content_type: str = ""
    retry_after: str | None = None

    def masked(self, keys: Keys) -> Reply:
        """The same without the keys, should the other side have echoed one."""
        return Reply(
            self.status,
            keys.mask_bytes(self.body),
            keys.mask(self.content_type),
            self.retry_after and keys.mask(self.retry_after),
        )

    def __repr__(self) -> str:
        return f"Reply(status={self.status}, {len(self.body)} bytes)"


def reply(response: httpx.Response) -> Reply:
    """The parts of a response that count, its body decoded if it was compressed."""
    body: bytes = response.extensions[BODY]
    if encoding := response.headers.get("Content-Encoding"):
        try:
            body = httpx.Response(200, headers={"Content-Encoding": encoding}, content=body).content
        except httpx.DecodingError:
            pass  # then it is no JSON either, and the error keeps the bytes as they came
    return Reply(
        response.status_code, body, response.headers.get("Content-Type", ""), response.headers.get("Retry-After")
    )


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
    if isinstance(exc, _UNSENT):
        kind = OcrTimeoutError if isinstance(exc, httpx.TimeoutException) else OcrConnectionError
        return kind(
            f"no connection ({said}). Is the base URL right, and is the service (or the emulator) "
            "running? Nothing was billed.",
            maybe_billed=False,
        )
    kind = OcrTimeoutError if isinstance(exc, httpx.TimeoutException) else OcrConnectionError
    return kind(f"the reply was lost ({said}). The call may have been billed; trying again may be too.")
