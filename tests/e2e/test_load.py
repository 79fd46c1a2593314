"""Many calls over one client: from threads, tasks, one event loop after another. None is lost."""

import asyncio
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from e2e.both_clients import KEYS
from e2e.raw_server import OK, OK_AND_MORE, RawServer
from nhncloud_ocr import AsyncOcrClient, OcrClient, OcrError, RetryPolicy
from nhncloud_ocr_emulator import Emulator, embed_text
from patience import PATIENCE
from unit.support import PNG
from variables import variables

TEXTS = [f"{number}번 영수증 total {number * 17}" for number in range(500)]
IMAGES = [embed_text(PNG, text) for text in TEXTS]


@pytest.fixture
def server():
    """An emulator of each test's own, whose journal has this test's calls alone."""
    with Emulator(engine="fixture") as emulator:
        yield emulator


@pytest.fixture
def options(server):
    return {"app_key": server.app_key, "secret_key": server.secret_key, "base_url": server.base_url}


def test_200_calls_from_16_threads_lose_nothing(server, options) -> None:
    with OcrClient(**options) as ocr, ThreadPoolExecutor(16) as threads:
        pages = list(threads.map(ocr.recognize, IMAGES[:200]))
    assert [page.text for page in pages] == TEXTS[:200]
    assert [page.attempts for page in pages] == [1] * 200
    assert len(server.calls) == 200


def test_clients_that_share_connections_share_them_across_threads(server, options) -> None:
    with OcrClient(**options) as ocr, ThreadPoolExecutor(16) as threads:
        clients = [
            ocr,
            ocr.with_options(timeout=60),
            ocr.with_options(retry=RetryPolicy(attempts=5)),
        ]
        pages = list(
            threads.map(lambda number: clients[number % 3].recognize(IMAGES[number]), range(120))
        )
    assert [page.text for page in pages] == TEXTS[:120]
    assert len(server.calls) == 120


def test_500_concurrent_tasks_lose_nothing(server, options) -> None:
    async def run():
        async with AsyncOcrClient(**options) as ocr:
            return await asyncio.gather(*map(ocr.recognize, IMAGES))

    pages = asyncio.run(run())
    assert [page.text for page in pages] == TEXTS
    assert (
        len(server.calls) == 500
    )  # a slow machine may have had to connect twice, but nothing was sent twice


def test_calls_that_wait_while_the_client_is_closed_leave_no_connection_open() -> None:
    """150 calls, of which 100 are under way when it is closed; then it is closed again."""

    async def run():
        connections, under_way, closed = [], asyncio.Semaphore(0), asyncio.Event()

        async def serve(reader, writer):
            connections.append(asyncio.current_task())
            try:
                await reader.readuntil(b"\r\n\r\n")
                under_way.release()
                await closed.wait()
                writer.write(OK_AND_MORE)
                while await reader.read(65536):
                    pass
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ocr = AsyncOcrClient(**KEYS, base_url=url, retry=RetryPolicy(attempts=1))
        calls = [asyncio.create_task(ocr.recognize(PNG)) for _ in range(150)]
        for _ in range(100):
            await under_way.acquire()
        await ocr.aclose()
        closed.set()
        await asyncio.gather(*calls, return_exceptions=True)
        await ocr.aclose()
        await asyncio.wait_for(asyncio.gather(*connections), PATIENCE)
        server.close()

    asyncio.run(run())


def test_calls_that_are_cancelled_give_their_connections_back() -> None:
    """As many as the pool has connections: a leak would leave the last call waiting for ever."""
    size = 100  # httpx's default

    async def run():
        loop, arrived = asyncio.get_running_loop(), asyncio.Semaphore(0)

        def script(connection):
            connection.read_request()
            if server.connections <= size:
                loop.call_soon_threadsafe(arrived.release)
                connection.hold()
            connection.send(OK)

        with RawServer(script) as server:
            async with AsyncOcrClient(**KEYS, base_url=server.url) as ocr:
                calls = [asyncio.create_task(ocr.recognize(PNG)) for _ in range(size)]
                for _ in calls:
                    await arrived.acquire()
                for call in calls:
                    call.cancel()
                await asyncio.gather(*calls, return_exceptions=True)
                return await asyncio.wait_for(ocr.recognize(PNG), PATIENCE)

    assert asyncio.run(run()).text == "stella"


