"""Arguments and environment become checked values, at construction."""

import os
import random
import time
import urllib.request
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from math import inf
from typing import Literal, TypeAlias

import anyio
import httpx

from ._errors import ConfigurationError
from ._keys import Keys
from ._retry import RetryPolicy

TimeoutInput: TypeAlias = float | httpx.Timeout | None
ProxyInput: TypeAlias = str | httpx.URL | httpx.Proxy | None

DEFAULT_BASE_URL = "https://api-ocr.nhncloudservice.com"
"""The host since 2026-08-11; the guide's older one is kept until 2027-07-31 (documented)."""

# The service may take 60 s (reported). Waiting for a free connection is the caller's own queue, and no failure.
DEFAULT_TIMEOUT = httpx.Timeout(75.0, connect=10.0, pool=None)


@dataclass(frozen=True, slots=True)
class Clock:
    """Where time (seconds) and chance (0..1) come from: `client.clock`, replaced in tests."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    random: Callable[[], float] = random.random
    sleep: Callable[[float], None] = time.sleep
    async_sleep: Callable[[float], Awaitable[None]] = anyio.sleep


@dataclass(frozen=True, slots=True)
class Options:
    """What a call needs besides its image."""

    base_url: str
    keys: Keys
    timeout: httpx.Timeout
    retry: RetryPolicy
    precheck: bool
    on_no_text: Literal["raise", "empty"]

    def __post_init__(self) -> None:
        self.keys.now(ask=False)
        if not isinstance(self.retry, RetryPolicy) or self.on_no_text not in ("raise", "empty"):
            raise ConfigurationError('retry must be a RetryPolicy (attempts=1: never), on_no_text "raise" or "empty"')


def base_url(value: str | None) -> httpx.URL:
    """What comes before /v1.0. Raises ConfigurationError. Plain http only to loopback: the keys travel along."""
    try:
        url = httpx.URL((os.environ.get("NHNCLOUD_OCR_BASE_URL") or DEFAULT_BASE_URL) if value is None else value)
    except (httpx.InvalidURL, TypeError):
        raise ConfigurationError("base_url is not a URL") from None
    if url.scheme not in ("https", "http") or not url.host or (url.port or 0) > 65535:
        raise ConfigurationError("base_url must begin with https:// and name a host, and maybe a port")
    if url.userinfo or url.query or url.fragment:
        raise ConfigurationError("base_url must have no user info, query or fragment")
    if url.scheme == "http" and not _is_loopback(url.host):
        raise ConfigurationError("base_url must begin with https:// (http:// only for loopback): the keys travel too")
    return url


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def timeout(value: TimeoutInput, default: httpx.Timeout) -> httpx.Timeout:
    """Seconds for each of connect, read, write and pool, or an `httpx.Timeout`. Raises ConfigurationError."""
    if isinstance(value, (int, float)) and 0 < value < inf:
        return httpx.Timeout(value)
    if value is None or isinstance(value, httpx.Timeout):
        return default if value is None else value
    raise ConfigurationError("timeout must be a positive number of seconds, or an httpx.Timeout")


def proxy(given: ProxyInput, url: httpx.URL | None) -> httpx.Proxy | ConfigurationError | None:
    """The proxy that is given, or that the environment has for `url`; its repr hides its password. Or the error to
    raise: raised from here, it would show it in a traceback with locals."""
    given = _environment_proxy(url) if given is None and url is not None and url.scheme == "https" else given
    try:
        return httpx.Proxy(given) if isinstance(given, (str, httpx.URL)) else given
    except (ValueError, httpx.InvalidURL):
        return ConfigurationError("the proxy is not a URL of a scheme that httpx knows")


def _environment_proxy(url: httpx.URL) -> str | None:
    """As httpx finds it, which looks only for its own client: that of HTTPS_PROXY, ALL_PROXY or the system, unless
    NO_PROXY names the host, or a domain it is in. Only for https: a proxy would read the keys sent over http."""
    found, names = urllib.request.getproxies(), {url.host, f"{url.host}:{url.port}"}
    exact = {"*", *names} | {f"{scheme}://{name}" for scheme in ("all", "https") for name in names}
    for entry in filter(None, map(str.strip, found.get("no", "").lower().split(","))):
        if entry in exact or any(name.endswith("." + entry.removeprefix(".")) for name in names):
            return None
    given = found.get("https") or found.get("all")
    return given if not given or "://" in given else f"http://{given}"
