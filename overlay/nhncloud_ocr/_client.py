"""The two clients: one way of calling, and two drivers that do the I/O the flow asks for."""

from __future__ import annotations

import copy
from collections.abc import Coroutine
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar, cast

import anyio.to_thread
import httpx

from . import _config, _flow, _images, _proxies
from ._config import TimeoutInput
from ._errors import ConfigurationError
from ._images import ImageInput
from ._keys import KeyRing, KeySource
from ._masking import mask_logs
from ._pools import LoopPools, Pool
from ._proxies import ProxyInput
from ._retry import RetryPolicy
from ._transport import Send, VerifyInput, exchange, exchange_async, pool

if TYPE_CHECKING:
    from ._results import OcrResult

Transport = TypeVar("Transport", httpx.BaseTransport, httpx.AsyncBaseTransport)
Returned = TypeVar("Returned")


class _Client(Generic[Transport, Returned]):
    clock = _flow.Clock()
    _depth: int  # stack level of the caller, as the flow's warnings see it

    def __init__(
        self,
        app_key: KeySource = None,
        secret_key: KeySource = None,
        *,
        base_url: str | None = None,
        timeout: TimeoutInput = None,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 (frozen)
        precheck: bool = True,
        on_no_text: Literal["raise", "empty"] = "raise",
        proxy: ProxyInput = None,
        verify: VerifyInput = True,
        transport: Transport | None = None,
    ) -> None:
        """Opens no connection yet.

        Args:
            app_key, secret_key: strings, or callables that are asked before each attempt (for keys that change); by
                default NHNCLOUD_OCR_APP_KEY and NHNCLOUD_OCR_SECRET_KEY.
            base_url: what comes before `/v1.0`; by default NHNCLOUD_OCR_BASE_URL, or the vendor's host since
                2026-08-11 (documented).
            timeout: seconds, or an `httpx.Timeout`; by default 10 s to connect and 75 s to read, since the service
                itself takes up to 60 s (reported).
            retry: what to try again, and when.
            precheck: refuse here what the service would refuse.
            on_no_text: "raise" NoTextFoundError, or give an "empty" OcrResult.
            proxy, verify: as in httpx; like HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE not for a `transport`.
            transport: any transport of httpx, used instead of the network.

        Raises ConfigurationError if no call could work with these arguments.
        """
        key_ring, via = KeyRing(app_key, secret_key), _proxies.parse(proxy)
        del app_key, secret_key, proxy  # a traceback with locals would show them
        if isinstance(via, ConfigurationError):
            raise via
        self._url, seconds = _config.base_url(base_url), _config.timeout(timeout, _config.DEFAULT_TIMEOUT)
        self._options = _flow.Options(str(self._url).rstrip("/"), key_ring, seconds, retry, precheck, on_no_text)
        mask_logs()
        self._owns_pool = True
        self._open(via, verify, transport)

    def with_options(
        self,
        *,
        app_key: KeySource = None,
        secret_key: KeySource = None,
        timeout: TimeoutInput = None,
        retry: RetryPolicy | None = None,
        precheck: bool | None = None,
        on_no_text: Literal["raise", "empty"] | None = None,
    ) -> Self:
        """A client with other options, where not None, and the same connections, which stay open when it is closed.
        Raises ConfigurationError."""
        key_ring = self._options.key_ring.replace(app_key, secret_key)
        del app_key, secret_key
        given: dict[str, Any] = {"retry": retry, "precheck": precheck, "on_no_text": on_no_text}
        given = {name: value for name, value in given.items() if value is not None}
        seconds = _config.timeout(timeout, self._options.timeout)
        clone = copy.copy(self)
        clone._options = replace(self._options, key_ring=key_ring, timeout=seconds, **given)
        clone._owns_pool = False
        return clone

    def _call(self, image: Any, image_url: Any, timeout: TimeoutInput, cropping: bool) -> Returned:
        options = self._options
        if timeout is not None:
            options = replace(options, timeout=_config.timeout(timeout, options.timeout))
        return self._run(_flow.recognition(image, image_url, cropping, options, self.clock, self._depth))

    def _open(self, proxy: httpx.Proxy | None, verify: VerifyInput, transport: Transport | None) -> None:
        raise NotImplementedError

    def _run(self, flow: _flow.Flow) -> Returned:
        raise NotImplementedError

    def __repr__(self) -> str:
        url = getattr(self, "_url", None)  # none yet, in the traceback of a failed construction
        return f"{type(self).__name__}(base_url={str(url)!r})"


