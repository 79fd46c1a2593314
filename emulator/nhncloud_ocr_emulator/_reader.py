"""Who reads an image: engine processes, or this very one."""

from __future__ import annotations

import weakref
from functools import partial
from math import prod
from threading import Lock
from time import monotonic
from typing import Final

from ._effects import Effects
from ._recognizer import Recognizer, check_engine, check_head
from ._settings import Overlap, Settings
from ._size import stated_size
from ._workers import Workers, can_spawn
from .recognition import FAILED, UNAVAILABLE, Recognition, Refused

__all__ = ["Reader"]

_INSTANT: Final = 64 * 1024  # bytes; `fixture` reads these in less time than a thread costs
_INSTANT_PIXELS: Final = 1_000_000  # unless they unpack to many


class Reader:
    """The engine of one emulator, wherever it runs.

    Calls over HTTP are read in processes, those of `Emulator.transport` in the caller's; and so
    is everything with `fixture`, which takes less time than a process costs.

    Args:
        settings: `engine`, `overlap`, `workers` and `read_seconds` of them.

    Raises what `check_engine` and `Workers` raise.
    """

    def __init__(self, settings: Settings) -> None:
        self.ready = False
        self._engine = settings.engine
        self._overlap: Overlap = settings.overlap
        self._seconds = settings.read_seconds
        check_engine(self._engine, self._overlap)
        self._lock = Lock()
        self._recognizer: Recognizer | None = None
        self._workers: Workers | None = None
        if self._engine != "fixture" and can_spawn():
            self._workers = Workers(self._engine, self._overlap, settings.workers, self._seconds)
            weakref.finalize(self, self._workers.close)  # for whoever forgets `close`

    def open(self) -> None:
        """Be ready for calls of this process, the first of which loads the engine."""
        self.ready = True

    def load(self) -> None:
        """Be ready for calls over HTTP; blocks while a process loads the engine, the first time.

        Raises EngineUnavailableError.
        """
        with self._lock:
            if self._workers is not None:
                self._workers.start()
            self.ready = True

    def close(self) -> None:
        """Let the engine go, at once, whatever it is at; may be called again."""
        with self._lock:
            self.ready = False
            recognizer, self._recognizer = self._recognizer, None
            if self._workers is not None:
                self._workers.close()
        if recognizer is not None:
            recognizer.close()

    def is_instant(self, image: bytes) -> bool:
        """Whether `read` will take no time to speak of, and not wait."""
        if self._engine != "fixture" or len(image) > _INSTANT:
            return False
        size = stated_size(image)
        return size is None or prod(size) <= _INSTANT_PIXELS

    async def read(
        self, image: bytes, effects: Effects, *, cropping: bool, end: float
    ) -> Recognition:
        """What the engine says of an image; cancelling this ends the reading, in a process.

        Args:
            image: A PNG or JPEG, or what a stranger takes for one.
            effects: How to wait.
            cropping: As `Recognizer.recognize` takes it.
            end: When the time is up, as `monotonic` tells it; heeded by processes.

        Raises Refused: what `Recognizer` refuses with; 5005003 if the time is up or the process
        died, 5000503 if it is up before there was a process free, or none can be begun (inferred).
        """
        if self.is_instant(image):
            return self._in_process().recognize(image, cropping=cropping)
        if self._workers is None or effects.in_process:
            recognizer = await effects.compute(self._in_process)
            return await effects.compute(partial(recognizer.recognize, image, cropping=cropping))
        check_head(image)
        if not self._workers.started:
            await effects.compute(self.load)
        job = self._workers.submit(image, cropping=cropping)
        try:
            return await effects.within(end - monotonic(), effects.outcome(job.future))
        except TimeoutError:
            if job.began:
                raise Refused(FAILED, "reading took too long, and was ended") from None
            raise Refused(UNAVAILABLE, "no engine process was free in time") from None
        finally:
            job.end()

    def _in_process(self) -> Recognizer:
        """The engine in this process, loaded; blocks, the first time."""
        with self._lock:
            if self._recognizer is None:
                recognizer = Recognizer(self._engine, self._overlap, self._seconds)
                recognizer.load()
                self._recognizer = recognizer
                self.ready = True
            return self._recognizer
