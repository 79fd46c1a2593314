"""Hands calls to engine processes, and ends those that nobody waits for any more."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import TIMEOUT_MAX, Condition, Thread
from time import monotonic
from typing import Final

from ..engines import EngineUnavailableError
from ..recognition import FAILED, UNAVAILABLE, Recognition, Refused
from ._process import EndedError, Process
from ._queue import Job, Queue

__all__ = ["Workers", "cores"]

_logger = logging.getLogger("nhncloud_ocr_emulator")

_EXTRA_STAYS: Final = 30.0
"""Seconds without work after which the extra process ends."""


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """Up to `count` processes, begun when they are first needed; each reads one image at a time.

    When all of them, two or more, are at calls that take long, one more takes small images: those
    are soon done, and would wait for a minute. It ends when it is not needed for a while.

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
        self._engine = engine
        self._overlap = overlap
        self._owner = os.getpid()
        self._changed = Condition()
        self._queue = Queue(self.count)
        self._threads: list[Thread] = []
        self._extra: Thread | None = None
        self._processes: set[Process] = set()
        self._makes_room = self.count >= cores()
        self._paused: Process | None = None
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
        job = Job(image, cropping, self._end)
        with self._changed:
            if self._closed:
                raise RuntimeError("the engine processes are closed")
            self._queue.waiting.append(job)
            if len(self._queue.waiting) > len(self._threads) - self._queue.busy:
                with suppress(RuntimeError):  # no thread to be had: those that are there must do
                    self._grow()
            self._changed.notify_all()
        return job

    def close(self) -> None:
        """End all processes and threads; what waits is cancelled. May be called again."""
        if os.getpid() != self._owner:
            return  # a fork of the process whose these are
        with self._changed:
            self._closed = True
            for job in (*self._queue.waiting, *self._queue.working):
                job.future.cancel()
            self._queue.waiting.clear()
            for process in self._processes:
                process.kill()
            threads = [*self._threads, *([self._extra] if self._extra else [])]
            self._threads, self._extra = [], None
            self._changed.notify_all()
        for thread in threads:
            thread.join()

    def _end(self, job: Job) -> None:
        with self._changed:
            if job in self._queue.waiting:
                self._queue.waiting.remove(job)
            job.future.cancel()
            if job.process is not None:
                job.process.kill()

    def _grow(self) -> None:
        """Have one more worker, if there may be one; else the extra one, if there is none yet."""
        if len(self._threads) < self.count:
            self._threads.append(self._begun(self._serve))
        elif self._extra is None and self.count > 1:
            self._extra = self._begun(self._help_out)

    def _begun(self, life: Callable[[], None]) -> Thread:
        thread = Thread(target=life, name="nhncloud-ocr-emulator-worker", daemon=True)
        thread.start()
        return thread

    def _serve(self) -> None:
        """The life of a worker's thread."""
        process, failure = self._replaced(None)
        self._tell_first(failure)
        self._work(process, failure, self._take)

    def _help_out(self) -> None:
        """The life of the extra thread, which has a process only while that may be needed."""
        while self._wait_until_long():
            with self._changed:
                self._make_room()
            process, failure = self._replaced(None)
            with self._changed:
                self._go_on()
            if failure is not None:
                break  # the workers will come to what waits
            self._work(process, None, self._take_aside)
        with self._changed:
            self._extra = None

    def _work(
        self,
        process: Process | None,
        failure: Exception | None,
        take: Callable[[], Job | None],
    ) -> None:
        """Do job after job, in one process after the other, each made before it is needed."""
        try:
            while job := take():
                if process is None or not process.alive:  # it may have died while it waited
                    process, failure = self._replaced(process)
                self._settle(job, _unavailable(failure) or self._outcome(job, process))
                del job  # a thread that waits holds nobody's image
                if process is None or not process.alive:
                    process, failure = self._replaced(process)
        finally:
            self._discard(process)

    def _replaced(self, old: Process | None) -> tuple[Process | None, Exception | None]:
        """A new process, ready, in the old one's place; or None, and why there is none."""
        self._discard(old)
        with self._changed:
            if self._closed:
                return None, EndedError()
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
                if job := self._queue.next():
                    self._changed.notify_all()  # the extra thread waits for all to be at work
                    return job
                self._changed.wait()
            return None

    def _take_aside(self) -> Job | None:
        """The next job for the extra process; None when that was not needed for a while."""
        end = monotonic() + _EXTRA_STAYS
        with self._changed:
            while not self._closed:
                if job := self._queue.next_aside():
                    self._make_room()
                    return job
                until_long = self._queue.seconds_until_long()
                if until_long <= 0:  # there may be a small one at any time
                    self._changed.wait()
                    end = monotonic() + _EXTRA_STAYS
                elif (left := end - monotonic()) > 0:
                    self._changed.wait(min(left, until_long))
                else:
                    break
            return None

    def _wait_until_long(self) -> bool:
        """Wait until all workers are at calls that take long; False when all is closed."""
        with self._changed:
            while not self._closed and (seconds := self._queue.seconds_until_long()) > 0:
                self._changed.wait(min(seconds, TIMEOUT_MAX))
            return not self._closed

    def _make_room(self) -> None:
        """Let a long call stand still while the extra process uses its core."""
        job = self._queue.to_stand_still()
        if self._makes_room and job is not None and job.process is not None:
            job.stood_still += 1
            self._paused = job.process
            self._paused.pause()

    def _go_on(self) -> None:
        if self._paused is not None:
            self._paused.go_on()
            self._paused = None

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
            if self._queue.is_aside(job) or job.process is self._paused:
                self._go_on()
            self._queue.done(job)
            job.process = None
            if not job.future.done():
                if isinstance(outcome, Exception):
                    job.future.set_exception(outcome)
                else:
                    job.future.set_result(outcome)
            self._changed.notify_all()  # a large one may have waited for this one


def _unavailable(failure: Exception | None) -> Refused | None:
    """What a call comes to for which no process could be begun; the next one may have one."""
    if failure is None:
        return None
    # The system's own words: that it has no memory, no process, or no file to give any more.
    _logger.warning("no engine process could be begun: %s", failure)
    return Refused(UNAVAILABLE, f"no engine process could be begun: {failure}")
