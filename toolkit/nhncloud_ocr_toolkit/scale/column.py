"""One column in, columns out: what an engine calls on a worker."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from nhncloud_ocr import AsyncOcrClient

from ..bulk import reading, rows
from ..bulk.asking import ask
from ..bulk.calls import Ending
from ..bulk.entry import once
from ..bulk.pace import Pace
from ..bulk.reading import Image, Unfit
from ..bulk.sources import Found, single
from ..bulk.states import COLUMNS, FAILED, PENDING, Row
from ..bulk.verdicts import Verdict
from .gate import Gate
from .leases import Purse
from .ledger import Ledger

ClientOptions: TypeAlias = "Mapping[str, Any] | Callable[[], Mapping[str, Any]]"
_BUSY = 0.25  # seconds between looks at what another worker is doing
_PATIENCE = 600.0  # seconds for a service that turns everything away
_CAPPED = "no call is left: the cap of the ledger was reached"
_AWAY = "the service turned everything away for ten minutes"


def recognize_column(
    batch: Iterable[Any],
    *,
    ledger: Ledger,
    client_options: ClientOptions | None = None,
    concurrency: int = 16,
) -> dict[str, list[Any]]:
    """Recognise a column; return the columns of rows as `bulk` exports them, equally long.

    batch: paths, URLs (http, s3, gs, az), bytes, or mappings with `ref` and maybe `id`.
    client_options: of AsyncOcrClient, or what returns them; by default keys come from the worker's
        environment, where they belong: an engine writes down what it is given.

    A row never raises. Refused keys do, and a store that cannot hold a ledger: AuthenticationError,
    PermissionDeniedError, ConfigurationError, BadRequestError, LedgerError.
    """
    options = client_options() if callable(client_options) else client_options
    found = asyncio_run(_recognize(list(batch), ledger, dict(options or {}), concurrency))
    return {name: [row[name] for row in found] for name in COLUMNS}


def asyncio_run(work: Any) -> Any:
    """Run a coroutine to its end, also where this thread's event loop is busy: in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    box: list[Any] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            box.append(asyncio.run(work))
        except BaseException as exc:
            failed.append(exc)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return box[0]


async def _recognize(
    batch: list[Any], ledger: Ledger, options: dict[str, Any], concurrency: int
) -> list[Row]:
    await ledger.open()
    found: list[Row | None] = [None] * len(batch)
    waiting = iter(enumerate(batch))
    async with AsyncOcrClient(**options) as client:
        worker = _Worker(once(client), ledger, concurrency)

        async def work() -> None:
            for number, given in waiting:
                found[number] = await worker.row(given)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_plainly(work())) for _ in range(concurrency)]
    for task in tasks:
        error = task.result()
        if error is not None:
            raise error
    return [row for row in found if row is not None]


async def _plainly(work: Any) -> Exception | None:
    """Return what ends the run, for a task group would wrap it."""
    try:
        await work
    except Exception as exc:
        return exc
    return None


class _Worker:
    def __init__(self, client: AsyncOcrClient, ledger: Ledger, concurrency: int) -> None:
        self._client = client
        self._ledger = ledger
        self._gate = Gate(Pace(concurrency))
        self._purse = Purse(ledger.leases, ledger.take_lot)
        self._stop: Exception | None = None

    async def row(self, given: Any) -> Row:
        """Return what becomes of one image. Raises what ends the run."""
        if self._stop is not None:
            raise self._stop
        found, image = await asyncio.to_thread(_read, given)
        if isinstance(image, Unfit):
            return _row(found, None, {"state": FAILED, "error": rows.safe(image.error)})
        return _row(found, image.sha256, await self._settled(image))

    async def _settled(self, image: Image) -> Mapping[str, Any]:
        key = hashlib.sha256(image.key.encode()).hexdigest()
        while (known := await self._ledger.result(key)) is None:
            if not await self._purse.spend():
                return {"state": FAILED, "error": _CAPPED}
            claim = await self._ledger.claim(key)
            if claim.verdict == "mine":
                return await self._sent(image, key)
            self._purse.give_back()
            if claim.verdict == "busy":
                await asyncio.sleep(_BUSY)
        return known

    async def _sent(self, image: Image, key: str) -> Mapping[str, Any]:
        """Send what is claimed, until it is answered; write that down."""
        attempts = 0
        while True:
            begun = await self._gate.enter(_PATIENCE)
            if begun is None or self._stop is not None:
                if begun is not None:
                    self._gate.pass_on()
                await self._give_back(key)
                if self._stop is not None:
                    raise self._stop
                return {"state": FAILED, "error": _AWAY, "attempts": attempts}
            attempts += 1
            found = await ask(self._client, image, "raw")
            if found.ending.state != PENDING:
                break
            self._gate.learn(begun, found)
            if found.stop is not None:
                self._stop = found.error or RuntimeError("the quota is used up")
        result = _result(found, attempts)
        await self._ledger.settle(key, result)
        self._gate.learn(begun, found)
        if found.ending.refund:
            self._purse.give_back()
        return result

    async def _give_back(self, key: str) -> None:
        await self._ledger.release(key)
        self._purse.give_back()


def _read(given: Any) -> tuple[Found, Image | Unfit]:
    if isinstance(given, (bytes, bytearray, memoryview)):
        data = bytes(given)
        digest = hashlib.sha256(data).hexdigest()
        found = Found(f"sha256:{digest}", "", content=data)
    elif isinstance(given, Mapping):
        found = single(str(given["ref"]), given.get("id"))
    else:
        found = single(str(given))
    return found, reading.read(0, found, cropping=False)


def _result(found: Verdict, attempts: int) -> dict[str, Any]:
    ending: Ending = found.ending
    reply = None if ending.reply is None else base64.b64encode(ending.reply).decode()
    return {
        "state": ending.state,
        "error": ending.error,
        "text": ending.text,
        "reply": reply,
        "attempts": attempts,
        "maybe_billed": ending.maybe_billed,
    }


def _row(found: Found, sha256: str | None, result: Mapping[str, Any]) -> Row:
    reply = result.get("reply")
    return rows.assembled(
        given=found.given,
        ref=found.ref,
        state=result["state"],
        sha256=sha256,
        text=result.get("text"),
        reply=None if reply is None else base64.b64decode(reply),
        error=result.get("error"),
        attempts=result.get("attempts", 0),
        maybe_billed=result.get("maybe_billed", False),
    )
