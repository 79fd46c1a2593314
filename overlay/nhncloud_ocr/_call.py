"""One call from beginning to end, without any I/O: what to send, and what came of it.

The clients only read, send and sleep, so they cannot differ. With this module comes the generated
client: both are imported at the first call.
"""

import httpx

from . import _events, _outcome
from ._auth.access import Access
from ._clock import Clock
from ._errors import ApiError, NoTextFoundError, OcrError
from ._http.outgoing import Outgoing
from ._options import Options
from ._results import OcrResult
from ._wire.reply import read, takes_long
from ._wire.request import request


class Call:
    """Its life: `attempt`, then `result` of a reply or `wait_after` an error, until one ends it."""

    def __init__(
        self,
        source: bytes | str,
        options: Options,
        clock: Clock,
        *,
        cropping: bool,
    ) -> None:
        """source: an image's bytes, or its URL."""
        self._source = source
        self._options = options
        self._clock = clock
        self._cropping = cropping
        self._attempt = 0
        self._began = clock.monotonic()
        self._sent_at = self._began
        self._tries = 0
        self._under_way = False
        self._renewed = False
        self._reply: httpx.Response | None = None

    def attempt(self, access: Access) -> Outgoing:
        """Return the next request. Raises ConfigurationError for a version that nobody knows."""
        self._access = access
        self._reply = None
        arguments = request(self._source, self._cropping, access.version)
        self._attempt += 1
        self._tries += 1
        self._under_way = True
        self._sent_at = self._clock.monotonic()
        return Outgoing(arguments, self._options.base_url, self._options.timeout, access)

    def takes_long_to_read(self, reply: httpx.Response) -> bool:
        """Return whether `result` may take so long that an event loop should not wait for it."""
        return takes_long(reply)

    def result(self, reply: httpx.Response) -> OcrResult:
        """Return the result that the reply holds. Raises OcrError."""
        self._reply = reply
        # Results and errors are shown and kept.
        reading = read(reply, self._cropping).masked(self._access.redactor)
        if reading.page is not None:
            self._log("OcrResult", 0)
            return _outcome.result(reading.page, reading.body, self._attempt)
        error = _outcome.error(reading)
        if isinstance(error, NoTextFoundError) and self._options.on_no_text == "empty":
            self._log("OcrResult", 0)
            return OcrResult(lines=(), raw=reading.body, attempts=self._attempt)
        try:
            raise error
        finally:
            del error  # else it and its frame would hold each other

    def wait_after(self, error: OcrError) -> float | None:
        """Return how many seconds to wait for the next attempt, or None: the call ends in `error`.

        Counts the attempts in `error`. One that no attempt met came of the credentials, and has
        been tried again by then, where that may help.
        """
        error.attempts = self._attempt
        if not self._under_way:
            return None
        self._under_way = False
        code = error.result_code if isinstance(error, ApiError) else None
        self._log(type(error).__name__, code)
        if self._is_renewed_after(error):
            return 0.0
        error.attempts = self._tries
        elapsed = self._clock.monotonic() - self._began
        now = self._clock.now()
        delay = self._options.retry.delay(error, elapsed, now, self._clock.random())
        error.attempts = self._attempt
        return delay

    def _is_renewed_after(self, error: OcrError) -> bool:
        """Whether other credentials may be let in where these were refused: once a call.

        That is no retry: the policy does not count it.
        """
        if self._renewed or not isinstance(error, ApiError):
            return False
        self._renewed = self._options.credentials.refused(self._access, error)
        if self._renewed:
            self._tries -= 1
        return self._renewed

    def _log(self, outcome: str, result_code: int | None) -> None:
        reply = self._reply
        attempt = _events.Attempt(
            operation="general/cropping" if self._cropping else "general",
            number=self._attempt,
            outcome=outcome,
            status=None if reply is None else reply.status_code,
            result_code=result_code,
            sent="url" if isinstance(self._source, str) else len(self._source),
            received=None if reply is None else len(reply.content),
            seconds=self._clock.monotonic() - self._sent_at,
        )
        _events.log(attempt)