class OcrClient(_Client[httpx.BaseTransport, "OcrResult"]):
    """Recognises the text of images. Safe across threads."""

    _depth = 6

    def _open(self, proxy: httpx.Proxy | None, verify: VerifyInput, transport: httpx.BaseTransport | None) -> None:
        self._pool = Pool(transport or pool(httpx.HTTPTransport, self._url, proxy, verify))

    def recognize(
        self, image: ImageInput | None = None, *, image_url: str | None = None, timeout: TimeoutInput = None
    ) -> OcrResult:
        """Recognise one image: POST .../general.

        Args:
            image: a path, bytes-like or binary file (read once, from its current position): a JPEG or PNG of at most
                20 MiB (documented).
            image_url: instead of `image`, an http(s) URL that the service can fetch within 20 s (documented); a port in
                it must be 80, 443 or 10000-12000 (guide).
            timeout: for this call, in seconds or as `httpx.Timeout`.

        Raises:
            InvalidImageError: refused here; nothing was sent.
            TransportError: no reply; `maybe_billed` says whether trying again may cost.
            UnexpectedResponseError: the reply is not the documented envelope.
            ApiError: the service said no; its subclasses say why.
            OSError: of a path that cannot be opened, unchanged.
            TypeError: neither or both of `image` and `image_url`.

        Warns AspectRatioWarning if `recognize_cropping` would read an image of such sides better.
        """
        return self._call(image, image_url, timeout, cropping=False)

    def recognize_cropping(
        self, image: ImageInput | None = None, *, image_url: str | None = None, timeout: TimeoutInput = None
    ) -> OcrResult:
        """Recognise a long image, which the service slices: POST .../general/cropping. As `recognize`; the result has
        `slices`. The slices overlap, and text there may come twice (documented)."""
        return self._call(image, image_url, timeout, cropping=True)

    def _run(self, flow: _flow.Flow) -> OcrResult:
        answer: Any = None
        while True:
            try:
                step = flow.send(answer)
            except StopIteration as done:
                return cast("OcrResult", done.value)
            match step:
                case _flow.Read(image, limit):
                    answer = _images.read(image, limit)
                case Send():
                    answer = exchange(self._pool.here(), step)
                case _flow.Sleep(seconds):
                    answer = None
                    self.clock.sleep(seconds)

    def close(self) -> None:
        """Close the connections. Twice is fine."""
        if self._owns_pool:
            self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncOcrClient(_Client[httpx.AsyncBaseTransport, Coroutine[Any, Any, "OcrResult"]]):
    """Recognises the text of images. Safe across tasks, and in one event loop after another."""

    _depth = 5

    def _open(self, proxy: httpx.Proxy | None, verify: VerifyInput, transport: httpx.AsyncBaseTransport | None) -> None:
        url = self._url
        self._pools = LoopPools(lambda: transport or pool(httpx.AsyncHTTPTransport, url, proxy, verify))

    async def recognize(
        self, image: ImageInput | None = None, *, image_url: str | None = None, timeout: TimeoutInput = None
    ) -> OcrResult:
        """As `OcrClient.recognize`; files are read in a worker thread."""
        return await self._call(image, image_url, timeout, cropping=False)

    async def recognize_cropping(
        self, image: ImageInput | None = None, *, image_url: str | None = None, timeout: TimeoutInput = None
    ) -> OcrResult:
        """As `OcrClient.recognize_cropping`; files are read in a worker thread."""
        return await self._call(image, image_url, timeout, cropping=True)

    async def _run(self, flow: _flow.Flow) -> OcrResult:
        answer: Any = None
        while True:
            try:
                step = flow.send(answer)
            except StopIteration as done:
                return cast("OcrResult", done.value)
            match step:
                case _flow.Read(image, limit):
                    read = partial(_images.read, image, limit)
                    blocks = not isinstance(image, _images.IN_MEMORY)
                    answer = await anyio.to_thread.run_sync(read) if blocks else read()
                case Send():
                    answer = await exchange_async(await self._pools.here(), step)
                case _flow.Sleep(seconds):
                    answer = None
                    await self.clock.async_sleep(seconds)

    async def aclose(self) -> None:
        """Close the connections of this event loop. Twice is fine."""
        if self._owns_pool:
            await self._pools.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
