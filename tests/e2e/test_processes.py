"""A client from before a fork: each process has connections of its own, and its own answers."""

import asyncio
import os
import pickle
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import trustme
from e2e.both_clients import KEYS, TRUST
from e2e.raw_server import OK_AND_MORE, RawServer
from nhncloud_ocr import AsyncOcrClient, OcrClient
from nhncloud_ocr_emulator import Emulator
from patience import PATIENCE
from unit.support import PNG
from variables import variables

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
    # Python 3.12 and later warn of what this file is about.
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]


def in_child(work: Callable[[], Any]) -> Any:
    """What `work` returns in a forked child; what it raises there is raised here."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            answer = (work(), None)
        except BaseException as exc:
            answer = (None, f"{type(exc).__name__}: {exc}")
        try:
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(answer, pipe)
        finally:
            os._exit(0)  # nothing of this test run is the child's to end
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        returned, failed = pickle.load(pipe)
    os.waitpid(child, 0)
    assert failed is None, failed
    return returned


@pytest.fixture
def forked(server):
    """Runs a script in a process of its own, which may fork without this one's threads."""

    def run(script):
        done = subprocess.run(
            [sys.executable, "-W", "error::ResourceWarning", "-c", script],
            env={**os.environ, **variables(server), "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def server():
    with Emulator(engine="fixture") as emulator:
        yield emulator


@pytest.fixture
def counting():
    """Keeps every connection open, and the requests that came over each; the key is its port."""
    seen: dict[int, int] = {}

    def script(connection):
        port = connection.sock.getpeername()[1]
        seen[port] = 0
        while True:
            connection.read_request()
            seen[port] += 1
            connection.send(OK_AND_MORE)

    with RawServer(script) as server:
        server.seen = seen
        yield server


def test_a_child_opens_a_connection_of_its_own(counting) -> None:
    with OcrClient(**KEYS, base_url=counting.url) as ocr:
        assert ocr.recognize(PNG).text == "stella"
        for _ in range(3):
            assert in_child(lambda: ocr.recognize(PNG).text) == "stella"
        assert ocr.recognize(PNG).text == "stella"
    first, *others = counting.seen.values()
    assert first == 2
    assert others == [1, 1, 1]


def test_a_child_that_closes_the_client_leaves_the_parents_connections_open(counting) -> None:
    with OcrClient(**KEYS, base_url=counting.url) as ocr:
        ocr.recognize(PNG)
        in_child(ocr.close)
        ocr.recognize(PNG)
    assert list(counting.seen.values()) == [2]


def test_an_injected_transport_of_httpx_is_kept_apart_too(counting) -> None:
    with OcrClient(**KEYS, base_url=counting.url, transport=httpx.HTTPTransport()) as ocr:
        ocr.recognize(PNG)
        in_child(lambda: ocr.recognize(PNG).text)
        ocr.recognize(PNG)
    assert list(counting.seen.values()) == [2, 1]


def test_over_tls_neither_closes_the_others_session() -> None:
    """A child that closes a TLS connection may say goodbye on it: its parent's would be over."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)

    def script(connection):
        while True:
            connection.read_request()
            connection.send(OK_AND_MORE)

    with (
        RawServer(script, tls=context) as server,
        OcrClient(**KEYS, base_url=server.url, verify=trusting) as ocr,
    ):
        ocr.recognize(PNG)

        def work():
            text = ocr.recognize(PNG).text
            ocr.close()
            return text

        assert in_child(work) == "stella"
        assert ocr.recognize(PNG).text == "stella"
        assert server.connections == 2


def test_a_lock_that_another_thread_held_at_the_fork_holds_up_no_child(counting) -> None:
    """The pool's own lock, held for the whole of the fork."""
    with OcrClient(**KEYS, base_url=counting.url) as ocr:
        ocr.recognize(PNG)
        pool = ocr._pool.transport().transport._pool.here()
        held, forked = threading.Event(), threading.Event()

        def hold():
            with pool._optional_thread_lock:
                held.set()
                forked.wait(PATIENCE)

        thread = threading.Thread(target=hold)
        thread.start()
        held.wait(PATIENCE)
        try:
            assert in_child(lambda: ocr.recognize(PNG).text) == "stella"
        finally:
            forked.set()
            thread.join()


def test_threads_of_a_child_share_its_connections(counting) -> None:
    def work():
        threads = [threading.Thread(target=ocr.recognize, args=(PNG,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return ocr.recognize(PNG).text

    with OcrClient(**KEYS, base_url=counting.url) as ocr:
        ocr.recognize(PNG)
        assert in_child(work) == "stella"
        ocr.recognize(PNG)
    assert sum(counting.seen.values()) == 11
    assert next(iter(counting.seen.values())) == 2


def test_an_async_client_works_in_a_childs_event_loop(counting) -> None:
    ocr = AsyncOcrClient(**KEYS, base_url=counting.url, verify=TRUST)

    async def parent():
        assert (await ocr.recognize(PNG)).text == "stella"
        # A loop may not be inherited while it runs, so the child gets a thread without one.
        answers = []
        thread = threading.Thread(target=lambda: answers.append(in_child(child)))
        thread.start()
        await asyncio.to_thread(thread.join)
        assert (await ocr.recognize(PNG)).text == "stella"
        await ocr.aclose()
        return answers

    def child():
        async def work():
            text = (await ocr.recognize(PNG)).text
            await ocr.aclose()
            return text

        return asyncio.run(work())

    assert asyncio.run(parent()) == ["stella"]
    assert list(counting.seen.values()) == [2, 1]


MULTIPROCESSING = """
import multiprocessing, sys
from nhncloud_ocr import OcrClient
from nhncloud_ocr_emulator import embed_text

PNG = open(%r, "rb").read()
ocr = OcrClient()


def work(name):
    return [ocr.recognize(embed_text(PNG, [[f"{name} {number}"]])).text for number in range(10)]


if __name__ == "__main__":
    ocr.recognize(embed_text(PNG, [["parent"]]))
    with multiprocessing.get_context("fork").Pool(4) as pool:
        texts = pool.map(work, "abcdefgh", chunksize=1)
    assert texts == [[f"{name} {number}" for number in range(10)] for name in "abcdefgh"], texts
    assert ocr.recognize(embed_text(PNG, [["parent"]])).text == "parent"
    print("well")
"""


def test_the_pool_of_multiprocessing_gets_its_own_texts(forked, tmp_path) -> None:
    path = tmp_path / "image.png"
    path.write_bytes(PNG)
    assert forked(MULTIPROCESSING % str(path)) == "well\n"
