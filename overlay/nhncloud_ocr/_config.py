"""Arguments and environment become checked values, at construction."""

import os
from ipaddress import ip_address
from math import inf
from typing import TypeAlias

import httpx

from ._errors import ConfigurationError

TimeoutInput: TypeAlias = float | httpx.Timeout | None

DEFAULT_BASE_URL = "https://api-ocr.nhncloudservice.com"
"""The host since 2026-08-11; the guide's older one is kept until 2027-07-31 (documented)."""

# The service may take 60 s (reported). Waiting for a free connection is the caller's own queue, and no failure.
DEFAULT_TIMEOUT = httpx.Timeout(75.0, connect=10.0, pool=None)


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
        raise ConfigurationError(
            "base_url must begin with https:// (http:// only for loopback): the keys travel with it"
        )
    return url


def timeout(value: TimeoutInput, default: httpx.Timeout) -> httpx.Timeout:
    """Seconds for each of connect, read, write and pool, or an `httpx.Timeout`. Raises ConfigurationError."""
    if value is None:
        return default
    if not isinstance(value, (int, float, httpx.Timeout)) or (
        not isinstance(value, httpx.Timeout) and not 0 < value < inf
    ):
        raise ConfigurationError("timeout must be a positive number of seconds, or an httpx.Timeout")
    return httpx.Timeout(value)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
