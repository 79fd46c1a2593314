"""Memory that uploads and downloads share: who waits for it, and who must not hold it up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import anyio
import httpx
import pytest
from emulator.web import Send, Web, page
from emulator.wire import connected, reply_on
from hypothesis import given, strategies as st
from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_emulator._budget import SILENT_SECONDS, Budget, Share
from nhncloud_ocr_emulator._effects import AsyncEffects
from nhncloud_ocr_emulator._size import MAX_IMAGE
from patience import PATIENCE

MIB = 1024 * 1024


LITTLE = 64 * 1024  # what each may hold besides
SENT = 1_900_000
HEAD_OF_PART = b'--b\r\nContent-Disposition: form-data; name="image"; filename="i"\r\n\r\n'


class Clocked(Budget):
    """A budget whose clock stands until a test moves it.

    `held` is set once so many bytes are held, `contended` once somebody waits.
    """

    def __init__(self, limit: int, held: int = 0) -> None:
        super().__init__(limit, clock=lambda: self.now)
        self.now = 0.0
        self.held, self.contended = Event(), Event()
        self._most_free = limit - held

    def take(self, share: Share, size: int, rest: int) -> bool:
        taken = super().take(share, size, rest)
        if not taken:
            self.contended.set()
        elif self._free <= self._most_free:
            self.held.set()
        return taken


def test_an_upload_that_stopped_gives_way_to_one_that_waits(
    ocr_emulator: Emulator, image: bytes
) -> None:
    service = ocr_emulator.app.service
    service._uploads = budget = Clocked(3 * MIB, held=SENT - LITTLE)
    path = f"/v1.0/appkeys/{ocr_emulator.app_key}/general"

    def upload() -> httpx.Response:
        return httpx.post(
            ocr_emulator.base_url + path,
            files={"image": ("i.png", image + bytes(2_000_000))},
            headers={"Authorization": ocr_emulator.secret_key},
            timeout=PATIENCE,
            verify=False,
        )

    with connected(ocr_emulator.base_url) as stopped:
        stopped.sendall(
            f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {ocr_emulator.secret_key}\r\n"
            "Content-Type: multipart/form-data; boundary=b\r\n"
            "Content-Length: 2000000\r\n\r\n".encode()
            + HEAD_OF_PART.ljust(SENT, b"\0")
        )
        assert budget.held.wait(PATIENCE)
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(upload)
            assert budget.contended.wait(PATIENCE)
            budget.now += SILENT_SECONDS + 1
            assert waiting.result().json()["result"]
        reply = reply_on(stopped)
    assert b'"resultCode":400' in reply
    assert b"connection: close" in reply.lower()
    (told,) = [call for call in ocr_emulator.calls if call.result_code == 400]
    assert told.size == SENT
    assert (told.reason or "").startswith("the upload stopped for 5 s, and others waited")


def test_a_download_that_stopped_gives_way_to_one_that_waits(image: bytes) -> None:
    def half(send: Send) -> None:
        send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + bytes(500_000))
        web.closing.wait(PATIENCE)

    with Emulator(engine="fixture", allow_private_urls=True) as emulator, Web() as web:
        emulator.app.service._downloads = budget = Clocked(MAX_IMAGE, held=500_000 - LITTLE)
        web.pages.update({"/half": half, "/": page(image + bytes(200_000))})

        def call(path: str) -> int:
            reply = httpx.post(
                f"{emulator.base_url}/v1.0/appkeys/{emulator.app_key}/general",
                json={"imageUrl": web.url(path)},
                headers={"Authorization": emulator.secret_key},
                timeout=PATIENCE,
                verify=False,
            )
            return reply.json()["header"]["resultCode"]

        with ThreadPoolExecutor(2) as threads:
            stopped = threads.submit(call, "/half")
            assert budget.held.wait(PATIENCE)
            waiting = threads.submit(call, "/")
            assert budget.contended.wait(PATIENCE)
            budget.now += SILENT_SECONDS + 1
            assert (stopped.result(), waiting.result()) == (4000503, 0)
        assert any("the download stopped for 5 s" in (call.reason or "") for call in emulator.calls)


def test_who_sends_a_little_now_and_then_or_stands_in_nobodys_way_stays() -> None:
    budget = Clocked(2 * MIB)
    with budget.share(MIB) as silent, budget.share(MIB) as slow, budget.share(MIB) as small:
        assert silent.grows_to(900_000)
        assert slow.grows_to(500_000)
        assert small.grows_to(LITTLE)
        budget.now = 30.0
        assert not silent.is_in_the_way()
        with budget.share(MIB) as waiting:
            assert not waiting.grows_to(MIB)
            budget.now = 34.0
            assert slow.grows_to(500_001)
            budget.now = 38.0
            shares = (silent, slow, small, waiting)
            assert [each.is_in_the_way() for each in shares] == [True, False, False, False]
        assert not silent.is_in_the_way()  # who waited has gone


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, MIB), st.floats(0, 4)), max_size=60))
def test_once_the_silent_are_let_go_whoever_waits_gets_all_it_needs(
    pieces: list[tuple[int, int, float]],
) -> None:
    budget, need = Clocked(4 * MIB), 2 * MIB
    with ExitStack() as stack:
        calls = [stack.enter_context(ExitStack()) for _ in range(5)]
        shares = {who: call.enter_context(budget.share(need)) for who, call in enumerate(calls)}
        for who, size, seconds in pieces:
            shares[who].grows_to(min(need, shares[who].held + size))
            budget.now += seconds
            assert not shares[who].is_in_the_way()
        budget.now += SILENT_SECONDS
        with budget.share(need) as waiting:
            while not waiting.grows_to(need):
                budget.now += SILENT_SECONDS + 1
                gone = [who for who, share in shares.items() if share.is_in_the_way()]
                # Those that wait are none of them: they go on once it is their turn.
                assert gone or any(share.grows_to(need) for share in shares.values())
                for who in gone:
                    calls[who].close()
                    del shares[who]


@pytest.mark.anyio
async def test_what_does_not_fit_into_memory_waits() -> None:
    class Waiting(AsyncEffects):
        """Tells that somebody waits, and lets the test say until when."""

        def __init__(self) -> None:
            self.began, self.go_on = anyio.Event(), anyio.Event()

        async def sleep(self, seconds: float) -> None:
            self.began.set()
            await self.go_on.wait()

    budget, effects = Budget(3 * MIB), Waiting()
    order = []

    async def second() -> None:
        with budget.share(2 * MIB) as share:
            await share.grow(2 * MIB, effects)
            order.append("second goes on")

    async with anyio.create_task_group() as tasks:
        with budget.share(2 * MIB) as share:
            await share.grow(2 * MIB, effects)
            tasks.start_soon(second)
            await effects.began.wait()
            order.append("first ends")
        effects.go_on.set()
    assert order == ["first ends", "second goes on"]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, MIB)), max_size=60))
def test_uploads_that_share_memory_never_wait_for_each_other_in_a_circle(
    pieces: list[tuple[int, int]],
) -> None:
    """Each may stop anywhere; one of those that go on can always have all it needs."""
    budget, need = Budget(4 * MIB), 2 * MIB
    with ExitStack() as stack:
        shares = [stack.enter_context(budget.share(need)) for _ in range(5)]
        for who, size in pieces:
            shares[who].grows_to(min(need, shares[who].held + size))
        assert any(share.grows_to(need) for share in shares)


def test_a_budget_tells_once_that_something_was_let_go() -> None:
    budget = Budget(MIB)
    with budget.share(MIB) as share:
        assert share.grows_to(MIB)
        assert not budget.was_released()
    assert budget.was_released()
    assert not budget.was_released()
    with budget.share(MIB) as share:
        assert share.grows_to(1000)  # so little is free
    assert not budget.was_released()
