"""One call from beginning to end, without any I/O: a generator that says what to do next.

It yields `Read`, `Send` and `Sleep`, is sent what came of each, and returns the result or raises an
OcrError. The clients only drive it, so the sync and the async one cannot differ.
"""

from __future__ import annotations

import logging
import random
import time
import warnings
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import anyio
import httpx

from . import _images
from ._codes import Retry
from ._errors import AspectRatioWarning, ConfigurationError, NoTextFoundError, OcrError, TransportError
from ._exchange import Reply
from ._keys import KeyRing, Keys
from ._retry import RetryPolicy
from ._transport import KEYS

if TYPE_CHECKING:
    from ._reply import Outcome
    from ._results import OcrResult

_logger = logging.getLogger("nhncloud_ocr")


@dataclass(frozen=True, slots=True)
class Options:
    """What `with_options` can change."""

    base_url: httpx.URL
    key_ring: KeyRing
    timeout: httpx.Timeout
    retry: RetryPolicy
    precheck: bool
    on_no_text: Literal["raise", "empty"]

    def __post_init__(self) -> None:
        if not isinstance(self.retry, RetryPolicy):
            raise ConfigurationError("retry must be a RetryPolicy (attempts=1: never again)")
        if self.on_no_text not in ("raise", "empty"):
            raise ConfigurationError('on_no_text must be "raise" or "empty"')


@dataclass(frozen=True, slots=True)
class Clock:
    """Where time (seconds) and chance (0..1) come from: `client.clock`, replaced in tests."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    random: Callable[[], float] = random.random
    sleep: Callable[[float], None] = time.sleep
    async_sleep: Callable[[float], Awaitable[None]] = anyio.sleep


class Read(NamedTuple):
    """Read the image; the answer is an `Upload`."""

    image: _images.ImageInput
    limit: int | None

    def __repr__(self) -> str:
        return f"Read({type(self.image).__name__})"


class Send(NamedTuple):
    """Send one request; the answer is a `Reply`, or the OcrError that stands for having none."""

    request: dict[str, Any]
    timeout: httpx.Timeout
    keys: Keys

    def arguments(self) -> dict[str, Any]:
        """For `build_request` of httpx's clients. The transport below puts the keys in."""
        return {**self.request, "timeout": self.timeout, "extensions": {KEYS: self.keys}}

    def __repr__(self) -> str:
        return "Send()"


class Sleep(NamedTuple):
    """Wait; the answer is None."""

    seconds: float


Flow: TypeAlias = "Generator[Read | Send | Sleep, Any, OcrResult]"


def recognition(
    image: _images.ImageInput | None, image_url: str | None, cropping: bool, options: Options, clock: Clock, depth: int
) -> Flow:
    """Recognise one image. `depth` counts the frames from the caller to here, for warnings."""
    from . import _reply, _wire  # at the first call: with them comes the generated client

    source = yield from _source(image, image_url, cropping, options.precheck, depth)
    began = clock.monotonic()
    attempt = 0
    while True:
        attempt += 1
        keys = options.key_ring.keys()
        sent_at = clock.monotonic()
        request = _wire.request(source, cropping)
        request["url"] = _absolute(options.base_url, request["url"])
        got: Reply | OcrError = yield Send(request, options.timeout, keys)
        if isinstance(got, Reply):
            outcome = _reply.read(got, cropping, attempt)
            if isinstance(outcome.value, OcrError):
                # The other side may have echoed a key, and errors are shown and kept.
                got = got.masked(keys)
                outcome = _reply.read(got, cropping, attempt)
            if isinstance(outcome.value, NoTextFoundError) and options.on_no_text == "empty":
                outcome = outcome._replace(value=_reply.nothing_found(got, attempt))
        else:
            billed = not isinstance(got, TransportError) or got.maybe_billed
            outcome = _reply.Outcome(got, Retry.MAYBE_BILLED if billed else Retry.UNBILLED)
        _log(cropping, attempt, source, got, outcome, clock.monotonic() - sent_at)
        if not isinstance(outcome.value, OcrError):
            return outcome.value
        error = outcome.value
        error.attempts = attempt
        delay = options.retry.delay(
            outcome.retry,
            attempt=attempt,
            elapsed=clock.monotonic() - began,
            retry_after=getattr(error, "retry_after", None),
            now=clock.now,
            random=clock.random,
        )
        if delay is None:
            raise error
        yield Sleep(delay)


@lru_cache(maxsize=16)  # parsing a URL costs more than reading a short reply
def _absolute(base_url: httpx.URL, path: str) -> httpx.URL:
    return httpx.URL(str(base_url).rstrip("/") + path)


def _source(
    image: _images.ImageInput | None, image_url: str | None, cropping: bool, precheck: bool, depth: int
) -> Generator[Read, _images.Upload, _images.Upload | str]:
    if image_url is not None and image is None:
        _images.check_text(image_url)
        if precheck:
            _images.check_url(image_url)
        return image_url
    if image is None or image_url is not None:
        raise TypeError("pass either an image or image_url=..., one of the two")
    upload = yield Read(image, _images.MAX_BYTES if precheck else None)
    if precheck:
        _images.check_upload(upload)
    ratio = None if cropping else _images.side_ratio(upload.data)
    if ratio is not None and ratio > _images.MAX_SIDE_RATIO:
        message = f"sides of 1:{ratio:.1f}: past 1:2.5 recognize_cropping() reads an image better"
        warnings.warn(message, AspectRatioWarning, stacklevel=depth)
    return upload


def _log(
    cropping: bool, attempt: int, source: _images.Upload | str, got: Reply | OcrError, outcome: Outcome, seconds: float
) -> None:
    """By allow-list: numbers and names of classes, never a key, a URL or a body."""
    _logger.debug(
        "%s attempt=%d outcome=%s status=%s code=%s sent=%s received=%s seconds=%.3f",
        "general/cropping" if cropping else "general",
        attempt,
        type(outcome.value).__name__,
        got.status if isinstance(got, Reply) else None,
        outcome.result_code,
        "url" if isinstance(source, str) else len(source.data),
        len(got.body) if isinstance(got, Reply) else 0,
        seconds,
    )
