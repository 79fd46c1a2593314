"""A run: takes images, sends them at its pace, and writes each step into the journal."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Iterator
from functools import partial

from nhncloud_ocr import AsyncOcrClient

from . import calls, claims, reading, rows
from .asking import ask
from .claims import Claim, Claimant
from .journal import Journal
from .outbox import Outbox
from .reading import Image, Unfit
from .settings import Settings, Settled
from .sources import Found
from .states import FAILED, PENDING, SENDING

_HELD = 32 * 2**20  # bytes of images that wait for their turn
_AHEAD = 256  # images that wait for their turn
_OTHERS = 1.0  # seconds between looks at what other processes have in hand


class Engine:
    """One run. `settled` may be asked once."""

    def __init__(self, client: AsyncOcrClient, journal: Journal, settings: Settings) -> None:
        self.settings = settings
        self.pace = settings.pace
        self._client = client
        self._journal = journal
        self._do = journal.commits.do
        self._claimant = Claimant(0)
        self._ready: deque[Image] = deque()
        self._held = 0
        self._again: deque[Image] = deque()
        self._waiting: dict[str, list[Image]] = {}  # copies of what is being sent
        self._elsewhere: list[tuple[int, Found]] = []  # what other processes have in hand
        self._running: set[asyncio.Task[None]] = set()
        self._fed = False
        self._capped = False
        self._stop: str | None = None
        self._failure: BaseException | None = None
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._outbox = Outbox(self._changed.set)

    def drain(self) -> None:
        """Begin no more calls, and end once those under way have ended."""
        self._halt("drained")

    async def settled(self, sources: Iterator[Found]) -> AsyncIterator[list[Settled]]:
        """Yield how each image of the sources ends, as many at a time as are known by then.

        Who is slow to take them slows the run down. Raises what ends the run early.
        """
        settings = self.settings
        self._journal.stopped = None
        begin = partial(self._journal.begin, **settings.of_journal)
        owner, lock = await asyncio.to_thread(begin)
        self._claimant = Claimant(owner, settings.retry_failed, settings.retry_unknown)
        work = asyncio.create_task(self._work(sources))
        try:
            while some := await self._outbox.take():
                yield some
            await work
        except asyncio.CancelledError:
            for task in (work, *self._running):
                task.cancel()
            raise
        finally:
            # Nobody listens any more: let what is under way come to its end.
            self._outbox.stop_listening()
            if not work.done():
                self.drain()
                await asyncio.wait({work})
            self._journal.end(owner, lock)
        self._journal.stopped = self._stop
        if self._failure is not None:
            raise self._failure

    async def _work(self, sources: Iterator[Found]) -> None:
        feeding = asyncio.create_task(self._feed(sources))
        try:
            await self._dispatch()
            if self._running:
                await asyncio.wait(self._running)
        finally:
            self._room.set()
            feeding.cancel()
            await asyncio.wait({feeding})
            if self._running:  # cancelled
                await asyncio.wait(self._running)
            self._outbox.end()

    async def _feed(self, sources: Iterator[Found]) -> None:
        try:
            while not self._stop:
                batch = await asyncio.to_thread(reading.batch, sources)
                if not batch:
                    break
                work = partial(claims.claim, claimant=self._claimant, batch=batch)
                await self._take(await self._do(work))
        except BaseException as exc:
            self._fail(exc)
            raise
        finally:
            self._fed = True
            self._changed.set()

    async def _take(self, found: list[Claim]) -> None:
        """Read the images that are this run's to send; note the others."""
        mine = []
        for claim in found:
            if claim.state == PENDING:
                mine.append(claim)
            elif claim.state == SENDING:
                self._elsewhere.append((claim.item, claim.found))
            elif claim.state != claims.IN_HAND:
                await self._outbox.room()
                self._outbox.put(Settled(claim.item, claim.state, fresh=False))
        while mine and not self._stop:
            images = await asyncio.to_thread(reading.read_some, mine, self.settings.cropping)
            del mine[: len(images)]
            for image in images:
                if isinstance(image, Unfit):
                    await self._outbox.room()
                    await self._write_unfit(image)
                else:
                    self._ready.append(image)
                    self._held += len(image.data or b"")
            self._changed.set()
            while self._fed_enough() and not self._stop:
                self._room.clear()
                await self._room.wait()

    def _fed_enough(self) -> bool:
        return not self._fed and (self._held > _HELD or len(self._ready) > _AHEAD)

    async def _write_unfit(self, image: Unfit) -> None:
        error = rows.safe(image.error)
        await self._do(lambda c: calls.fail(c, self._claimant, image.item, image.sha256, error))
        self._outbox.put(Settled(image.item, FAILED))

    async def _dispatch(self) -> None:
        while (image := await self._next()) is not None:
            if not await self._turn():
                return
            task = asyncio.create_task(self._one(image, self.pace.begin()))
            self._running.add(task)
            task.add_done_callback(self._ended)

    async def _next(self) -> Image | None:
        """Return the next image to send, None once there is none left, or the run is to end."""
        while not self._stop:
            if self._again and not self._capped:
                return self._again.popleft()
            if self._ready:
                image = self._ready.popleft()
                self._held -= len(image.data or b"")
                self._room.set()
                return image
            if self._fed and not self._running:
                if self._again:
                    return self._again.popleft()
                if not self._elsewhere:
                    return None
                await self._look_at_others()
            else:
                await self._change(math.inf)
        return None

    async def _turn(self) -> bool:
        """Wait until a call may begin; return whether one may at all."""
        while not self._stop:
            if self._capped:
                if not self._running:
                    self._halt("cap")
                    break
                await self._change(math.inf)
                continue
            if self._outbox.is_full:
                await self._change(math.inf)
                continue
            delay = self.pace.delay()
            if delay <= 0:
                return True
            if self.pace.silence() > self.settings.patience:
                self._halt("away")
            else:
                await self._change(delay)
        return False

    async def _change(self, seconds: float) -> None:
        """Wait until something has changed, or so many seconds."""
        self._changed.clear()
        if math.isinf(seconds):
            await self._changed.wait()
            return
        timer = asyncio.get_running_loop().call_later(seconds, self._changed.set)
        await self._changed.wait()
        timer.cancel()

    async def _look_at_others(self) -> None:
        """See what has become of what other processes had; take what the dead have left."""
        await self._change(_OTHERS)
        mine, path = self._claimant, self._journal.path
        await self._do(lambda c: claims.take_over(c, path, mine.owner))
        left, self._elsewhere = self._elsewhere, []
        for start in range(0, len(left), reading.BATCH):
            some = left[start : start + reading.BATCH]
            work = partial(claims.claim_again, claimant=mine, left=some)
            await self._take(await self._do(work))

    async def _one(self, image: Image, begun: float) -> None:
        if image.data is None and not image.found.is_url:  # a copy that has waited
            again = await asyncio.to_thread(
                reading.read, image.item, image.found, self.settings.cropping
            )
            if isinstance(again, Unfit):
                self.pace.unsent()
                await self._write_unfit(again)
                return
            image = again
        mine, item, key = self._claimant, image.item, image.key
        most = self.settings.max_calls
        intent = await self._do(lambda c: calls.intend(c, mine, item, key, image.sha256, most))
        if intent.verdict != "send":
            self.pace.unsent()
            await self._not_sent(image, intent)
            return
        found = await ask(self._client, image, self._journal.store)
        if found.stop is not None:
            self._failure = self._failure or found.error
            self._halt(found.stop)
        ending = found.ending
        await self._do(lambda c: calls.end(c, item, key, intent.attempt, ending))
        if found.pace is None:
            self.pace.unsent()
        else:
            self.pace.end(begun, found.pace)
        self.pace.wait(found.wait)
        if ending.refund:
            self._capped = False
        if ending.state == PENDING:
            self._again.append(image)
            return
        self._outbox.put(Settled(item, ending.state, called=True))
        self._again.extend(self._waiting.pop(key, ()))

    async def _not_sent(self, image: Image, intent: calls.Intent) -> None:
        if intent.verdict == "settled":
            self._outbox.put(Settled(image.item, intent.state))
        elif intent.verdict == "capped":
            self._capped = True
            self._again.append(image)
        elif intent.by == self._claimant.owner:
            image.data = None if not image.found.is_url else image.data
            self._waiting.setdefault(image.key, []).append(image)
        else:
            await self._do(lambda c: claims.give_back_one(c, image.item))
            self._elsewhere.append((image.item, image.found))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._changed.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        """End the run for an error that is no image's."""
        if self._failure is None and not isinstance(error, asyncio.CancelledError):
            self._failure = error
        self._halt("failed")

    def _halt(self, why: str) -> None:
        if self._stop is None:
            self._stop = why
        self._changed.set()
        self._room.set()
