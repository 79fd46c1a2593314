"""Which URLs secrets may travel to."""

from ipaddress import ip_address

import httpx

from ._errors import ConfigurationError


def secure_url(value: str, name: str) -> httpx.URL:
    """Return the URL of the option `name`. Raises ConfigurationError.

    Plain http goes only to loopback, for keys travel along.
    """
    try:
        url = httpx.URL(value)
    except (httpx.InvalidURL, TypeError):
        raise ConfigurationError(f"{name} is not a URL") from None
    schemes = ("https", "http") if _is_loopback(url.host) else ("https",)
    if url.scheme not in schemes or not url.host or (url.port or 0) > 65535:
        raise ConfigurationError(
            f"{name} must begin with https:// and a host (http:// only to loopback: keys travel)"
        )
    if url.userinfo or url.query or url.fragment:
        raise ConfigurationError(f"{name} must have no user info, query or fragment")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
