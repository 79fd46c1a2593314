"""The exceptions of httpx, and the errors that stand for them."""

import httpx

from .._errors import (
    ConfigurationError,
    OcrConnectionError,
    OcrError,
    OcrTimeoutError,
    UnexpectedResponseError,
)
from .watch import Watch

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


def failure(exc: BaseException, watch: Watch | None = None) -> BaseException:
    """Return the error for an exception of httpx, with that as its cause; any other as it is.

    watch: of the attempt; it may know that nothing of the request was sent, for a proxy failed.
    """
    if not isinstance(exc, _FAILURES) or isinstance(exc, OcrError):
        return exc
    if watch is not None and watch.interrupt is exc:
        return exc
    unsent = isinstance(exc, _UNSENT) or (watch is not None and watch.told and not watch.sent)
    error = _error(exc, unsent)
    error.__cause__ = exc
    return error


def out_of_time(seconds: float | None, last: OcrError | None) -> OcrTimeoutError:
    """Return the error of a call that has no time for an attempt.

    seconds: its `total_timeout`. last: how the attempt before ended.
    """
    said = f"total_timeout ({seconds or 0:g} s) leaves no time for an attempt"
    late = OcrTimeoutError(said if last is None else f"{said} after: {last}", maybe_billed=False)
    late.__cause__ = last
    return late


def _error(exc: BaseException, unsent: bool) -> OcrError:
    said = f"{type(exc).__name__}: {exc}".rstrip(": ")
    if isinstance(exc, httpx.InvalidURL):
        return ConfigurationError(f"the base URL cannot be used ({said})")
    if isinstance(exc, _UNREADABLE):
        return UnexpectedResponseError(f"not the documented envelope ({said})")
    kind = OcrTimeoutError if isinstance(exc, _TIMEOUTS) else OcrConnectionError
    if unsent:
        return kind(
            f"no connection ({said}). Is the base URL right, and does the service (or the "
            "emulator) run?",
            maybe_billed=False,
        )
    return kind(f"the reply was lost ({said}).")
