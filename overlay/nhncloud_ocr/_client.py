"""The client, and what it shares with the async one: options, copies and one way of calling."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import httpx

from . import _options
from ._auth import choice
from ._auth.credentials import Credentials, Sender
from ._auth.sources import KeySource
from ._clock import Clock
from ._errors import ConfigurationError, OcrError
from ._http import by_host, proxies, tls
from ._http.exchange import exchange
from ._http.pool import Pool
from ._http.route import check
from ._images import ImageInput, source, warn_of_long_sides
from ._observers import Observers
from ._options import OnNoText, Options, ProxyInput, TimeoutInput, VerifyInput
from ._retry import RetryPolicy
from ._usage import Usage

if TYPE_CHECKING:
    from ._call import Call
    from ._results import OcrResult

Transport = TypeVar("Transport", httpx.BaseTransport, httpx.AsyncBaseTransport)


class Client(Generic[Transport]):
    """What both clients have in common."""

    clock = Clock()
    _options: Options
    _owns_pool: bool
    _transport_method: str

    def __init__(
        self,
        app_key: KeySource | None = None,
        secret_key: KeySource | None = None,
        *,
        credentials: Credentials | None = None,
        base_url: str | None = None,
        timeout: TimeoutInput = None,
        total_timeout: float | None = None,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 (frozen)
        max_per_second: float | None = None,
        precheck: bool = True,
        on_no_text: OnNoText = "raise",
        proxy: ProxyInput = None,
        verify: VerifyInput = True,
        transport: Transport | None = None,
        observers: Sequence[object] = (),
    ) -> None:
        """Open no connection yet. Raises ConfigurationError if no call could work with these.

        app_key, secret_key: short for `credentials=SecretKey(app_key, secret_key)`.
        credentials: SecretKey (API v1.0), AccessToken (v1.1) or your own. By default v1.0 by
            NHNCLOUD_OCR_APP_KEY and NHNCLOUD_OCR_SECRET_KEY; else v1.1 by the former and
            NHNCLOUD_OCR_USER_ACCESS_KEY_ID and NHNCLOUD_OCR_SECRET_ACCESS_KEY.
        base_url: what comes before the version in a URL; by default NHNCLOUD_OCR_BASE_URL, or the
            vendor's host (documented).
        timeout: of each phase, in seconds or as `httpx.Timeout`: connecting, each write, and the
            whole reply from the last byte sent to the last one received. By default 10 s to
            connect, 75 s for the others (the service: up to 60, reported).
        total_timeout: seconds for a whole call with its attempts and the waits between them.
        retry: what to try again, and when.
        max_per_second: so many attempts at most, of this client and its copies together; the others
            wait for their moment, which is no part of `timeout`.
        precheck: whether to refuse here what the service would refuse.
        on_no_text: "raise" NoTextFoundError, or give an "empty" OcrResult.
        proxy, verify: as in httpx; like HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE not for a
            `transport`. A path for `verify` is a file or directory of certificates.
        transport: any transport of httpx, used instead of the network.
        observers: are told of each call and attempt, see `Observer`.
        """
        try:
            url = _options.base_url(base_url)
            check(transport, self._transport_method)
            let_in_by = choice.chosen(app_key, secret_key, credentials)
            if isinstance(let_in_by, ConfigurationError):
                raise let_in_by
            via = proxies.chosen(proxy)
            way = None
            if proxy is None and transport is None:
                via = proxies.of_environment(url)
                host = choice.token_url(let_in_by)
                if host is not None:
                    way = by_host.detour(host, proxies.of_environment(host), via)
            self._options = Options(
                base_url=str(url).rstrip("/"),
                credentials=let_in_by,
                timeout=_options.timeout(timeout, _options.DEFAULT_TIMEOUT),
                total_timeout=_options.total_timeout(total_timeout),
                retry=retry,
                precheck=precheck,
                on_no_text=on_no_text,
                pace=_options.pace(max_per_second),
                observers=Observers(observers),
            )
        finally:
            del app_key, secret_key, credentials, proxy  # a traceback with locals would show them
        self._owns_pool = True
        if transport is not None:
            self._open(transport)
        else:
            self._open(None, way, verify=tls.context(verify), proxy=via, trust_env=False)

    def _open(
        self,
        transport: Transport | None,
        way: by_host.Detour | None = None,
        **network: Any,
    ) -> None:
        """Make the pool: of the given transport, or of httpx's own with these arguments."""
        raise NotImplementedError

    def with_options(
        self,
        *,
        app_key: KeySource | None = None,
        secret_key: KeySource | None = None,
        credentials: Credentials | None = None,
        timeout: TimeoutInput = None,
        total_timeout: float | None = None,
        retry: RetryPolicy | None = None,
        precheck: bool | None = None,
        on_no_text: OnNoText | None = None,
    ) -> Self:
        """Return a client over the same connections, which it leaves open; None keeps an option.

        Raises ConfigurationError.
        """
        try:
            options = self._options
            let_in_by = choice.changed(options.credentials, app_key, secret_key, credentials)
            if isinstance(let_in_by, ConfigurationError):
                raise let_in_by
            changed = replace(
                options,
                credentials=let_in_by,
                timeout=_options.timeout(timeout, options.timeout),
                total_timeout=_options.total_timeout(total_timeout) or options.total_timeout,
                retry=options.retry if retry is None else retry,
                precheck=options.precheck if precheck is None else precheck,
                on_no_text=options.on_no_text if on_no_text is None else on_no_text,
            )
        finally:
            del app_key, secret_key, credentials
        clone = copy.copy(self)
        clone._options = changed
        clone._owns_pool = False
        return clone

    @property
    def usage(self) -> Usage:
        """What this client and its copies have used up to now: calls, attempts, bills."""
        return self._options.meter.usage()

    def _for_call(self, timeout: TimeoutInput, total_timeout: float | None) -> Options:
        options = self._options
        if timeout is None and total_timeout is None:
            return options
        return replace(
            options,
            timeout=_options.timeout(timeout, options.timeout),
            total_timeout=_options.total_timeout(total_timeout) or options.total_timeout,
        )

    def _call(self, sent: bytes | str, options: Options, *, cropping: bool) -> Call:
        from ._call import Call  # with it comes the generated client

        return Call(sent, options, self.clock, cropping=cropping)

    def __repr__(self) -> str:
        options = getattr(self, "_options", None)  # none yet, in a failed construction's traceback
        return f"{type(self).__name__}(base_url={options and options.base_url!r})"


