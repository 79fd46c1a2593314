"""Which proxy a client goes through."""

import os
import urllib.request
from importlib.util import find_spec

import httpx

from .._errors import ConfigurationError
from .._options import ProxyInput

_SCHEMES = ("http", "https", "socks5", "socks5h")


def chosen(given: ProxyInput, name: str = "proxy") -> httpx.Proxy | None:
    """Return the proxy, whose repr hides its password. Raises ConfigurationError.

    name: of the argument or variable that has it.
    """
    problem = "is not a URL"
    try:
        proxy = httpx.Proxy(given) if isinstance(given, (str, httpx.URL)) else given
        if not isinstance(proxy, httpx.Proxy | None):
            problem = "must be a URL or an httpx.Proxy"
        elif proxy is None or not proxy.url.scheme.startswith("socks") or find_spec("socksio"):
            return proxy
        else:
            problem = "is a SOCKS proxy, which needs: pip install 'httpx[socks]'"
    except (ValueError, httpx.InvalidURL):
        scheme = str(given).partition("://")[0].lower()
        if scheme.isalnum() and scheme not in _SCHEMES and "://" in str(given):
            problem = f"has the scheme {scheme}: it must be one of {', '.join(_SCHEMES)}"
    finally:
        del given  # a traceback with locals would show its password
    # Raised here, for the exceptions above show it too.
    raise ConfigurationError(f"the proxy cannot be used: {name} {problem}")


def of_environment(url: httpx.URL) -> httpx.Proxy | None:
    """Find the proxy for `url` as httpx does, which looks only for its own client.

    It is that of HTTPS_PROXY, ALL_PROXY or the system, unless NO_PROXY names the host or a domain
    it is in. None for http, which goes to loopback: a proxy would read the keys. Raises
    ConfigurationError.
    """
    if url.scheme != "https":
        return None
    found = urllib.request.getproxies()
    if _excepted(url, found.get("no", "")):
        return None
    kind = "https" if found.get("https") else "all"
    address = found.get(kind)
    if not address:
        return None
    if "://" not in address:
        address = f"http://{address}"
    try:
        return chosen(address, _variable(f"{kind}_proxy"))
    finally:
        del address, found


def _variable(name: str) -> str:
    """Return the name as it is spelt in the environment; the system's settings have no other."""
    return next((each for each in (name, name.upper()) if os.environ.get(each)), name)


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
