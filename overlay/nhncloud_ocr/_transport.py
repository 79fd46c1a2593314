"""Puts both keys into the request below everything that logs, shows or keeps requests.

httpx logs URLs and hangs requests on its exceptions, and the app key is part of the URL. So above this transport a
request has a placeholder and no Authorization; only what is handed to the inner transport has the keys, and no frame
or exception from below comes up again.
"""

import ssl
from contextlib import aclosing, closing
from functools import lru_cache
from typing import TypeAlias, TypeVar, cast

import anyio
import httpx

from . import _proxies
from ._errors import ConfigurationError
from ._keys import PLACEHOLDER, Keys
from ._masking import mask_logs, masked, sending

KEYS = "nhncloud_ocr.keys"
"""The request extension with the call's Keys."""
BODY = "nhncloud_ocr.body"
"""The response extension with the body as it came, before any content decoding."""

VerifyInput: TypeAlias = bool | str | ssl.SSLContext
_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20)
T = TypeVar("T", httpx.HTTPTransport, httpx.AsyncHTTPTransport)


class KeyTransport(httpx.BaseTransport):
    """Around any httpx.BaseTransport; replies are read to their end."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        mask_logs()
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            with closing(self._inner.handle_request(_with_keys(request))) as response:
                body = b"".join(cast("httpx.SyncByteStream", response.stream))
            return _with_body(response, body)
        except BaseException as exc:
            failure = masked(exc, request, request.extensions[KEYS])
        finally:
            sending.set(None)
        raise failure

    def close(self) -> None:
        self._inner.close()


class AsyncKeyTransport(httpx.AsyncBaseTransport):
    """Around any httpx.AsyncBaseTransport; replies are read to their end."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        mask_logs()
        self._inner = inner
        # As many as the pool has connections: a queue in the pool itself costs its square, 13 s of CPU for 500 calls.
        self._turns = anyio.Semaphore(100)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            with anyio.fail_after(request.extensions["timeout"]["pool"]):
                await self._turns.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("no connection became free", request=request) from None
        try:
            async with aclosing(await self._inner.handle_async_request(_with_keys(request))) as response:
                body = b"".join([chunk async for chunk in cast("httpx.AsyncByteStream", response.stream)])
            return _with_body(response, body)
        except BaseException as exc:
            failure = masked(exc, request, request.extensions[KEYS])
        finally:
            sending.set(None)
            self._turns.release()
        raise failure

    async def aclose(self) -> None:
        await self._inner.aclose()


def connections(
    kind: type[T], base_url: httpx.URL, proxy: httpx.Proxy | None, verify: VerifyInput
) -> tuple[T, dict[str, T | None]]:
    """A pool of connections, and those to mount for the proxies of the environment. Raises ConfigurationError."""
    mounts: dict[str, T | None] = {}
    for pattern, via in (_proxies.from_environment(base_url) if proxy is None else {}).items():
        if isinstance(via, ConfigurationError):
            raise via
        mounts[pattern] = None if via is None else kind(verify=verify, proxy=via, limits=_LIMITS)
    return kind(verify=verify, proxy=proxy, limits=_LIMITS), mounts


def _with_keys(request: httpx.Request) -> httpx.Request:
    extensions = dict(request.extensions)
    keys: Keys = extensions.pop(KEYS)
    sending.set(keys)
    headers = httpx.Headers(request.headers)
    headers["Authorization"] = keys.authorization
    url = _keyed_url(request.url, keys)
    return httpx.Request(request.method, url, headers=headers, stream=request.stream, extensions=extensions)


@lru_cache(maxsize=16)  # parsing a URL takes longer than all else that is done to a request
def _keyed_url(url: httpx.URL, keys: Keys) -> httpx.URL:
    placeholder, segment = f"/{PLACEHOLDER}/".encode(), f"/{keys.app_key_segment}/".encode()
    return url.copy_with(raw_path=url.raw_path.replace(placeholder, segment, 1))


def _with_body(response: httpx.Response, body: bytes) -> httpx.Response:
    """The closed response cut loose from its connection, whose objects hold the request, and from where it redirects:
    httpx would look at that even if it does not follow."""
    if response.is_redirect:
        response.headers.pop("Location", None)
    response.stream = httpx.ByteStream(body)
    response.extensions = {BODY: body}
    return response
