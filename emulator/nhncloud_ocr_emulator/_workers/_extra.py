"""The process that helps out when all workers are at calls that take long."""

from __future__ import annotations

from contextlib import suppress
from threading import TIMEOUT_MAX, Timer
from time import monotonic
from typing import Final

from ._crew import Crew
from ._process import Process
from ._queue import TURN, Job

__all__ = ["Extra"]

_STAYS: Final = 30.0
"""Seconds without work after which the process ends."""


class Extra:
    """One more process than there are workers, for small images alone.

    It begins when all workers are at long calls, and ends when it is not needed for a while. While
    it begins or works, one of those calls stands still, so that no more run than there are cores.
    After a turn of some seconds that one goes on, and what the process has gives way if others
    wait, to be begun anew when no more do.

    All but `serve` and `relieve` is called while the crew's lock is held.

    Args:
        crew: What it has in common with the workers.
        makes_room: Whether calls stand still for it.
    """

    def __init__(self, crew: Crew, *, makes_room: bool) -> None:
        self.makes_room = makes_room
        self._crew = crew
        self._paused: Process | None = None
        self._turn: Timer | None = None

    def serve(self) -> None:
        """The life of its thread, which has a process only while that may be needed."""
        while self._wait_until_long():
            with self._crew.changed:
                self._make_room()
            begun = self._crew.replaced(None)
            with self._crew.changed:
                self._go_on()
            if begun.failure is not None:
                break  # the workers will come to what waits
            self._crew.work(begun, self._take, self.settled)

    def settled(self, job: Job) -> None:
        """A call is done, here or by a worker: what stands still for it goes on, or itself."""
        if self._crew.queue.is_aside(job):
            self._go_on()
            if self._turn is not None:
                self._turn.cancel()
        elif job.process is self._paused:
            self._go_on()

    def relieve(self) -> None:
        """End the turn of a call that has the process for long: it gives way if others wait."""
        with self._crew.changed:
            if self._crew.queue.turn_is_over:
                self._go_on()  # nothing stands still for what is not soon done
            job = self._crew.queue.to_give_way()
            if job is not None:
                job.gives_way = True
                if job.process is not None:
                    job.process.kill()

    def _wait_until_long(self) -> bool:
        """Wait until all workers are at calls that take long; False when all is closed."""
        crew = self._crew
        with crew.changed:
            while not crew.closed and (seconds := crew.queue.seconds_until_long()) > 0:
                crew.changed.wait(min(seconds, TIMEOUT_MAX))
            return not crew.closed

    def _take(self) -> Job | None:
        """The next job; None when none came for a while."""
        crew = self._crew
        end = monotonic() + _STAYS
        with crew.changed:
            while not crew.closed:
                if job := crew.queue.next_aside():
                    self._make_room()
                    self._look_after_a_turn()
                    return job
                until_long = crew.queue.seconds_until_long()
                if until_long <= 0:  # there may be a small one at any time
                    crew.changed.wait()
                    end = monotonic() + _STAYS
                elif (left := end - monotonic()) > 0:
                    crew.changed.wait(min(left, until_long))
                else:
                    break
            return None

    def _look_after_a_turn(self) -> None:
        self._turn = Timer(TURN, self.relieve)
        self._turn.daemon = True
        with suppress(RuntimeError):  # no thread to be had: the next call that comes has a look
            self._turn.start()

    def _make_room(self) -> None:
        """Let a long call stand still while the process uses its core."""
        job = self._crew.queue.to_stand_still()
        if self.makes_room and job is not None and job.process is not None:
            job.stood_still += 1
            self._paused = job.process
            self._paused.pause()

    def _go_on(self) -> None:
        if self._paused is not None:
            self._paused.go_on()
            self._paused = None
