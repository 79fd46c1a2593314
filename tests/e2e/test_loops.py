"""Async clients that come and go in one event loop leave nothing behind."""

import asyncio
import gc
import sys

import httpx
import pytest
from e2e.both_clients import KEYS, TRUST
from e2e.raw_server import OK_AND_MORE, RawServer
from nhncloud_ocr import AsyncOcrClient
from unit.support import PNG, Service


def answering(connection):
    while True:
        connection.read_request()
        connection.send(OK_AND_MORE)


@pytest.fixture(autouse=True)
def only_what_is_new():
    """Leave what other tests hold out of each collection, which takes seconds else."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def objects():
    gc.collect()
    return len(gc.get_objects())


async def settled():
    """Let the loop finish what the garbage collector begins."""
    for _ in range(20):
        gc.collect()
        await asyncio.sleep(0)


def test_a_client_for_each_request_leaves_nothing_in_the_loop() -> None:
    async def run(server):
        async def use(times):
            for _ in range(times):
                async with AsyncOcrClient(**KEYS, base_url=server.url, verify=TRUST) as ocr:
                    await ocr.recognize(PNG)
            await asyncio.to_thread(server.settle)

        await use(20)
        before = objects()
        await use(100)
        return objects() - before

    with RawServer(answering) as server:
        assert asyncio.run(run(server)) < 200  # the server here keeps one for each


def test_a_client_that_was_never_closed_leaves_nothing_once_it_is_gone() -> None:
    async def run():
        for _ in range(20):
            await AsyncOcrClient(**KEYS, transport=httpx.MockTransport(Service())).recognize(PNG)
        await settled()
        before = objects()
        for _ in range(100):
            await AsyncOcrClient(**KEYS, transport=httpx.MockTransport(Service())).recognize(PNG)
        await settled()
        return objects() - before

    assert asyncio.run(run()) < 100


def test_a_closed_client_makes_no_transport_in_another_loop() -> None:
    made = []

    def make(*arguments, **options):
        made.append(1)
        return httpx.MockTransport(Service())

    ocr = AsyncOcrClient(**KEYS, transport=httpx.MockTransport(Service()))
    ocr._pool._make = make
    asyncio.run(ocr.recognize(PNG))
    asyncio.run(ocr.aclose())
    with pytest.raises(RuntimeError, match="closed"):
        asyncio.run(ocr.recognize(PNG))
    assert made == []


def test_calls_that_wait_for_their_turn_when_the_client_is_closed_are_not_sent() -> None:
    sent = []

    class Held(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            sent.append(request)
            if len(sent) == 100:
                full.set()
            await closed.wait()
            return httpx.Response(503)

    async def run():
        nonlocal full, closed
        full, closed = asyncio.Event(), asyncio.Event()
        ocr = AsyncOcrClient(**KEYS, transport=Held())
        calls = [asyncio.create_task(ocr.recognize(PNG)) for _ in range(150)]
        await full.wait()
        await ocr.aclose()
        closed.set()
        return await asyncio.gather(*calls, return_exceptions=True)

    full = closed = None
    outcomes = asyncio.run(run())
    assert len(sent) == 100
    assert [type(each) for each in outcomes] == [RuntimeError] * 150


class Searches:
    """Counts what is looked for on the import path."""

    def __init__(self):
        self.names = []

    def find_spec(self, name, path=None, target=None):
        self.names.append(name)


def test_a_call_searches_the_import_path_for_nothing() -> None:
    """httpcore asks for sniffio on each call: where it is missing, that is a search each time."""

    async def run(url):
        async with AsyncOcrClient(**KEYS, base_url=url, verify=TRUST) as ocr:
            await ocr.recognize(PNG)
            searches = Searches()
            sys.meta_path.insert(0, searches)
            try:
                for _ in range(3):
                    await ocr.recognize(PNG)
            finally:
                sys.meta_path.remove(searches)
            return searches.names

    with RawServer(answering) as server:
        assert asyncio.run(run(server.url)) == []
