"""Work that blocks has threads of its own, and nobody waits for them at the end."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from threading import Event
from typing import Any

import anyio
import httpx
import pytest
from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_emulator._threads import Threads, outcome
from patience import PATIENCE, until


@pytest.fixture
def released() -> Iterator[Event]:
    event = Event()
    yield event
    event.set()


def test_no_more_threads_than_the_limit_and_none_when_idle(released: Event) -> None:
    threads = Threads("test-limit", 2)  # no other test's name: its threads may be ending still
    begun = [Event() for _ in range(3)]

    def work(number: int) -> int:
        begun[number].set()
        released.wait(PATIENCE)
        return number

    futures = [threads.submit(lambda number=number: work(number)) for number in range(3)]
    assert begun[0].wait(PATIENCE)
    assert begun[1].wait(PATIENCE)
    assert not begun[2].is_set()
    ours = [thread for thread in threading.enumerate() if thread.name == "test-limit"]
    assert len(ours) == 2
    assert all(thread.daemon for thread in ours)
    released.set()
    assert [future.result(PATIENCE) for future in futures] == [0, 1, 2]
    for thread in ours:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_what_is_cancelled_before_its_turn_is_not_begun(released: Event) -> None:
    threads = Threads("test-threads", 1)
    first = threads.submit(lambda: released.wait(PATIENCE))
    begun = Event()
    second = threads.submit(begun.set)
    assert second.cancel()
    last = threads.submit(lambda: "done")
    released.set()
    assert (first.result(PATIENCE), last.result(PATIENCE)) == (True, "done")
    assert not begun.is_set()


def test_where_the_system_has_no_thread_to_give_the_next_work_has_one(
    monkeypatch: pytest.MonkeyPatch, released: Event
) -> None:
    threads = Threads("test-threads", 2)

    class NoneLeft(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    def submit_where_none_is_left() -> Future[str]:
        with monkeypatch.context() as patch:
            patch.setattr("nhncloud_ocr_emulator._threads.Thread", NoneLeft)
            return threads.submit(lambda: "done")

    for _ in range(3):
        with pytest.raises(RuntimeError, match="can't start new thread"):
            submit_where_none_is_left()
    first = threads.submit(lambda: released.wait(PATIENCE))
    second = submit_where_none_is_left()  # for the thread of the first
    assert threads.submit(lambda: "a thread more").result(PATIENCE) == "a thread more"
    released.set()
    assert (first.result(PATIENCE), second.result(PATIENCE)) == (True, "done")


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_its_outcome_is_waited_for_in_any_loop(backend: str, released: Event) -> None:
    threads = Threads("test-threads", 1)

    async def wait() -> None:
        assert await outcome(threads.submit(lambda: 1)) == 1
        with pytest.raises(KeyError):
            await outcome(threads.submit(lambda: {}["x"]))
        with anyio.move_on_after(0.01) as scope:
            await outcome(threads.submit(lambda: released.wait(PATIENCE)))
        assert scope.cancelled_caught

    anyio.run(wait, backend=backend)


def test_a_slow_look_up_holds_up_nobody(
    monkeypatch: pytest.MonkeyPatch, image: bytes, released: Event
) -> None:
    true_look_up = socket.getaddrinfo
    looked_up: list[str] = []

    def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host != "slow.example":
            return true_look_up(host, *args, **kwargs)
        looked_up.append(host)
        released.wait(PATIENCE)
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    failed: list[Exception] = []
    with Emulator(engine="fixture") as emulator:
        url = f"{emulator.base_url}/v1.0/appkeys/{emulator.app_key}/general"
        headers = {"Authorization": emulator.secret_key}

        def by_url() -> None:
            sent = {"imageUrl": "http://slow.example/a.png"}
            try:
                httpx.post(url, json=sent, headers=headers, timeout=PATIENCE, verify=False)
            except httpx.HTTPError as error:
                failed.append(error)

        callers = [threading.Thread(target=by_url) for _ in range(8)]
        for caller in callers:
            caller.start()
        until(lambda: len(looked_up) == len(callers))
        large = {"image": ("image.png", image + bytes(1024 * 1024))}  # the engine's threads
        response = httpx.post(url, files=large, headers=headers, timeout=PATIENCE, verify=False)
        assert response.json()["header"]["isSuccessful"]
    # The emulator has ended, the look-ups have not.
    assert not released.is_set()
    for caller in callers:
        caller.join(PATIENCE)
    assert len(failed) == len(callers)


def test_the_end_does_not_wait_for_the_engine(
    monkeypatch: pytest.MonkeyPatch, image: bytes, released: Event
) -> None:
    begun = Event()

    def recognize(*args: object, **kwargs: object) -> None:
        begun.set()
        released.wait(PATIENCE)

    monkeypatch.setattr("nhncloud_ocr_emulator._recognizer.Recognizer.recognize", recognize)
    failed: list[Exception] = []
    with Emulator(engine="fixture") as emulator:
        url = f"{emulator.base_url}/v1.0/appkeys/{emulator.app_key}/general"
        files = {"image": ("image.png", image + bytes(1024 * 1024))}

        def call() -> None:
            try:
                headers = {"Authorization": emulator.secret_key}
                httpx.post(url, files=files, headers=headers, timeout=PATIENCE, verify=False)
            except httpx.HTTPError as error:
                failed.append(error)

        caller = threading.Thread(target=call)
        caller.start()
        assert begun.wait(PATIENCE)
    assert not released.is_set()
    caller.join(PATIENCE)
    assert failed
