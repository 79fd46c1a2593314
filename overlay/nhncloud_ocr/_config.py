"""Arguments and environment become checked values, at construction."""

import os
import random
import re
import threading
import time
import urllib.request
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from math import inf
from typing import Literal, NamedTuple, TypeAlias

import anyio
import httpx

from ._errors import ApiError, ConfigurationError, OcrError, verdict
from ._transport import Keys

TimeoutInput: TypeAlias = float | httpx.Timeout | None
ProxyInput: TypeAlias = str | httpx.URL | httpx.Proxy | None
# The host since 2026-08-11; the guide's older one is kept until 2027-07-31 (documented).
DEFAULT_BASE_URL = "https://api-ocr.nhncloudservice.com"
# The service may take 60 s (reported). Waiting for a free connection is the caller's own queue, and no failure.
DEFAULT_TIMEOUT = httpx.Timeout(75.0, connect=10.0, pool=None)


class Clock(NamedTuple):
    """Where time (seconds) and chance (0..1) come from: `client.clock`, replaced in tests."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    random: Callable[[], float] = random.random
    sleep: Callable[[float], None] = time.sleep
    async_sleep: Callable[[float], Awaitable[None]] = anyio.sleep


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long to try; times in seconds.

    By default only what cannot have been billed is tried again: no connection, HTTP 429 (but not for a used-up quota),
    HTTP 503, result codes 5000503 and 4291000. `retry_maybe_billed=True` adds lost replies (read timeout, reset), 502
    and 504, at the price of a possible second bill (reported).

    The wait is drawn from 0 to min(max_backoff, backoff * 2**(attempt - 1)), or is the service's Retry-After; one of
    more than `max_retry_after` ends the tries. No attempt begins more than `deadline` after the first.

    A deploy of the service lasts 30 to 60 s (reported): `RetryPolicy(attempts=40, deadline=180.0)` outlasts it.
    """

    attempts: int = 3
    backoff: float = 0.5
    max_backoff: float = 8.0
    max_retry_after: float = 60.0
    deadline: float | None = None
    retry_maybe_billed: bool = False

    def __post_init__(self) -> None:
        times = (self.backoff, self.max_backoff, self.max_retry_after, self.deadline or 0)
        if self.attempts < 1 or not all(seconds >= 0 for seconds in times):
            raise ConfigurationError(
                "RetryPolicy: attempts must be at least 1, and no time negative"
            )

    def delay(self, error: OcrError, elapsed: float, now: float, random: float) -> float | None:
        """Seconds to wait before the attempt after the one that ended in `error`, or None to stop. `elapsed`: seconds
        since the first began; `now`: those since the epoch (a Retry-After may be a date); `random`: 0..1."""
        billed, wait = getattr(error, "maybe_billed", None), None
        if isinstance(error, ApiError):
            billed, wait = (
                verdict(error.http_status, error.result_code).maybe_billed,
                _seconds(error.retry_after or "", now),
            )
        wanted = billed is False or (billed is True and self.retry_maybe_billed)
        if not wanted or error.attempts >= self.attempts or (wait or 0) > self.max_retry_after:
            return None
        if wait is None:
            wait = random * min(self.max_backoff, self.backoff * 2.0 ** min(error.attempts - 1, 63))
        return None if self.deadline is not None and elapsed + wait > self.deadline else wait


def _seconds(retry_after: str, now: float) -> float | None:
    """Of a Retry-After header: a number or an HTTP date (RFC 9110, section 10.2.3)."""
    with suppress(ValueError, OverflowError, OSError):
        number = re.fullmatch(r"\s*[0-9]+(\.[0-9]+)?\s*", retry_after)
        return (
            float(retry_after)
            if number
            else max(0.0, parsedate_to_datetime(retry_after).timestamp() - now)
        )
    return None


@dataclass(frozen=True, slots=True)
class Options:
    """What a call needs besides its image."""

    base_url: str
    keys: Keys
    timeout: httpx.Timeout
    retry: RetryPolicy
    precheck: bool
    on_no_text: Literal["raise", "empty"]
    closed: threading.Event  # one for a client and its copies

    def __post_init__(self) -> None:
        self.keys.now(ask=False)
        if not isinstance(self.retry, RetryPolicy) or self.on_no_text not in ("raise", "empty"):
            raise ConfigurationError(
                'retry must be a RetryPolicy (attempts=1: never), on_no_text "raise" or "empty"'
            )


def base_url(value: str | None) -> httpx.URL:
    """What comes before /v1.0. Raises ConfigurationError. Plain http only to loopback: the keys travel along."""
    try:
        url = httpx.URL(
            (os.environ.get("NHNCLOUD_OCR_BASE_URL") or DEFAULT_BASE_URL)
            if value is None
            else value
        )
    except (httpx.InvalidURL, TypeError):
        raise ConfigurationError("base_url is not a URL") from None
    local = url.host == "localhost"
    with suppress(ValueError):
        local = ip_address(url.host).is_loopback
    if (
        url.scheme not in ("https", "http" if local else "https")
        or not url.host
        or (url.port or 0) > 65535
    ):
        raise ConfigurationError(
            "base_url must begin with https:// and a host (http:// only to loopback: keys travel)"
        )
    if url.userinfo or url.query or url.fragment:
        raise ConfigurationError("base_url must have no user info, query or fragment")
    return url


def timeout(value: TimeoutInput, default: httpx.Timeout) -> httpx.Timeout:
    """Seconds for each of connect, read, write and pool, or an `httpx.Timeout`. Raises ConfigurationError."""
    if isinstance(value, (int, float)) and 0 < value < inf:
        return httpx.Timeout(value)
    if value is None or isinstance(value, httpx.Timeout):
        return default if value is None else value
    raise ConfigurationError("timeout must be a positive number of seconds, or an httpx.Timeout")


def proxy(given: ProxyInput) -> httpx.Proxy | ConfigurationError | None:
    """A proxy whose repr hides its password. Or the error to raise: a traceback from here would show it with locals."""
    try:
        return httpx.Proxy(given) if isinstance(given, (str, httpx.URL)) else given
    except (ValueError, httpx.InvalidURL):
        return ConfigurationError("the proxy is not a URL of a scheme that httpx knows")


def environment_proxy(url: httpx.URL) -> httpx.Proxy | ConfigurationError | None:
    """As httpx finds it, which looks only for its own client: that of HTTPS_PROXY, ALL_PROXY or the system, unless
    NO_PROXY names the host, or a domain it is in. None for http, to loopback: a proxy would read the keys."""
    found = urllib.request.getproxies() if url.scheme == "https" else {}
    names = {url.host, f"{url.host}:{url.port}"}
    exact = {"*", *names} | {f"{scheme}://{name}" for scheme in ("all", "https") for name in names}
    for entry in filter(None, map(str.strip, found.get("no", "").lower().split(","))):
        if entry in exact or any(name.endswith("." + entry.removeprefix(".")) for name in names):
            return None
    given = found.get("https") or found.get("all")
    return proxy(given if not given or "://" in given else f"http://{given}")
