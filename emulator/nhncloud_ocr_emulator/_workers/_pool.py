"""Hands calls to engine processes, and ends those that nobody waits for any more."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread

from .._settings import READ_SECONDS
from ._crew import Crew
from ._extra import Extra
from ._queue import Job

__all__ = ["Workers", "cores"]


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """Up to `count` processes, begun when they are first needed; each reads one image at a time.

    When all of them, two or more, are at calls that take long, one more takes small images: those
    are soon done, and would wait for a minute.

    Args:
        engine: What recognises; its package is installed.
        overlap: As `Recognizer` takes it.
        count: How many processes at most; by default one a core.
        seconds: After which a process gives a call up.

    Raises ValueError for a count below one.
    """

    def __init__(
        self,
        engine: str,
        overlap: str,
        count: int | None = None,
        seconds: float = READ_SECONDS,
    ) -> None:
        self.count = cores() if count is None else count
        if self.count < 1:
            raise ValueError(f"workers is a number from 1 on, not {count!r}")
        self._owner = os.getpid()
        self._crew = Crew(engine, overlap, seconds, self.count)
        self._extra = Extra(self._crew, makes_room=self.count >= cores())
        self._threads: list[Thread] = []
        self._helper: Thread | None = None
        self._first: Future[None] = Future()

    @property
    def started(self) -> bool:
        """Whether `submit` may be called."""
        return not self._crew.closed

    def start(self) -> None:
        """Have one process ready; blocks, at the first time.

        Raises EngineUnavailableError, OSError.
        """
        with self._crew.changed:
            self._crew.closed = False
            if not self._threads:
                self._first = Future()
                self._grow()
        self._first.result()

    def submit(self, image: bytes, *, cropping: bool) -> Job:
        """Queue an image: in order of arrival, but large ones may have to let others pass.

        Raises RuntimeError before `start` and after `close`.
        """
        crew = self._crew
        job = Job(image, cropping, crew.end)
        with crew.changed:
            if crew.closed:
                raise RuntimeError("the engine processes are closed")
            crew.queue.waiting.append(job)
            if len(crew.queue.waiting) > len(self._threads) - crew.queue.busy:
                with suppress(RuntimeError):  # no thread to be had: those that are there must do
                    if self._grow():
                        crew.queue.has_new_worker(job)
            crew.changed.notify_all()
            self._extra.relieve()
        return job

    def close(self) -> None:
        """End all processes and threads; what waits is cancelled. May be called again."""
        if os.getpid() != self._owner:
            return  # a fork of the process whose these are
        with self._crew.changed:
            self._crew.close()
            threads = [*self._threads, *([self._helper] if self._helper else [])]
            self._threads, self._helper = [], None
        for thread in threads:
            thread.join()

    def _grow(self) -> bool:
        """Have one more worker, if there may be one; else the extra one, if there is none yet.

        Returns whether there is one more worker.
        """
        if len(self._threads) < self.count:
            self._threads.append(_begun(self._serve))
            return True
        if self._helper is None and self.count > 1:
            self._helper = _begun(self._help_out)
        return False

    def _serve(self) -> None:
        """The life of a worker's thread."""
        begun = self._crew.replaced(None)
        self._tell_first(begun.failure)
        self._crew.work(begun, self._take, self._extra.settled)

    def _help_out(self) -> None:
        """The life of the extra process's thread; another can be begun after it."""
        self._extra.serve()
        with self._crew.changed:
            self._helper = None

    def _tell_first(self, failure: Exception | None) -> None:
        with self._crew.changed:
            if self._first.done():
                return
            if failure is None:
                self._first.set_result(None)
            else:
                self._first.set_exception(failure)

    def _take(self) -> Job | None:
        """The next job, of which this thread is the worker; None when all is closed."""
        crew = self._crew
        with crew.changed:
            while not crew.closed:
                if job := crew.queue.next():
                    crew.changed.notify_all()  # the extra process waits for all to be at work
                    return job
                crew.changed.wait()
            return None


def _begun(life: Callable[[], None]) -> Thread:
    thread = Thread(target=life, name="nhncloud-ocr-emulator-worker", daemon=True)
    thread.start()
    return thread
