"""The exceptions of httpx, and the errors that stand for them."""

import httpx

from .._errors import (
    ConfigurationError,
    OcrConnectionError,
    OcrError,
    OcrTimeoutError,
    UnexpectedResponseError,
)

# The request cannot have reached the service: nothing can have been billed.
_UNSENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_UNREADABLE = (httpx.DecodingError, httpx.TooManyRedirects, httpx.HTTPStatusError)
_TIMEOUTS = (httpx.TimeoutException, TimeoutError)
# All that httpx raises, for it has no common root, and what an injected transport may.
_FAILURES = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict, OSError)


def failure(exc: BaseException) -> BaseException:
    """Return the error for an exception of httpx, with that as its cause; any other as it is."""
    if not isinstance(exc, _FAILURES):
        return exc
    error = _error(exc)
    error.__cause__ = exc
    return error


def _error(exc: BaseException) -> OcrError:
    said = f"{type(exc).__name__}: {exc}".rstrip(": ")
    if isinstance(exc, httpx.InvalidURL):
        return ConfigurationError(f"the base URL cannot be used ({said})")
    if isinstance(exc, _UNREADABLE):
        return UnexpectedResponseError(f"not the documented envelope ({said})")
    kind = OcrTimeoutError if isinstance(exc, _TIMEOUTS) else OcrConnectionError
    if isinstance(exc, _UNSENT):
        return kind(
            f"no connection ({said}). Is the base URL right, and does the service (or the "
            "emulator) run?",
            maybe_billed=False,
        )
    return kind(f"the reply was lost ({said}).")
