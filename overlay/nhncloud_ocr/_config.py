"""Arguments and environment become checked values, at construction."""

from __future__ import annotations

import os
from ipaddress import ip_address
from math import inf

import httpx

from ._errors import ConfigurationError

DEFAULT_BASE_URL = "https://api-ocr.nhncloudservice.com"
"""The host since 2026-08-11; the guide's older one is kept until 2027-07-31 (documented)."""

# The service's own time budget is 60 s (reported), so an answer may take longer than that.
# Waiting for a free connection is the caller's own queue, and no failure.
DEFAULT_TIMEOUT = httpx.Timeout(75.0, connect=10.0, pool=None)


def base_url(value: str | None) -> httpx.URL:
    """The URL before /v1.0, from the argument or NHNCLOUD_OCR_BASE_URL. Raises ConfigurationError.

    Plain http only for loopback: the keys travel with every request.
    """
    if value is None:
        value = os.environ.get("NHNCLOUD_OCR_BASE_URL") or DEFAULT_BASE_URL
    try:
        url = httpx.URL(value)
    except (httpx.InvalidURL, TypeError):
        raise ConfigurationError("base_url is not a URL") from None
    if url.scheme not in ("https", "http") or not url.host:
        raise ConfigurationError("base_url must begin with https:// and name a host")
    if url.userinfo or url.query or url.fragment:
        raise ConfigurationError("base_url must have no user info, query or fragment")
    if url.scheme == "http" and not _is_loopback(url.host):
        raise ConfigurationError(
            "base_url must begin with https://, since the keys travel with it (http:// only for loopback)"
        )
    return url


def timeout(value: float | httpx.Timeout | None, default: httpx.Timeout) -> httpx.Timeout:
    """Seconds for each of connect, read, write and pool, or all of them as `httpx.Timeout`."""
    if value is None:
        return default
    if isinstance(value, httpx.Timeout):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < inf:
        raise ConfigurationError("timeout must be a positive number of seconds or an httpx.Timeout")
    return httpx.Timeout(value)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
