"""Puts both keys into the request below everything that logs, shows or keeps requests.

httpx logs URLs and hangs requests on its exceptions, and the app key is part of the URL. So above this transport a
request has a placeholder and no Authorization; only what is handed to the inner transport has the keys, and no frame
or exception from below comes up again.
"""

import ssl
import urllib.request
from contextlib import aclosing, closing
from functools import lru_cache
from typing import TypeAlias, TypeVar, cast

import httpx

from ._errors import ConfigurationError
from ._keys import PLACEHOLDER, Keys

KEYS = "nhncloud_ocr.keys"
"""The request extension with the call's Keys."""
BODY = "nhncloud_ocr.body"
"""The response extension with the body as it came, before any content decoding."""

ProxyInput: TypeAlias = str | httpx.URL | httpx.Proxy | None
VerifyInput: TypeAlias = bool | str | ssl.SSLContext
T = TypeVar("T", httpx.HTTPTransport, httpx.AsyncHTTPTransport)


class KeyTransport(httpx.BaseTransport):
    """Around any httpx.BaseTransport; replies are read to their end."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            with closing(self._inner.handle_request(_with_keys(request))) as response:
                body = b"".join(cast("httpx.SyncByteStream", response.stream))
            return _with_body(response, body)
        except BaseException as exc:
            failure = _without_frames(exc, request)
        raise failure

    def close(self) -> None:
        self._inner.close()


class AsyncKeyTransport(httpx.AsyncBaseTransport):
    """Around any httpx.AsyncBaseTransport; replies are read to their end."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            async with aclosing(await self._inner.handle_async_request(_with_keys(request))) as response:
                body = b"".join([chunk async for chunk in cast("httpx.AsyncByteStream", response.stream)])
            return _with_body(response, body)
        except BaseException as exc:
            failure = _without_frames(exc, request)
        raise failure

    async def aclose(self) -> None:
        await self._inner.aclose()


def pool(kind: type[T], base_url: httpx.URL, proxy: ProxyInput, verify: VerifyInput) -> T:
    """Connections to one host that heed HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE like httpx's own, which looks up
    proxies only for transports that it makes itself, and above those nothing can be put. Raises ConfigurationError."""
    try:
        return kind(verify=verify, proxy=_environment_proxy(base_url) if proxy is None else proxy)
    except (ValueError, httpx.InvalidURL):  # the text of either would show the proxy's password
        raise ConfigurationError("proxy is not a URL of a scheme that httpx knows") from None


def _environment_proxy(url: httpx.URL) -> str | None:
    proxies = urllib.request.getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    if not proxy or urllib.request.proxy_bypass(url.host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _with_keys(request: httpx.Request) -> httpx.Request:
    extensions = dict(request.extensions)
    keys: Keys = extensions.pop(KEYS)
    headers = httpx.Headers(request.headers)
    headers["Authorization"] = keys.authorization
    url = _keyed_url(request.url, keys)
    return httpx.Request(request.method, url, headers=headers, stream=request.stream, extensions=extensions)


@lru_cache(maxsize=16)  # parsing a URL takes longer than all else that is done to a request
def _keyed_url(url: httpx.URL, keys: Keys) -> httpx.URL:
    placeholder, segment = f"/{PLACEHOLDER}/".encode(), f"/{keys.app_key_segment}/".encode()
    return url.copy_with(raw_path=url.raw_path.replace(placeholder, segment, 1))


def _with_body(response: httpx.Response, body: bytes) -> httpx.Response:
    """The closed response cut loose from its connection, whose objects hold the request."""
    response.stream = httpx.ByteStream(body)
    response.extensions = {BODY: body}
    return response


def _without_frames(exc: BaseException, request: httpx.Request) -> BaseException:
    """What to raise instead of `exc`: the same class and text, and no way to the request with the keys."""
    if isinstance(exc, httpx.RequestError):
        kinds = (kind for kind in type(exc).__mro__ if kind.__module__.partition(".")[0] == "httpx")
        kind: type[httpx.RequestError] = next(kinds)
        return kind(request.extensions[KEYS].mask(str(exc)), request=request)
    exc.__cause__ = exc.__context__ = None
    return exc.with_traceback(None)