ONE_LOOP_AFTER_ANOTHER = """
import asyncio, gc, importlib.util, pathlib, sys
from nhncloud_ocr import AsyncOcrClient

ocr = AsyncOcrClient()

async def show(image):
    page = await ocr.recognize(image)
    sys.stdout.write(f"{page.text}\\n")  # in one piece, for threads write here too

async def in_threads(images):
    await asyncio.gather(*[asyncio.to_thread(asyncio.run, show(image)) for image in images])

images = [pathlib.Path(path).read_bytes() for path in sys.argv[1:]]
for image in images[:3]:
    asyncio.run(show(image))
    gc.collect()
asyncio.run(in_threads(images[3:6]))
if importlib.util.find_spec("trio"):
    import trio
    trio.run(show, images[6])
else:
    asyncio.run(show(images[6]))
asyncio.run(ocr.aclose())
gc.collect()
"""


def test_an_async_client_works_in_one_event_loop_after_another_and_leaves_no_noise(
    server, tmp_path
) -> None:
    """In a process of its own: what is left behind there is complained of when it ends."""
    paths = [tmp_path / f"{number}.png" for number in range(7)]
    for path, image in zip(paths, IMAGES, strict=False):
        path.write_bytes(image)
    done = subprocess.run(
        [sys.executable, "-W", "always::ResourceWarning", "-c", ONE_LOOP_AFTER_ANOTHER, *paths],
        env={**os.environ, **variables(server), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    assert sorted(done.stdout.splitlines()) == sorted(TEXTS[:7])
    assert (done.returncode, done.stderr) == (0, "")


def test_many_tasks_of_trio_lose_nothing(options) -> None:
    trio = pytest.importorskip("trio")
    pages = {}

    async def run():
        async def one(number):
            pages[number] = await ocr.recognize(IMAGES[number])

        async with AsyncOcrClient(**options) as ocr, trio.open_nursery() as nursery:
            for number in range(50):
                nursery.start_soon(one, number)

    trio.run(run)
    assert [pages[number].text for number in range(50)] == TEXTS[:50]


def test_closing_twice_is_fine_and_later_calls_say_so(options) -> None:
    ocr = OcrClient(**options)
    with ocr:
        assert ocr.recognize(IMAGES[0]).text == TEXTS[0]
    ocr.close()
    with pytest.raises(RuntimeError, match="closed"):
        ocr.recognize(IMAGES[0])


@pytest.mark.anyio
async def test_closing_the_async_client_twice_is_fine_and_later_calls_say_so(options) -> None:
    ocr = AsyncOcrClient(**options)
    async with ocr:
        assert (await ocr.recognize(IMAGES[0])).text == TEXTS[0]
    await ocr.aclose()
    with pytest.raises(RuntimeError, match="closed"):
        await ocr.recognize(IMAGES[0])


def test_closing_a_client_with_other_options_leaves_the_connections_open(options) -> None:
    with OcrClient(**options) as ocr:
        with ocr.with_options(on_no_text="empty") as other:
            assert other.recognize(IMAGES[0]).text == TEXTS[0]
        assert ocr.recognize(IMAGES[1]).text == TEXTS[1]


def test_closing_while_calls_wait_ends_each_of_them() -> None:
    """With its result, or with an error; none hangs, and nothing else comes out."""
    arrived = threading.Semaphore(0)
    answer = threading.Event()

    def script(connection):
        connection.read_request()
        arrived.release()
        answer.wait()
        connection.send(OK)

    def call():
        try:
            return ocr.recognize(PNG).text
        except (OcrError, RuntimeError) as exc:
            return exc

    with RawServer(script) as server, ThreadPoolExecutor(8) as threads:
        ocr = OcrClient(**KEYS, base_url=server.url, timeout=PATIENCE)
        calls = [threads.submit(call) for _ in range(8)]
        for _ in calls:
            arrived.acquire()
        ocr.close()
        answer.set()
        outcomes = [each.result() for each in calls]
    assert all(
        outcome == "stella" or isinstance(outcome, (OcrError, RuntimeError)) for outcome in outcomes
    )
