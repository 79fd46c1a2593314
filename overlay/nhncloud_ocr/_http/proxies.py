"""Which proxy a client goes through."""

import urllib.request

import httpx

from .._errors import ConfigurationError
from .._options import ProxyInput


def chosen(given: ProxyInput) -> httpx.Proxy | None:
    """Return the proxy, whose repr hides its password. Raises ConfigurationError."""
    try:
        return httpx.Proxy(given) if isinstance(given, (str, httpx.URL)) else given
    except (ValueError, httpx.InvalidURL):
        pass
    finally:
        del given  # a traceback with locals would show its password
    # Raised here, for the exceptions above show it too.
    raise ConfigurationError("the proxy is not a URL of a scheme that httpx knows")


def of_environment(url: httpx.URL) -> str | None:
    """Find the proxy for `url` as httpx does, which looks only for its own client.

    It is that of HTTPS_PROXY, ALL_PROXY or the system, unless NO_PROXY names the host or a domain
    it is in. None for http, which goes to loopback: a proxy would read the keys.
    """
    if url.scheme != "https":
        return None
    found = urllib.request.getproxies()
    if _excepted(url, found.get("no", "")):
        return None
    address = found.get("https") or found.get("all")
    if not address or "://" in address:
        return address
    return f"http://{address}"


def _excepted(url: httpx.URL, no_proxy: str) -> bool:
    """Whether an entry of NO_PROXY is `*`, the host, a domain it is in, or any with a scheme."""
    names = {url.host, f"{url.host}:{url.port}"}
    exact = {"*", *names}
    for scheme in ("all", "https"):
        exact |= {f"{scheme}://{name}" for name in names}
    for entry in map(str.strip, no_proxy.lower().split(",")):
        domain = "." + entry.removeprefix(".")
        if entry in exact or (entry and any(name.endswith(domain) for name in names)):
            return True
    return False
