"""The two clients: one way of calling, and two drivers that do the I/O."""

from __future__ import annotations

import copy
import os
import ssl
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar

import anyio
import httpx
from anyio import to_thread
from anyio.lowlevel import RunVar

from . import _config, _images
from ._config import ProxyInput, RetryPolicy, TimeoutInput
from ._errors import ConfigurationError
from ._images import ImageInput
from ._transport import Keys, KeySource, exchange, exchange_async

if TYPE_CHECKING:
    from ._call import Call
    from ._results import OcrResult

Transport = TypeVar("Transport", httpx.BaseTransport, httpx.AsyncBaseTransport)


class _Client(Generic[Transport]):
    clock = _config.Clock()
    _open: Callable[..., None]

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
        verify: bool | str | ssl.SSLContext = True,
        transport: Transport | None = None,
    ) -> None:
        """Opens no connection yet. Raises ConfigurationError if no call could work with these arguments.

        app_key, secret_key: strings, or callables that are asked before each attempt (for keys that change); by default
            NHNCLOUD_OCR_APP_KEY and NHNCLOUD_OCR_SECRET_KEY.
        base_url: what comes before `/v1.0`; by default NHNCLOUD_OCR_BASE_URL, or the vendor's host (documented).
        timeout: seconds or `httpx.Timeout`; by default 10 s to connect, 75 s to read (the service: up to 60, reported).
        retry, precheck: what to try again, and when; whether to refuse here what the service would refuse.
        on_no_text: "raise" NoTextFoundError, or give an "empty" OcrResult.
        proxy, verify: as in httpx; like HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE not for a `transport`.
        transport: any transport of httpx, used instead of the network.
        """
        keys = Keys(
            os.environ.get("NHNCLOUD_OCR_APP_KEY"), os.environ.get("NHNCLOUD_OCR_SECRET_KEY")
        )
        keys, via = keys.replace(app_key, secret_key), _config.proxy(proxy)
        del app_key, secret_key, proxy  # a traceback with locals would show them
        url = _config.base_url(base_url)
        if via is None and transport is None:
            via = _config.environment_proxy(url)
        if isinstance(via, ConfigurationError):
            raise via
        seconds = _config.timeout(timeout, _config.DEFAULT_TIMEOUT)
        where, self._owns_pool = str(url).rstrip("/"), True
        self._options = _config.Options(
            where, keys, seconds, retry, precheck, on_no_text, threading.Event()
        )
        self._open(transport, verify=verify, proxy=via)

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
        """A client over the same connections, which it leaves open; None keeps an option. Raises ConfigurationError."""
        keys = self._options.keys.replace(app_key, secret_key)
        del app_key, secret_key
        seconds = _config.timeout(timeout, self._options.timeout)
        given: dict[str, Any] = {"retry": retry, "precheck": precheck, "on_no_text": on_no_text}
        given = {name: value for name, value in given.items() if value is not None}
        clone = copy.copy(self)
        clone._options, clone._owns_pool = (
            replace(self._options, keys=keys, timeout=seconds, **given),
            False,
        )
        return clone

    def _calling(self, timeout: TimeoutInput, cropping: bool) -> Callable[[bytes | str], Call]:
        from ._call import Call  # with it comes the generated client

        options = self._options
        if timeout is not None:
            options = replace(options, timeout=_config.timeout(timeout, options.timeout))
        return partial(Call, cropping=cropping, options=options, clock=self.clock)

    def __repr__(self) -> str:
        options = getattr(
            self, "_options", None
        )  # none yet, in the traceback of a failed construction
        return f"{type(self).__name__}(base_url={options and options.base_url!r})"


