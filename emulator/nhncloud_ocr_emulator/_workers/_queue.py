"""Which call is whose turn: the calls that wait, those under way, and the rules between them."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from math import inf, prod
from typing import Final

from .._size import stated_size
from ..recognition import Recognition
from ._process import Process

__all__ = ["Job", "Queue"]

_LARGE: Final = 16_000_000
"""Pixels past which a call is large. Not all workers take those at one time: the small are not to
wait for them, and two of them together would take twice the memory."""

_SMALL: Final = 2_000_000
"""Pixels up to which the extra process takes a call: it is there for what is soon done."""

_LONG: Final = 1.5
"""Seconds from which a call takes long. When all workers are at such calls, one more process
takes small ones."""


class Job:
    """One image on its way; `future` gets the recognition or what was raised instead of it.

    Whoever waits for it calls `end` in any case.

    Args:
        image: A PNG or JPEG, or what a stranger takes for one.
        cropping: As `Recognizer.recognize` takes it.
        end: What `end` does.
    """

    def __init__(self, image: bytes, cropping: bool, end: Callable[[Job], None]) -> None:
        self.image = image
        self.cropping = cropping
        # What does not tell its size will be refused, but who knows after how long.
        size = stated_size(image)
        self.pixels: float = inf if size is None else prod(size)
        self.future: Future[Recognition] = Future()
        self.process: Process | None = None
        self.stood_still = 0  # times, so that others could be served
        self._end = end

    def end(self) -> None:
        """Nobody waits for this any more: leave the queue, or end the process that works at it.

        Does nothing if it is done.
        """
        self._end(self)

    @property
    def large(self) -> bool:
        """Whether it must leave a worker to others."""
        return self.pixels > _LARGE

    @property
    def began(self) -> bool:
        """Whether a process has it just now."""
        return self.process is not None


class Queue:
    """The jobs of a number of workers, and of one more process that helps out. It has no lock.

    Args:
        workers: How many there are at most.
        clock: Seconds that never run backwards.
    """

    def __init__(self, workers: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.waiting: list[Job] = []
        self._most_large = max(1, workers - 1)
        self._workers = workers
        self._clock = clock
        self._since: dict[Job, float] = {}
        self._aside: Job | None = None

    @property
    def working(self) -> tuple[Job, ...]:
        """All that is under way."""
        return *self._since, *([self._aside] if self._aside else [])

    @property
    def busy(self) -> int:
        """How many workers are at work, the extra process not counted."""
        return len(self._since)

    def next(self) -> Job | None:
        """Give a worker the job whose turn it is: as they came, but not too many large ones."""
        full = sum(job.large for job in self._since) >= self._most_large
        job = next((job for job in self.waiting if not (job.large and full)), None)
        if job is not None:
            self.waiting.remove(job)
            self._since[job] = self._clock()
        return job

    def next_aside(self) -> Job | None:
        """Give the extra process the smallest of the small; only while all workers take long."""
        job = min(self.waiting, key=lambda job: job.pixels, default=None)
        if job is None or job.pixels > _SMALL or self.seconds_until_long() > 0:
            return None
        self.waiting.remove(job)
        self._aside = job
        return job

    def seconds_until_long(self) -> float:
        """After how many seconds, of all workers at work, none will be at a call less than long.

        A worker alone stays alone: whoever asked for one process gets one.
        """
        if self._workers == 1 or self.busy < self._workers:
            return inf
        return max(self._since.values()) + _LONG - self._clock()

    def to_stand_still(self) -> Job | None:
        """The one of the long calls that makes room for the extra process: they take turns."""
        return min(self._since, key=lambda job: job.stood_still, default=None)

    def is_aside(self, job: Job) -> bool:
        """Whether the extra process has it."""
        return self._aside is job

    def done(self, job: Job) -> None:
        """Forget a job that was taken."""
        self._since.pop(job, None)
        if self._aside is job:
            self._aside = None
