"""The processes of a pool, one after the other in each thread, and what becomes of their calls."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Condition
from typing import NamedTuple

from ..engines import EngineUnavailableError
from ..recognition import FAILED, UNAVAILABLE, Recognition, Refused
from ._process import EndedError, Process
from ._queue import Job, Queue

__all__ = ["Begun", "Crew"]

_logger = logging.getLogger("nhncloud_ocr_emulator")


class Begun(NamedTuple):
    """A process, ready; or none, and why."""

    process: Process | None
    failure: Exception | None = None


class Crew:
    """What the threads of a pool share: its processes, its queue, and the lock over both.

    `changed` is held by whoever looks at `queue` or `closed`, and notified when they change.

    Args:
        engine: What recognises; its package is installed.
        overlap: As `Recognizer` takes it.
        seconds: That a call takes at most.
        workers: How many there are at most, the extra process not counted.
    """

    def __init__(self, engine: str, overlap: str, seconds: float, workers: int) -> None:
        self.changed = Condition()
        self.queue = Queue(workers)
        self.closed = True
        self.processes: set[Process] = set()
        self._engine = engine
        self._overlap = overlap
        self._seconds = seconds

    def close(self) -> None:
        """End all processes; what waits or is under way is cancelled. The lock is held."""
        self.closed = True
        for job in (*self.queue.waiting, *self.queue.working):
            job.future.cancel()
        self.queue.waiting.clear()
        for process in self.processes:
            process.kill()
        self.changed.notify_all()

    def end(self, job: Job) -> None:
        """Take a job that nobody waits for out of the queue, or out of its process's hands."""
        with self.changed:
            if job in self.queue.waiting:
                self.queue.waiting.remove(job)
            job.future.cancel()
            if job.process is not None:
                job.process.kill()

    def replaced(self, old: Process | None) -> Begun:
        """A new process in the old one's place; blocks until its engine is loaded."""
        self._discard(old)
        with self.changed:
            if self.closed:
                return Begun(None, EndedError())
        try:
            process = Process(self._engine, self._overlap, self._seconds)
        except OSError as error:
            return Begun(None, error)
        with self.changed:
            self.processes.add(process)
            if self.closed:
                process.kill()
        try:
            process.wait_until_ready()
        except EngineUnavailableError as error:
            self._discard(process)
            return Begun(None, error)
        return Begun(process)

    def work(
        self, begun: Begun, take: Callable[[], Job | None], settled: Callable[[Job], None]
    ) -> None:
        """Do job after job, in one process after the other, each made before it is needed.

        Args:
            begun: The first process.
            take: The next job; None when there is none any more.
            settled: Told of each that is done, while the lock is held.
        """
        process, failure = begun
        try:
            while job := take():
                if process is None or not process.alive:  # it may have died while it waited
                    process, failure = self.replaced(process)
                outcome = _unavailable(failure) or self._outcome(job, process)
                with self.changed:
                    settled(job)
                    self._settle(job, outcome)
                del job  # a thread that waits holds nobody's image
                if process is None or not process.alive:
                    process, failure = self.replaced(process)
        finally:
            self._discard(process)

    def _outcome(self, job: Job, process: Process | None) -> Recognition | Exception:
        with self.changed:
            if process is None or job.future.done() or job.gives_way:
                return EndedError()
            job.process = process
        try:
            return process.recognize(job.image, cropping=job.cropping)
        except Exception as error:
            return error

    def _settle(self, job: Job, outcome: Recognition | Exception) -> None:
        job.process = None
        if isinstance(outcome, EndedError) and job.gives_way and not job.future.done():
            self.queue.put_back(job)
        else:
            self.queue.done(job)
            if isinstance(outcome, EndedError):
                outcome = Refused(FAILED)
            if not job.future.done():
                if isinstance(outcome, Exception):
                    job.future.set_exception(outcome)
                else:
                    job.future.set_result(outcome)
        self.changed.notify_all()  # a large one may have waited for this one

    def _discard(self, process: Process | None) -> None:
        if process is not None:
            with self.changed:
                self.processes.discard(process)
            process.close()


def _unavailable(failure: Exception | None) -> Refused | None:
    """What a call comes to for which no process could be begun; the next one may have one."""
    if failure is None:
        return None
    # The system's own words: that it has no memory, no process, or no file to give any more.
    _logger.warning("no engine process could be begun: %s", failure)
    return Refused(UNAVAILABLE, f"no engine process could be begun: {failure}")