class OcrClient(Client[httpx.BaseTransport], AbstractContextManager["OcrClient", None]):
    """Recognises the text of images. Safe across threads, and in a forked child process."""

    _transport_method = "handle_request"

    def _open(
        self,
        transport: httpx.BaseTransport | None,
        way: by_host.Detour | None = None,
        **network: Any,
    ) -> None:
        self._pool = Pool(transport or by_host.transport(way, **network))

    def recognize(
        self,
        image: ImageInput | None = None,
        *,
        image_url: str | None = None,
        timeout: TimeoutInput = None,
        total_timeout: float | None = None,
    ) -> OcrResult:
        """Recognise one image: POST .../general.

        image: a path, bytes-like or binary file (from its current position): JPEG or PNG, up to
            20 MiB (documented).
        image_url: instead of `image`, an http(s) URL that the service can fetch within 20 s
            (documented); a port in it must be 80, 443 or 10000-12000 (guide).
        timeout, total_timeout: for this call; None is what the client has.

        Raises InvalidImageError (refused here, nothing was sent), TransportError (no reply;
        `maybe_billed` says whether trying again may cost), UnexpectedResponseError (not the
        documented envelope), ApiError (the service said no; its subclasses say why), the OSError of
        a path, TypeError for neither or both of `image` and `image_url`.
        Warns AspectRatioWarning if `recognize_cropping` would read an image of such sides better.
        """
        options = self._for_call(timeout, total_timeout)
        sent = source(image, image_url, options.precheck)
        warn_of_long_sides(sent, stacklevel=2)
        return self._recognize(sent, options, cropping=False)

    def recognize_cropping(
        self,
        image: ImageInput | None = None,
        *,
        image_url: str | None = None,
        timeout: TimeoutInput = None,
        total_timeout: float | None = None,
    ) -> OcrResult:
        """Recognise a long image, which the service slices: POST .../general/cropping.

        As `recognize`; the result has `slices`. The slices overlap, and text there may come twice
        (documented).
        """
        options = self._for_call(timeout, total_timeout)
        sent = source(image, image_url, options.precheck)
        return self._recognize(sent, options, cropping=True)

    def _recognize(self, sent: bytes | str, options: Options, *, cropping: bool) -> OcrResult:
        with self._call(sent, options, cropping=cropping) as call:
            send = Sender(partial(self._send, options, call.left), call.left)
            while True:
                self._sleep(call.pause())
                transport = self._pool.transport()
                try:
                    access = options.credentials.access(send)
                    return call.result(call.read(exchange(call.attempt(access), transport)))
                except OcrError as error:
                    wait = call.wait_after(error)
                    if wait is None:
                        raise
                self.clock.sleep(wait)

    def _sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.clock.sleep(seconds)

    def _send(
        self,
        options: Options,
        left: Callable[[], float | None],
        request: httpx.Request,
    ) -> httpx.Response:
        """Send what credentials ask for, over the same connections."""
        from ._http.errand import Errand  # few credentials send anything

        errand = Errand(request, options, self.clock, left)
        while True:
            try:
                return errand.read(exchange(errand, self._pool.transport()))
            except OcrError as error:
                wait = errand.wait_after(error)
                if wait is None:
                    if errand.refusal is not None:
                        return errand.refusal
                    raise
            self.clock.sleep(wait)

    def close(self) -> None:
        """Close the connections. Twice is fine."""
        if self._owns_pool:
            self._pool.close()

    def __exit__(self, *_: object) -> None:
        self.close()


OcrClient.__module__ = "nhncloud_ocr"  # where people import it from
