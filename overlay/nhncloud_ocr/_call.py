"""One call from beginning to end, without any I/O: what to send, and what came of it.

The clients only read, send and sleep, so they cannot differ. With this module comes the generated
client: both are imported at the first call.
"""

from types import TracebackType
from typing import Self

import httpx

from . import _outcome
from ._auth.access import Access
from ._auth.redaction import Redactor
from ._clock import Clock
from ._errors import ApiError, NoTextFoundError, OcrError, OcrTimeoutError
from ._events import AttemptEnded, AttemptStarted, CallEnded, CallStarted, next_call
from ._http.arrived import Arrived
from ._http.failures import out_of_time
from ._http.outgoing import Outgoing
from ._options import Options
from ._results import OcrResult
from ._usage import Bill
from ._wire.reply import Reading, read, takes_long
from ._wire.request import request


class Call:
    """Its life, in a `with` block: `pause` and `attempt`, then `result` of a reply or `wait_after`
    an error, until one ends it.
    """

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
        self._number = next_call()
        self._began = clock.monotonic()
        self._access: Access | None = None
        self._renewed = False
        self._bills: list[Bill] = []  # of the attempts that have ended
        self._words: int | None = None
        # Of the attempt that is under way; None between two of them.
        self._outgoing: Outgoing | None = None
        self._reply: Arrived | None = None
        self._sent_at = self._began

    def __enter__(self) -> Self:
        """Begin to count, and to tell."""
        self._options.meter.call()
        if self._options.observers.wanted():
            url = httpx.URL(self._options.base_url)
            event = CallStarted(
                call=self._number,
                operation=self._operation,
                host=url.host,
                port=url.port,
                image_bytes=self._image_bytes,
            )
            self._options.observers.tell("call_started", event)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Count an attempt that was cut short, and tell the end."""
        outcome = "OcrResult" if kind is None else kind.__name__
        if self._outgoing is not None:
            self._end_attempt(
                outcome, None, "maybe_billed" if self._outgoing.left else "not_billed"
            )
        if self._options.observers.wanted():
            event = CallEnded(
                call=self._number,
                operation=self._operation,
                version=self._version,
                outcome=outcome,
                attempts=len(self._bills),
                words=self._words,
                billed=self._bills.count("billed"),
                maybe_billed=self._bills.count("maybe_billed"),
                seconds=self._clock.monotonic() - self._began,
            )
            self._options.observers.tell("call_ended", event)

    def pause(self) -> float:
        """Return the seconds to wait before the next attempt, so as to keep to `max_per_second`."""
        pace = self._options.pace
        if pace is None:
            return 0.0
        wait = pace.wait(self._clock.monotonic())
        left = self.left()
        if left is not None and wait >= left:
            raise self._late(None)
        return wait

    def attempt(self, access: Access) -> Outgoing:
        """Return the next request. Raises ConfigurationError for a version that nobody knows."""
        self._access = access
        outgoing = Outgoing(
            request(self._source, self._cropping, access.version),
            self._options.base_url,
            self._options.timeout,
            access,
            self._clock,
            self.left(),
        )
        self._outgoing = outgoing
        self._reply = None
        self._sent_at = self._clock.monotonic()
        if self._options.observers.wanted():
            event = AttemptStarted(
                call=self._number,
                attempt=len(self._bills) + 1,
                version=access.version,
            )
            self._options.observers.tell("attempt_started", event)
        return outgoing

    def left(self) -> float | None:
        """Return how many seconds the whole call has left, None without a limit."""
        total = self._options.total_timeout
        return None if total is None else self._began + total - self._clock.monotonic()

    def takes_long_to_read(self, reply: Arrived) -> bool:
        """Return whether `read` may take so long that an event loop should not wait for it."""
        return takes_long(reply)

    def read(self, reply: Arrived) -> Reading:
        """Return what the reply says, without what it echoes of the secrets."""
        self._reply = reply
        try:
            return read(reply, self._cropping).masked(self._redactor())
        except BaseException as exc:
            exc.__traceback__ = None  # its frames may have seen an echo,
            exc.__context__ = None  # and so may those of what it came in the middle of
            raise

    def result(self, reading: Reading) -> OcrResult:
        """Return the result that a reply held. Raises OcrError."""
        if reading.page is not None:
            self._end_attempt("OcrResult", 0, "billed")
            result = _outcome.result(reading.page, reading.body, len(self._bills))
            self._words = sum(len(line.words) for line in result.lines)
            return result
        error = _outcome.error(reading)
        if isinstance(error, NoTextFoundError) and self._options.on_no_text == "empty":
            self._end_attempt("OcrResult", error.result_code, "maybe_billed")
            self._words = 0
            return OcrResult(lines=(), raw=reading.body, attempts=len(self._bills))
        try:
            raise error
        finally:
            del error  # else it and its frame would hold each other

    def late_for_credentials(self) -> OcrTimeoutError:
        """Return the error of a call whose time was over before it was let in."""
        return out_of_time(self._options.total_timeout, None)

    def wait_after(self, error: OcrError) -> float | None:
        """Return how many seconds to wait for the next attempt, or None: the call ends in `error`.

        Then `error` counts the attempts, and says what all of them may have cost. An error that no
        attempt met came of the credentials, and has been tried again by then, where that may help.
        """
        wait = None
        if self._outgoing is not None:
            code = error.result_code if isinstance(error, ApiError) else None
            bill: Bill = "maybe_billed" if error.maybe_billed else "not_billed"
            self._end_attempt(type(error).__name__, code, bill)
            wait = self._wait_for_next(error)
        left = self.left()
        if wait is None:
            self._conclude(error)
        elif left is not None and wait >= left:
            raise self._late(error)
        return wait

    def _late(self, last: OcrError | None) -> OcrTimeoutError:
        """Return the error of a call that has no time for its next attempt."""
        late = out_of_time(self._options.total_timeout, last)
        self._conclude(late)
        return late

    def _conclude(self, error: OcrError) -> None:
        error._conclude(len(self._bills), "maybe_billed" in self._bills)

    def _wait_for_next(self, error: OcrError) -> float | None:
        """Return how many seconds the attempt after this failed one waits, None for no more."""
        if self._is_renewed_after(error):
            return 0.0
        # The attempt with refused credentials is none that the policy counts.
        error.attempts = len(self._bills) - self._renewed
        elapsed = self._clock.monotonic() - self._began
        now = self._clock.now()
        return self._options.retry.delay(error, elapsed, now, self._clock.random())

    def _is_renewed_after(self, error: OcrError) -> bool:
        """Whether other credentials may be let in where these were refused: once a call."""
        if self._renewed or self._access is None or not isinstance(error, ApiError):
            return False
        self._renewed = self._options.credentials.refused(self._access, error)
        return self._renewed

    def _redactor(self) -> Redactor:
        """Return what masks the secrets that this call has sent."""
        return Redactor(()) if self._access is None else self._access.redactor

    @property
    def _version(self) -> str | None:
        return None if self._access is None else self._access.version

    @property
    def _operation(self) -> str:
        return "general/cropping" if self._cropping else "general"

    @property
    def _image_bytes(self) -> int | None:
        return None if isinstance(self._source, str) else len(self._source)

    def _end_attempt(self, outcome: str, result_code: int | None, bill: Bill) -> None:
        """Count the attempt under way, and tell that it has ended."""
        reply = self._reply
        seconds = self._clock.monotonic() - self._sent_at
        arrived = reply is not None or bill != "not_billed"
        sent = self._image_bytes or 0
        self._outgoing = None
        self._bills.append(bill)
        self._options.meter.attempt(bill, sent if arrived else 0, seconds)
        if self._options.observers.wanted():
            event = AttemptEnded(
                call=self._number,
                attempt=len(self._bills),
                operation=self._operation,
                version=self._version,
                outcome=outcome,
                http_status=None if reply is None else reply.status_code,
                result_code=result_code,
                image_bytes=self._image_bytes,
                received_bytes=None if reply is None else len(reply.content),
                seconds=seconds,
                bill=bill,
            )
            self._options.observers.tell("attempt_ended", event)
