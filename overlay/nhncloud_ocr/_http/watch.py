"""How long one attempt may still take, and how far it has come.

httpcore hands a request's timeouts down to the stream untouched. Each of ours is a number that also
knows its attempt, so that a stream can ask how much of a phase is left, however often it reads.
"""

import httpx

from .._clock import Clock
from .interrupts import raised_by_a_handler

_FOR_EVER = 1e7  # seconds: for whoever wants a number where there is no limit


class Watch:
    """The clock of one attempt; seconds. None means no limit.

    `sent` is True from the first byte of the request on that may have left; what a proxy is asked
    before is no part of it. A transport that is not ours does not tell: `told` stays False.
    """

    __slots__ = (
        "_connected_by",
        "_done_by",
        "_monotonic",
        "_replied_by",
        "_timeout",
        "interrupt",
        "sent",
        "told",
    )

    def __init__(self, timeout: httpx.Timeout, clock: Clock, left: float | None) -> None:
        """left: for the whole call."""
        self._timeout = timeout
        self._monotonic = clock.monotonic
        self._done_by = None if left is None else self._monotonic() + left
        self._connected_by: float | None = None
        self._replied_by: float | None = None
        self.sent = False
        self.told = False
        self.interrupt: BaseException | None = None  # of a signal handler, not of the network

    def passing(self, exc: BaseException) -> BaseException:
        """Return what to raise for it: what a signal handler raised goes up as itself."""
        found = raised_by_a_handler(exc)
        if found is None:
            return exc
        self.interrupt = found
        return found

    def total(self) -> float | None:
        """Return what is left of the whole call."""
        return self._until(self._done_by)

    def waiting(self) -> float | None:
        """Return how long to wait for a free connection."""
        return self._least(self._timeout.pool)

    def connecting(self) -> float | None:
        """Return what is left for making the connection: TCP, a proxy's tunnel and TLS."""
        self.told = True
        if self._connected_by is None and self._timeout.connect is not None:
            self._connected_by = self._monotonic() + self._timeout.connect
        return self._least(self._until(self._connected_by))

    def writing(self) -> float | None:
        """Return how long the next write may take."""
        if not self.sent:
            return self.connecting()
        self._replied_by = None
        return self._least(self._timeout.write)

    def reading(self) -> float | None:
        """Return what is left for the reply; its time begins when this is first asked."""
        return self.untold() if self.sent else self.connecting()

    def untold(self) -> float | None:
        """Return what is left for a reply of which a transport has only told its head."""
        if self._replied_by is None and self._timeout.read is not None:
            self._replied_by = self._monotonic() + self._timeout.read
        return self._least(self._until(self._replied_by))

    def begin(self) -> None:
        """Say that the first byte of the request leaves now."""
        self.told = True
        self.sent = True

    def timeouts(self) -> dict[str, float | None]:
        """Return the timeouts for httpcore's extension of that name, plain."""
        phases = self._timeout.as_dict()
        return {phase: self._least(seconds) for phase, seconds in phases.items()}

    def watched(self) -> dict[str, float | None]:
        """Return the same for a stream of ours."""
        found = self.timeouts()
        pool = found.pop("pool")
        return {**{phase: Watched(seconds, self) for phase, seconds in found.items()}, "pool": pool}

    def _until(self, moment: float | None) -> float | None:
        return None if moment is None else moment - self._monotonic()

    def _least(self, seconds: float | None) -> float | None:
        total = self.total()
        if seconds is None or total is None:
            return total if seconds is None else seconds
        return min(seconds, total)


class Watched(float):
    """A timeout that knows its attempt."""

    __slots__ = ("watch",)
    watch: Watch

    def __new__(cls, seconds: float | None, watch: Watch) -> "Watched":
        made = super().__new__(cls, _FOR_EVER if seconds is None else seconds)
        made.watch = watch
        return made


def of(timeout: float | None) -> Watch | None:
    """Return the watch of a timeout that httpcore handed down, or None: it is nobody's of ours."""
    return getattr(timeout, "watch", None)


def for_connecting(watch: Watch) -> float | None:
    """Return the seconds left. Raises httpcore.ConnectTimeout."""
    return _in_time(watch, watch.connecting(), "ConnectTimeout")


def for_writing(watch: Watch) -> float | None:
    """Return the seconds left. Raises httpcore.WriteTimeout, or ConnectTimeout for a proxy."""
    return _in_time(watch, watch.writing(), "WriteTimeout")


def for_reading(watch: Watch) -> float | None:
    """Return the seconds left. Raises httpcore.ReadTimeout, or ConnectTimeout for a proxy."""
    return _in_time(watch, watch.reading(), "ReadTimeout")


def _in_time(watch: Watch, left: float | None, late: str) -> float | None:
    if left is None or left > 0:
        return left
    import httpcore  # makes loggers, which nobody needs who only imports the client

    raise getattr(httpcore, late if watch.sent else "ConnectTimeout")("timed out")
