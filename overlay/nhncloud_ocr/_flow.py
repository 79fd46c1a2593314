"""One call from beginning to end, without any I/O: a generator that says what to do next.

It yields `Read`, `Send` and `Sleep` and is sent what came of each: an `Upload`, a `Reply` or the OcrError that stands
for having none, nothing. It returns the result or raises an OcrError. The clients only drive it, so they cannot differ.
"""

from __future__ import annotations

import logging
import random
import time
import warnings
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import anyio
import httpx

from . import _images
from ._codes import Retry
from ._errors import AspectRatioWarning, ConfigurationError, NoTextFoundError, OcrError, TransportError
from ._exchange import Reply
from ._keys import KeyRing
from ._retry import RetryPolicy
from ._transport import Send
from ._version import __version__

if TYPE_CHECKING:
    from ._reply import Outcome
    from ._results import OcrResult

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate",
    "User-Agent": f"nhncloud-ocr/{__version__} python-httpx/{httpx.__version__}",
}
_logger = logging.getLogger("nhncloud_ocr")


@dataclass(frozen=True, slots=True)
class Clock:
    """Where time (seconds) and chance (0..1) come from: `client.clock`, replaced in tests."""

    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    random: Callable[[], float] = random.random
    sleep: Callable[[float], None] = time.sleep
    async_sleep: Callable[[float], Awaitable[None]] = anyio.sleep


@dataclass(frozen=True, slots=True)
class Options:
    """What a call needs besides its image."""

    base_url: str
    key_ring: KeyRing
    timeout: httpx.Timeout
    retry: RetryPolicy
    precheck: bool
    on_no_text: Literal["raise", "empty"]

    def __post_init__(self) -> None:
        self.key_ring.check()
        if not isinstance(self.retry, RetryPolicy) or self.on_no_text not in ("raise", "empty"):
            raise ConfigurationError('retry must be a RetryPolicy (attempts=1: never), on_no_text "raise" or "empty"')


class Read(NamedTuple):
    """Read the image, or little more than `limit` bytes of it."""

    image: _images.ImageInput
    limit: int | None


class Sleep(NamedTuple):
    seconds: float


Flow: TypeAlias = "Generator[Read | Send | Sleep, Any, OcrResult]"


def recognition(
    image: _images.ImageInput | None, image_url: str | None, cropping: bool, options: Options, clock: Clock, depth: int
) -> Flow:
    """Recognise one image. `depth` counts the frames from the caller to here, for warnings."""
    from . import _reply, _wire  # at the first call: with them comes the generated client

    if (image is None) == (image_url is None):
        raise TypeError("pass either an image or image_url=..., one of the two")
    source: _images.Upload | str
    if image is None:
        source = _images.check_url(image_url, options.precheck)
    else:
        upload: _images.Upload = yield Read(image, _images.MAX_BYTES if options.precheck else None)
        _check(upload, cropping, options.precheck, depth)
        source = upload
    began = clock.monotonic()
    attempt = 0
    while True:
        attempt += 1
        keys, sent_at = options.key_ring.keys(), clock.monotonic()
        got: Reply | OcrError = yield Send(_request(_wire.request(source, cropping), options), keys)
        if isinstance(got, Reply):
            outcome = _reply.read(got, cropping, attempt)
            if isinstance(outcome.value, OcrError):
                # The other side may have echoed a key, and errors are shown and kept.
                got = got.masked(keys)
                outcome = _reply.read(got, cropping, attempt)
            if isinstance(outcome.value, NoTextFoundError) and options.on_no_text == "empty":
                outcome = outcome._replace(value=_reply.nothing_found(got, attempt))
        elif isinstance(got, TransportError):
            outcome = _reply.Outcome(got, Retry.MAYBE_BILLED if got.maybe_billed else Retry.UNBILLED)
        else:
            outcome = _reply.Outcome(got)
        _log(cropping, attempt, source, got, outcome, clock.monotonic() - sent_at)
        error = outcome.value
        if not isinstance(error, OcrError):
            return error
        error.attempts = attempt
        elapsed, retry_after = clock.monotonic() - began, getattr(error, "retry_after", None)
        delay = options.retry.delay(outcome.retry, attempt, elapsed, retry_after, clock.now(), clock.random())
        if delay is None:
            raise error
        yield Sleep(delay)


def _request(arguments: dict[str, Any], options: Options) -> dict[str, Any]:
    url, headers = options.base_url + arguments["url"], {**_HEADERS, **arguments["headers"]}
    return {**arguments, "url": url, "headers": headers, "extensions": {"timeout": options.timeout.as_dict()}}


def _check(upload: _images.Upload, cropping: bool, precheck: bool, depth: int) -> None:
    if precheck:
        _images.check(upload)
    ratio = None if cropping else _images.side_ratio(upload.data)
    if ratio is not None and ratio > _images.MAX_SIDE_RATIO:
        text = f"the sides are 1:{ratio:.1f}; past 1:2.5 recognize_cropping() reads an image better"
        warnings.warn(text, AspectRatioWarning, stacklevel=depth)


def _log(
    cropping: bool, attempt: int, source: _images.Upload | str, got: Reply | OcrError, outcome: Outcome, seconds: float
) -> None:
    """By allow-list: numbers and names of classes, never a key, a URL or a body."""
    operation, kind = "general/cropping" if cropping else "general", type(outcome.value).__name__
    sent = "url" if isinstance(source, str) else len(source.data)
    status, received = (got.status, len(got.body)) if isinstance(got, Reply) else (None, None)
    text = "%s attempt=%d outcome=%s status=%s code=%s sent=%s received=%s seconds=%.3f"
    _logger.debug(text, operation, attempt, kind, status, outcome.result_code, sent, received, seconds)
