"""One call from beginning to end, without any I/O: it says what to send and what came of it. The clients only read,
send and sleep, so they cannot differ. With it comes the generated client: both are imported at the first call.
"""

import logging
import warnings
from typing import Any

import httpx

from . import __version__, _images, _wire
from ._config import Clock, Options
from ._errors import AspectRatioWarning, NoTextFoundError, OcrError
from ._results import OcrResult
from ._transport import Keys

_AGENT = f"nhncloud-ocr/{__version__} python-httpx/{httpx.__version__}"
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip, deflate", "User-Agent": _AGENT}
_logger = logging.getLogger("nhncloud_ocr")


class Call:
    """Of an image's bytes, or its URL. Its life: `send` and `take` for each attempt, until that gives a result."""

    def __init__(self, source: bytes | str, cropping: bool, options: Options, clock: Clock) -> None:
        self._source, self._cropping, self._options, self._clock = source, cropping, options, clock
        self._attempt, self._began = 0, clock.monotonic()
        ratio = 1.0 if cropping or isinstance(source, str) else _images.side_ratio(source)
        if ratio > _images.MAX_SIDE_RATIO:
            text = f"the sides are 1:{ratio:.1f}; past 1:2.5 recognize_cropping() reads an image better"
            warnings.warn(text, AspectRatioWarning, stacklevel=4)  # the caller's line

    def send(self) -> tuple[dict[str, Any], Keys]:
        """The next request, and the keys to put in. Raises ConfigurationError, or RuntimeError once it is closed."""
        if self._options.closed.is_set():
            raise RuntimeError("the client has been closed: no call can be made with it")
        self._keys = self._options.keys.now()
        self._attempt, self._sent_at = self._attempt + 1, self._clock.monotonic()
        arguments = _wire.request(self._source, self._cropping)
        url, headers = (
            self._options.base_url + arguments["url"],
            {**_HEADERS, **arguments["headers"]},
        )
        extensions = {"timeout": self._options.timeout.as_dict()}
        return {**arguments, "url": url, "headers": headers, "extensions": extensions}, self._keys

    def take(self, got: httpx.Response | BaseException) -> OcrResult | None:
        """The result, or None: try again after `wait` seconds. Raises OcrError, and any other exception that it got."""
        if not isinstance(got, (httpx.Response, OcrError)):
            raise got
        answer = self._read(got) if isinstance(got, httpx.Response) else got
        self._log(got, answer)
        if isinstance(answer, OcrResult):
            return answer
        answer.attempts = self._attempt
        elapsed = self._clock.monotonic() - self._began
        delay = self._options.retry.delay(answer, elapsed, self._clock.now(), self._clock.random())
        if delay is None:
            raise answer
        self.wait = delay
        return None

    def _read(self, reply: httpx.Response) -> OcrResult | OcrError:
        answer = _wire.read(reply, self._cropping, self._attempt)
        if isinstance(
            answer, OcrError
        ):  # the other side may have echoed a key, and errors are shown and kept
            reply = self._keys.masked(reply)
            answer = _wire.read(reply, self._cropping, self._attempt)
        if isinstance(answer, NoTextFoundError) and self._options.on_no_text == "empty":
            return OcrResult(lines=(), raw=reply.content, attempts=self._attempt)
        return answer

    def _log(self, got: httpx.Response | OcrError, answer: OcrResult | OcrError) -> None:
        """By allow-list: numbers and names of classes, never a key, a URL or a body."""
        operation, outcome = (
            "general/cropping" if self._cropping else "general",
            type(answer).__name__,
        )
        status, received = (
            (got.status_code, len(got.content)) if isinstance(got, httpx.Response) else (None, None)
        )
        code = 0 if isinstance(answer, OcrResult) else getattr(answer, "result_code", None)
        sent = "url" if isinstance(self._source, str) else len(self._source)
        seconds = self._clock.monotonic() - self._sent_at
        text = "%s attempt=%d outcome=%s status=%s code=%s sent=%s received=%s seconds=%.3f"
        _logger.debug(
            text, operation, self._attempt, outcome, status, code, sent, received, seconds
        )
