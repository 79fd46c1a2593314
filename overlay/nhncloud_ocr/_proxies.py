"""Which proxy, if any: as httpx finds it, but for transports that are wrapped.

httpx looks at the environment only where it makes the transport itself. No function here raises: in a traceback with
locals, its frame would show the proxy's password.
"""

import urllib.request
from ipaddress import ip_address
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


def from_environment(base_url: httpx.URL) -> dict[str, httpx.Proxy | ConfigurationError | None]:
    """What to mount on an httpx client: HTTPS_PROXY, ALL_PROXY and the system's settings, but for NO_PROXY. Nothing for
    loopback over plain http, where a proxy would read the keys."""
    found = urllib.request.getproxies() if base_url.scheme == "https" else {}
    exceptions = [name.strip() for name in found.get("no", "").split(",") if name.strip()]
    if "*" in exceptions:
        return {}
    urls = {f"{scheme}://": found[scheme] for scheme in ("https", "all") if found.get(scheme)}
    mounts = {pattern: parse(url if "://" in url else f"http://{url}") for pattern, url in urls.items()}
    return {**mounts, **dict.fromkeys(map(_pattern, exceptions))}


def _pattern(name: str) -> str:
    """A name of NO_PROXY as a mount: `example.com` stands for its subdomains too, `.example.com` for them alone."""
    if "://" in name:
        return name
    try:
        return f"all://[{name}]" if ip_address(name).version == 6 else f"all://{name}"
    except ValueError:
        return f"all://{name}" if name.lower() == "localhost" else f"all://*{name}"
