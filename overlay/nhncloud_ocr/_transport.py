"""Puts both keys into the request below everything that logs, shows or keeps requests.

httpx logs URLs and hangs requests on its exceptions, and the app key is part of the URL. So above
this transport a request has a placeholder and no Authorization; only what is handed to the inner
transport has the keys, and no frame or exception from below comes up again.
"""

from __future__ import annotations

import ssl
import urllib.request
from functools import lru_cache
from typing import TypeAlias, TypeVar

import httpx

from ._errors import ConfigurationError
from ._keys import APP_KEY_PLACEHOLDER, Keys

KEYS = "nhncloud_ocr.keys"
"""The request extension with the call's Keys."""
BODY = "nhncloud_ocr.body"
"""The response extension with the body as it came, before any content decoding."""

ProxyInput: TypeAlias = str | httpx.URL | httpx.Proxy | None
VerifyInput: TypeAlias = bool | ssl.SSLContext

T = TypeVar("T", httpx.HTTPTransport, httpx.AsyncHTTPTransport)


class KeyTransport(httpx.BaseTransport):
    """Around any httpx.BaseTransport; replies are read to their end."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._exchange(request)
        except BaseException as exc:
            failure = _without_frames(exc, request)
        raise failure

    def _exchange(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(_with_keys(request))
        assert isinstance(response.stream, httpx.SyncByteStream)
        try:
            body = b"".join(response.stream)
        finally:
            response.close()
        return _with_body(response, body)

    def close(self) -> None:
        self._inner.close()


class AsyncKeyTransport(httpx.AsyncBaseTransport):
    """Around any httpx.AsyncBaseTransport; replies are read to their end."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._exchange(request)
        except BaseException as exc:
            failure = _without_frames(exc, request)
        raise failure

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(_with_keys(request))
        assert isinstance(response.stream, httpx.AsyncByteStream)
        try:
            body = b"".join([chunk async for chunk in response.stream])
        finally:
            await response.aclose()
        return _with_body(response, body)

    async def aclose(self) -> None:
        await self._inner.aclose()


def pool(kind: type[T], base_url: httpx.URL, proxy: ProxyInput, verify: VerifyInput) -> T:
    """A connection pool to one host that heeds HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE like httpx.

    httpx itself looks up proxies only for transports that it makes, above which nothing can be put.
    """
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
    return httpx.Request(
        request.method, _keyed_url(request.url, keys), headers=headers, stream=request.stream, extensions=extensions
    )


@lru_cache(maxsize=16)  # to parse a URL takes longer than all else that is done to a request
def _keyed_url(url: httpx.URL, keys: Keys) -> httpx.URL:
    placeholder = f"/{APP_KEY_PLACEHOLDER}/".encode()
    return url.copy_with(raw_path=url.raw_path.replace(placeholder, keys.path_segment, 1))


def _with_body(response: httpx.Response, body: bytes) -> httpx.Response:
    """The response cut loose from its connection, whose objects hold the request."""
    response.stream = httpx.ByteStream(body)
    response.extensions = {BODY: body}
    return response


def _without_frames(exc: BaseException, request: httpx.Request) -> BaseException:
    """What to raise instead of `exc`: the same class and text, without a way to the keyed request."""
    if isinstance(exc, httpx.RequestError):
        kind: type[httpx.RequestError] = next(
            cls for cls in type(exc).__mro__ if cls.__module__.partition(".")[0] == "httpx"
        )
        keys: Keys = request.extensions[KEYS]
        return kind(keys.mask(str(exc)), request=request)
    exc.__cause__ = exc.__context__ = None
    return exc.with_traceback(None)