class OcrClient(_Client[httpx.BaseTransport], AbstractContextManager["OcrClient", None]):
    """Recognises the text of images. Safe across threads."""

    def _open(self, transport: httpx.BaseTransport | None, **network: Any) -> None:
        self._transport = transport or httpx.HTTPTransport(**network)

    def recognize(
        self,
        image: ImageInput | None = None,
        *,
        image_url: str | None = None,
        timeout: TimeoutInput = None,
    ) -> OcrResult:
        """Recognise one image: POST .../general.

        image: a path, bytes-like or binary file (from its current position): JPEG or PNG, up to 20 MiB (documented).
        image_url: instead of `image`, an http(s) URL that the service can fetch within 20 s (documented); a port in it
            must be 80, 443 or 10000-12000 (guide).
        timeout: for this call, in seconds or as `httpx.Timeout`.

        Raises InvalidImageError (refused here, nothing was sent), TransportError (no reply; `maybe_billed` says whether
        trying again may cost), UnexpectedResponseError (not the documented envelope), ApiError (the service said no;
        its subclasses say why), the OSError of a path, TypeError for neither or both of `image` and `image_url`.
        Warns AspectRatioWarning if `recognize_cropping` would read an image of such sides better.
        """
        return self._recognize(image, image_url, timeout, cropping=False)

    def recognize_cropping(
        self,
        image: ImageInput | None = None,
        *,
        image_url: str | None = None,
        timeout: TimeoutInput = None,
    ) -> OcrResult:
        """Recognise a long image, which the service slices: POST .../general/cropping. As `recognize`; the result has
        `slices`. The slices overlap, and text there may come twice (documented)."""
        return self._recognize(image, image_url, timeout, cropping=True)

    def _recognize(
        self, image: Any, image_url: str | None, timeout: TimeoutInput, cropping: bool
    ) -> OcrResult:
        call = self._calling(timeout, cropping)(
            _images.source(image, image_url, self._options.precheck)
        )
        while (result := call.take(exchange(*call.send(), self._transport))) is None:
            self.clock.sleep(call.wait)
        return result

    def close(self) -> None:
        """Close the connections. Twice is fine."""
        if self._owns_pool and not self._options.closed.is_set():
            self._options.closed.set()
            self._transport.close()

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncOcrClient(
    _Client[httpx.AsyncBaseTransport], AbstractAsyncContextManager["AsyncOcrClient", None]
):
    """Recognises the text of images. Safe across tasks, and in one event loop after another."""

    def _open(self, transport: httpx.AsyncBaseTransport | None, **network: Any) -> None:
        self._make: Callable[[], httpx.AsyncBaseTransport] = lambda: (
            transport or httpx.AsyncHTTPTransport(**network)
        )
        self._spare = iter([self._make()])  # one now, so that bad arguments show now
        self._here: RunVar[Any] = RunVar("nhncloud_ocr", ())

    async def recognize(
        self,
        image: ImageInput | None = None,
        *,
        image_url: str | None = None,
        timeout: TimeoutInput = None,
    ) -> OcrResult:
        """As `OcrClient.recognize`; files are read in a worker thread."""
        return await self._recognize(image, image_url, timeout, cropping=False)

    async def recognize_cropping(
        self,
        image: ImageInput | None = None,
        *,
        image_url: str | None = None,
        timeout: TimeoutInput = None,
    ) -> OcrResult:
        """As `OcrClient.recognize_cropping`; files are read in a worker thread."""
        return await self._recognize(image, image_url, timeout, cropping=True)

    async def _recognize(
        self, image: Any, image_url: str | None, timeout: TimeoutInput, cropping: bool
    ) -> OcrResult:
        begin = self._calling(timeout, cropping)
        read = partial(_images.source, image, image_url, self._options.precheck)
        call = begin(
            read() if isinstance(image, _images.IN_MEMORY) else await to_thread.run_sync(read)
        )
        if (
            not self._here.get()
        ):  # the connections of another event loop could only say "Event loop is closed"
            transport = next(self._spare, None) or self._make()
            turns = anyio.Semaphore(
                100
            )  # as httpx has connections: its own queue for them would cost its square
            self._here.set((transport, turns, closer := _close_with_loop(transport)))
            await anext(closer)
        transport, turns, _ = self._here.get()
        while (result := call.take(await exchange_async(*call.send(), transport, turns))) is None:
            await self.clock.async_sleep(call.wait)
        return result

    async def aclose(self) -> None:
        """Close the connections of this event loop; those of one that has ended went with it. Twice is fine."""
        if self._owns_pool:
            self._options.closed.set()
            for transport in (*self._spare, *self._here.get()[:1]):
                await transport.aclose()

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


async def _close_with_loop(transport: httpx.AsyncBaseTransport) -> AsyncGenerator[None, None]:
    try:
        yield  # a loop that ends finishes the generators that were begun in it: there is no other sign
    finally:
        await transport.aclose()
