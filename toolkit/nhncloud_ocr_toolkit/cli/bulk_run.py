"""A run at a shell: signals, progress, and the exit code."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from nhncloud_ocr import AsyncOcrClient, OcrError

from ..bulk import Journal, JournalError
from ..bulk.engine import Engine
from ..bulk.entry import once
from ..bulk.plan import Plan
from ..bulk.settings import Settings
from ..bulk.sources import Found
from .bulk_progress import BulkProgress
from .bulk_sources import Named
from .messages import complain, said

INTERRUPTED = 130
_AT_ONCE = 2.0  # seconds
_AT_A_TIME = 1000  # images that are counted beside a run, and then
_BREATH = 0.02  # seconds in which the run has the processor to itself
_ENDED = {
    "cap": (4, "the cap was reached: the rest waits for a run with a higher one"),
    "quota": (4, "the quota is used up: the rest waits for another run"),
    "away": (1, "the service turned everything away for ten minutes: run this again later"),
    "drained": (INTERRUPTED, "interrupted: run this again to go on"),
}


def run(
    ocr: AsyncOcrClient,
    named: Named,
    arguments: argparse.Namespace,
    settings: Settings,
    seen: Plan,
) -> int:
    """Make the run; return the exit code. Raises JournalError, OSError."""
    with Journal(arguments.journal, store=arguments.store) as journal:
        if arguments.price:
            journal.remember("price", str(arguments.price))
        progress = BulkProgress(seen.images if seen.complete else None, arguments.price)
        states: Counter[str] = Counter()
        work = _run(ocr, named.to_send(), journal, settings, progress, states)
        try:
            with _counting(named, progress):
                asyncio.run(work)
        except asyncio.CancelledError:
            progress.clear()
            complain("ended at once: what was under way is unknown now, and may have been billed")
            return INTERRUPTED
        except OcrError as exc:
            progress.clear()
            complain(said(exc))
            return 2
        progress.clear()
        complain(progress.line())
        return _code(journal.stopped, states)


async def _run(
    ocr: AsyncOcrClient,
    found: Iterator[Found],
    journal: Journal,
    settings: Settings,
    progress: BulkProgress,
    states: Counter[str],
) -> None:
    async with ocr:
        engine = Engine(once(ocr), journal, settings)
        _on_signals(_Ending(engine, progress))
        async for some in engine.settled(found):
            for settled in some:
                states[settled.state] += 1
                progress.count(settled.state, fresh=settled.fresh, called=settled.called)


@contextmanager
def _counting(named: Named, progress: BulkProgress) -> Iterator[None]:
    """Count the images beside the run, if they were too many to be counted before it."""
    if progress.total is not None or not named.can_be_read_again:
        yield
        return
    ended = threading.Event()

    def count() -> None:
        images = 0
        with suppress(JournalError, OSError):  # the run itself will say so
            for _ in named.to_count(lambda: ended.wait(_BREATH)):
                images += 1
                if images % _AT_A_TIME == 0 and ended.wait(_BREATH):
                    break
            if not ended.is_set():
                progress.total = images

    thread = threading.Thread(target=count, name="nhncloud-ocr-counting", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(_BREATH)


class _Ending:
    """The first signal lets the calls under way end, the second ends at once.

    If something holds the process up then, a disk that has gone, it ends as if it were killed: the
    journal is made for that, and the next run says what is unknown.
    """

    def __init__(self, engine: Engine, progress: BulkProgress) -> None:
        self._engine = engine
        self._progress = progress
        self._task = asyncio.current_task()
        self._asked = False

    def __call__(self) -> None:
        if self._asked:
            if self._task is not None:
                self._task.cancel()
            held_up = threading.Timer(_AT_ONCE, _leave)
            held_up.daemon = True
            held_up.start()
            return
        self._asked = True
        self._progress.clear()
        under_way = self._engine.pace.in_flight
        complain(f"ending: waiting for {under_way} calls under way; once more ends at once")
        self._engine.drain()


def _leave() -> None:
    complain("ended at once: the next run says what is unknown now, and may have been billed")
    os._exit(INTERRUPTED)


def _on_signals(ending: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()

    def later(*_: Any) -> None:
        loop.call_soon_threadsafe(ending)

    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, ending)
        except (NotImplementedError, RuntimeError):  # Windows, or a thread
            try:
                signal.signal(number, later)
            except ValueError:  # not the main thread, which gets no signals
                return


def _code(stopped: str | None, states: Counter[str]) -> int:
    if stopped in _ENDED:
        code, why = _ENDED[stopped]
        complain(why)
        return code
    if states["unknown"]:
        complain(
            f"{states['unknown']:,} may have been billed, and have no result: "
            "--retry-unknown sends them again"
        )
        return 3
    return 1 if states["failed"] else 0
