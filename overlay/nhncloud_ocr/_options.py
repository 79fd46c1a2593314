"""What a call needs besides its image: arguments become checked values at construction."""

import os
import ssl
from dataclasses import dataclass, field
from math import inf
from typing import Literal, TypeAlias

import httpx

from ._auth.credentials import Credentials
from ._errors import ConfigurationError
from ._observers import Observers
from ._pace import Pace
from ._retry import RetryPolicy
from ._urls import secure_url
from ._usage import Meter

TimeoutInput: TypeAlias = float | httpx.Timeout | None
ProxyInput: TypeAlias = str | httpx.URL | httpx.Proxy | None
VerifyInput: TypeAlias = bool | str | os.PathLike[str] | ssl.SSLContext
OnNoText: TypeAlias = Literal["raise", "empty"]

# The host since 2026-08-11; the guide's older one is kept until 2027-07-31 (documented).
DEFAULT_BASE_URL = "https://api-ocr.nhncloudservice.com"
# The service may take 60 s (reported). Waiting for a free connection is the caller's own queue,
# and no failure.
DEFAULT_TIMEOUT = httpx.Timeout(75.0, connect=10.0, pool=None)


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a client, or of one of its calls."""

    base_url: str
    credentials: Credentials
    timeout: httpx.Timeout
    total_timeout: float | None
    retry: RetryPolicy
    precheck: bool
    on_no_text: OnNoText
    pace: Pace | None = None
    observers: Observers = field(default_factory=Observers)
    meter: Meter = field(default_factory=Meter)

    def __post_init__(self) -> None:
        if not isinstance(self.retry, RetryPolicy) or self.on_no_text not in ("raise", "empty"):
            raise ConfigurationError(
                'retry must be a RetryPolicy (attempts=1: never), on_no_text "raise" or "empty"'
            )


def pace(per_second: float | None) -> Pace | None:
    """Return what paces attempts, None for no limit. Raises ConfigurationError."""
    if per_second is None:
        return None
    if isinstance(per_second, (int, float)) and 0 < per_second < inf:
        return Pace(per_second)
    raise ConfigurationError("max_per_second must be a positive number: attempts per second")


def base_url(value: str | None) -> httpx.URL:
    """Return what comes before the version in a URL. Raises ConfigurationError.

    None: NHNCLOUD_OCR_BASE_URL, or the vendor's host. Plain http goes only to loopback, for the
    keys travel along.
    """
    if value is None:
        value = os.environ.get("NHNCLOUD_OCR_BASE_URL") or DEFAULT_BASE_URL
    return secure_url(value, "base_url")


def timeout(value: TimeoutInput, default: httpx.Timeout) -> httpx.Timeout:
    """Return the timeout of each phase, `default` for None. Raises ConfigurationError.

    value: seconds for each of connect, read, write and pool, or an `httpx.Timeout`.
    """
    if value is None:
        return default
    if isinstance(value, httpx.Timeout):
        return value
    if isinstance(value, (int, float)) and 0 < value < inf:
        return httpx.Timeout(value)
    raise ConfigurationError("timeout must be a positive number of seconds, or an httpx.Timeout")


def total_timeout(value: float | None) -> float | None:
    """Return the seconds of a whole call, None without a limit. Raises ConfigurationError."""
    if value is None or (isinstance(value, (int, float)) and 0 < value < inf):
        return value
    raise ConfigurationError("total_timeout must be a positive number of seconds")
