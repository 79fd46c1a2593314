"""Hands calls to engine processes, and ends those that nobody waits for any more."""

from __future__ import annotations

import os
from concurrent.futures import Future
from math import prod
from threading import Condition, Thread
from typing import Final

from .._size import stated_size
from ..engines import EngineUnavailableError
from ..recognition import FAILED, Recognition, Refused
from ._process import EndedError, Process

__all__ = ["Job", "Workers", "cores"]

_LARGE: Final = 16_000_000
"""Pixels past which a call is large. Not all workers take those at one time: the small are not to
wait for them, and two of them together would take twice the memory."""


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Job:
    """One image on its way; `future` gets the recognition or what was raised instead of it.

    Whoever waits for it calls `end` in any case.
    """

    def __init__(self, pool: Workers, image: bytes, cropping: bool) -> None:
        self.image = image
        self.cropping = cropping
        # What does not tell its size will be refused, but who knows after how long.
        size = stated_size(image)
        self.large = size is None or prod(size) > _LARGE
        self.future: Future[Recognition] = Future()
        self.process: Process | None = None
        self._pool = pool

    def end(self) -> None:
        """Nobody waits for this any more: leave the queue, or end the process that works at it.

        Does nothing if it is done.
        """
        self._pool._end(self)

    @property
    def began(self) -> bool:
        """Whether a process has it just now."""
        return self.process is not None


class Workers:
    """Up to `count` processes, begun when they are first needed; each reads one image at a time.

    Args:
        engine: What recognises; its package is installed.
        overlap: As `Recognizer` takes it.
        count: How many processes at most; by default one a core.

    Raises ValueError for a count below one.
    """

    def __init__(self, engine: str, overlap: str, count: int | None = None) -> None:
        self.count = cores() if count is None else count
        if self.count < 1:
            raise ValueError(f"workers is a number from 1 on, not {count!r}")
        self._most_large = max(1, self.count - 1)
        self._engine = engine
        self._overlap = overlap
        self._owner = os.getpid()
        self._changed = Condition()
        self._waiting: list[Job] = []
        self._working: set[Job] = set()
        self._threads: list[Thread] = []
        self._processes: set[Process] = set()
        self._closed = True
        self._first: Future[None] = Future()

    @property
    def started(self) -> bool:
        """Whether `submit` may be called."""
        return not self._closed

    def start(self) -> None:
        """Have one process ready; blocks, at the first time.

        Raises EngineUnavailableError, OSError.
        """
        with self._changed:
            self._closed = False
            if not self._threads:
                self._first = Future()
                self._grow()
        self._first.result()

    def submit(self, image: bytes, *, cropping: bool) -> Job:
        """Queue an image: in order of arrival, but large ones may have to let others pass.

        Raises RuntimeError before `start` and after `close`.
        """
        job = Job(self, image, cropping)
        with self._changed:
            if self._closed:
                raise RuntimeError("the engine processes are closed")
            self._waiting.append(job)
            free = len(self._threads) - len(self._working)
            if len(self._waiting) > free and len(self._threads) < self.count:
                self._grow()
            self._changed.notify_all()
        return job

    def close(self) -> None:
        """End all processes and threads; what waits is cancelled. May be called again."""
        if os.getpid() != self._owner:
            return  # a fork of the process whose these are
        with self._changed:
            self._closed = True
            for job in (*self._waiting, *self._working):
                job.future.cancel()
            self._waiting.clear()
            for process in self._processes:
                process.kill()
            threads, self._threads = self._threads, []
            self._changed.notify_all()
        for thread in threads:
            thread.join()

    def _end(self, job: Job) -> None:
        with self._changed:
            if job in self._waiting:
                self._waiting.remove(job)
            job.future.cancel()
            if job.process is not None:
                job.process.kill()

    def _grow(self) -> None:
        thread = Thread(target=self._serve, name="nhncloud-ocr-emulator-worker", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self) -> None:
        """The life of a thread: one process after the other, each made before it is needed."""
        process: Process | None = None
        failure: Exception | None = None
        try:
            while True:
                if process is None or not process.alive:
                    process, failure = self._replaced(process)
                    self._tell_first(failure)
                job = self._take()
                if job is None:
                    return
                if failure or not process or not process.alive:  # it may have died meanwhile
                    process, failure = self._replaced(process)
                outcome = failure or self._outcome(job, process)
                self._settle(job, outcome)
                del job, outcome  # a thread that waits holds nobody's image
        finally:
            self._discard(process)

    def _replaced(self, old: Process | None) -> tuple[Process | None, Exception | None]:
        """A new process, ready, in the old one's place; or None, and why there is none."""
        self._discard(old)
        try:
            process = Process(self._engine, self._overlap)
        except OSError as error:
            return None, error
        with self._changed:
            self._processes.add(process)
            if self._closed:
                process.kill()
        try:
            process.wait_until_ready()
        except EngineUnavailableError as error:
            self._discard(process)
            return None, error
        return process, None

    def _discard(self, process: Process | None) -> None:
        if process is not None:
            with self._changed:
                self._processes.discard(process)
            process.close()

    def _tell_first(self, failure: Exception | None) -> None:
        with self._changed:
            if self._first.done():
                return
            if failure is None:
                self._first.set_result(None)
            else:
                self._first.set_exception(failure)

    def _take(self) -> Job | None:
        """The next job, of which this thread is the worker; None when all is closed."""
        with self._changed:
            while not self._closed:
                full = sum(job.large for job in self._working) >= self._most_large
                for job in self._waiting:
                    if not (job.large and full):
                        self._waiting.remove(job)
                        self._working.add(job)
                        return job
                self._changed.wait()
            return None

    def _outcome(self, job: Job, process: Process | None) -> Recognition | Exception:
        with self._changed:
            if process is None or job.future.done():
                return EndedError()
            job.process = process
        try:
            return process.recognize(job.image, cropping=job.cropping)
        except EndedError:
            return Refused(FAILED)
        except Exception as error:
            return error

    def _settle(self, job: Job, outcome: Recognition | Exception) -> None:
        with self._changed:
            self._working.discard(job)
            job.process = None
            if not job.future.done():
                if isinstance(outcome, Exception):
                    job.future.set_exception(outcome)
                else:
                    job.future.set_result(outcome)
            self._changed.notify_all()  # a large one may have waited for this one
