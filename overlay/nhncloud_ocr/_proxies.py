"""Which proxy, if any, for the one host of a client: as httpx finds it, which looks only for its own client.

No function here raises while it holds a proxy's URL: in a traceback with locals, its frame would show the password.
"""

import urllib.request
from typing import TypeAlias

import httpx

from ._errors import ConfigurationError

ProxyInput: TypeAlias = str | httpx.URL | httpx.Proxy | None


def parse(proxy: ProxyInput) -> httpx.Proxy | ConfigurationError | None:
    """A proxy whose repr hides its password, or the error to raise."""
    try:
        return httpx.Proxy(proxy) if isinstance(proxy, (str, httpx.URL)) else proxy
    except (ValueError, httpx.InvalidURL):
        return ConfigurationError("proxy is not a URL of a scheme that httpx knows")


def from_environment(url: httpx.URL) -> httpx.Proxy | None:
    """The proxy of HTTPS_PROXY, ALL_PROXY or the system, unless NO_PROXY names the host; none for plain http, which
    goes to loopback alone and would show the proxy the keys. Raises ConfigurationError."""
    proxy = _from_environment(url)
    if isinstance(proxy, ConfigurationError):
        raise proxy
    return proxy


def _from_environment(url: httpx.URL) -> httpx.Proxy | ConfigurationError | None:
    found = urllib.request.getproxies() if url.scheme == "https" else {}
    proxy = found.get("https") or found.get("all")
    exceptions = [name.strip() for name in found.get("no", "").split(",") if name.strip()]
    if not proxy or any(_names(name, url) for name in exceptions):
        return None
    return parse(proxy if "://" in proxy else f"http://{proxy}")


def _names(name: str, url: httpx.URL) -> bool:
    """Whether an entry of NO_PROXY means `url`: `example.com` stands for its subdomains too, `.example.com` for them
    alone, and localhost and addresses for themselves."""
    if name == "*":
        return True
    scheme, _, rest = name.rpartition("://")
    try:
        rest = f"[{rest}]" if rest.count(":") > 1 and "]" not in rest else rest
        entry = httpx.URL(f"https://{rest}")
    except httpx.InvalidURL:
        return False
    if scheme not in ("", "all", url.scheme) or entry.port not in (None, url.port):
        return False
    if scheme or entry.host == "localhost":
        return entry.host == url.host
    return url.host == entry.host or url.host.endswith("." + entry.host.removeprefix("."))
