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

__all__ = ["TURN", "Job", "Queue"]

_LARGE: Final = 16_000_000
"""Pixels past which a call is large. Not all workers take those at one time: the small are not to
wait for them, and two of them together would take twice the memory."""

_SMALL: Final = 2_000_000
"""Pixels up to which the extra process takes a call: it is there for what is soon done."""

_SMALL_FILE: Final = 4 * 1024 * 1024
"""Bytes up to which it does: a large file of few pixels is full of something else."""

_PIXELS_A_BYTE: Final = 512
"""So many at most has a JPEG that hides its size: one bit tells that 64 of them are as before."""

_LONG: Final = 1.0
"""Seconds from which a call takes long. When all workers are at such calls, one more process
takes small ones."""

TURN: Final = 3.5
"""Seconds that others stand still or wait for a call that the extra process has."""


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
        size = stated_size(image)
        self.pixels = _PIXELS_A_BYTE * len(image) if size is None else prod(size)
        self.future: Future[Recognition] = Future()
        self.process: Process | None = None
        self.since: float | None = None  # by the queue's clock, when a worker was begun for it
        self.stood_still = 0  # times, so that others could be served
        self.gives_way = False  # its process was ended, so that others can be served
        self.had_its_turn = False  # and so it waits again
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
    def small(self) -> bool:
        """Whether the extra process may take it."""
        return self.pixels <= _SMALL and len(self.image) <= _SMALL_FILE

    @property
    def size(self) -> float:
        """About how long it may take, by what can be seen of it."""
        return self.pixels + len(self.image)

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
        self._aside_since = 0.0

    def has_new_worker(self, job: Job) -> None:
        """Note that a worker is begun for a job: it counts as at it from now on."""
        job.since = self._clock()

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
            self._since[job] = self._clock() if job.since is None else job.since
            job.since = None
        return job

    def next_aside(self) -> Job | None:
        """Give the extra process the smallest of the small; only while all workers take long.

        Those that had their turn there come last.
        """
        small = (job for job in self.waiting if job.small)
        job = min(small, key=lambda job: (job.had_its_turn, job.size), default=None)
        if job is None or self.seconds_until_long() > 0:
            return None
        self.waiting.remove(job)
        self._aside, self._aside_since = job, self._clock()
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
        return min(self._since, key=lambda job: (job.stood_still, -job.size), default=None)

    @property
    def turn_is_over(self) -> bool:
        """Whether the extra process has been at its job for so long."""
        return self._aside is not None and self._clock() >= self._aside_since + TURN

    def to_give_way(self) -> Job | None:
        """The extra process's job, if its turn is over and another waits that had none."""
        others = any(job.small and not job.had_its_turn for job in self.waiting)
        return self._aside if self.turn_is_over and others else None

    def is_aside(self, job: Job) -> bool:
        """Whether the extra process has it."""
        return self._aside is job

    def put_back(self, job: Job) -> None:
        """Let a job that gave way wait once more, before all others."""
        self.done(job)
        job.gives_way, job.had_its_turn = False, True
        self.waiting.insert(0, job)

    def done(self, job: Job) -> None:
        """Forget a job that was taken."""
        self._since.pop(job, None)
        if self._aside is job:
            self._aside = None
