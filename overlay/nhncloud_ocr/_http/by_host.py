"""Two ways out: for the host of tokens the environment may name another proxy, or none."""

from typing import Any, NamedTuple

import httpx


class Detour(NamedTuple):
    """The way to one host, where it is not that of all others."""

    host: str
    proxy: httpx.Proxy | None


def detour(
    url: httpx.URL,
    proxy: httpx.Proxy | None,
    usual: httpx.Proxy | None,
) -> Detour | None:
    """Return the way to the host of `url` through `proxy`, None if that is the usual way."""
    return None if _same(proxy, usual) else Detour(url.host, proxy)


def transport(way: Detour | None, **network: Any) -> httpx.BaseTransport:
    """Return a transport of httpx with these arguments, another one beside it for the detour."""
    usual = httpx.HTTPTransport(**network)
    if way is None:
        return usual
    return _ByHost(usual, way.host, httpx.HTTPTransport(**{**network, "proxy": way.proxy}))


def async_transport(way: Detour | None, **network: Any) -> httpx.AsyncBaseTransport:
    """As `transport`."""
    usual = httpx.AsyncHTTPTransport(**network)
    if way is None:
        return usual
    other = httpx.AsyncHTTPTransport(**{**network, "proxy": way.proxy})
    return _AsyncByHost(usual, way.host, other)


class _ByHost(httpx.BaseTransport):
    def __init__(self, usual: httpx.BaseTransport, host: str, other: httpx.BaseTransport) -> None:
        self._usual = usual
        self._host = host
        self._other = other

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        way = self._other if request.url.host == self._host else self._usual
        return way.handle_request(request)

    def close(self) -> None:
        self._usual.close()
        self._other.close()


class _AsyncByHost(httpx.AsyncBaseTransport):
    def __init__(
        self,
        usual: httpx.AsyncBaseTransport,
        host: str,
        other: httpx.AsyncBaseTransport,
    ) -> None:
        self._usual = usual
        self._host = host
        self._other = other

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        way = self._other if request.url.host == self._host else self._usual
        return await way.handle_async_request(request)

    async def aclose(self) -> None:
        await self._usual.aclose()
        await self._other.aclose()


def _same(one: httpx.Proxy | None, other: httpx.Proxy | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.url, one.raw_auth) == (other.url, other.raw_auth)
