"""The same over real sockets, where every layer below logs too."""

import asyncio
import os

import httpx
import pytest
from e2e.both_clients import both, recognize
from e2e.raw_server import RawServer, deaf_port
from e2e.secrets.canary import ALWAYS, outcome
from e2e.secrets.wire import WIRE, silent
from nhncloud_ocr import AsyncOcrClient, OcrError, OcrResult
from patience import PATIENCE
from unit.support import PNG


@pytest.mark.parametrize("keys", ["plain"], indirect=True)
def test_the_canary_sings_when_httpx_is_used_bare(canary) -> None:
    def call():
        path = f"v1.0/appkeys/{os.environ['NHNCLOUD_OCR_APP_KEY']}/general"
        headers = {"Authorization": os.environ["NHNCLOUD_OCR_SECRET_KEY"]}
        with deaf_port() as port:
            httpx.post(f"http://127.0.0.1:{port}/{path}", headers=headers, timeout=PATIENCE)

    places = {leak.partition(":")[0] for leak in canary.leaks(outcome(call))}
    assert places >= {"traceback", "attributes"}


@both
@pytest.mark.parametrize("script", WIRE.values(), ids=WIRE.keys())
def test_no_server_brings_a_key_out(kind, canary, script) -> None:
    timeout = httpx.Timeout(PATIENCE, read=0.1 if script is silent else PATIENCE)
    with RawServer(script) as server:
        got = outcome(recognize, kind, base_url=server.url, timeout=timeout, retry=ALWAYS)
    assert isinstance(got, (OcrError, OcrResult))
    assert canary.leaks(got) == []


@both
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_failed_connection_brings_a_key_out(kind, canary, scheme) -> None:
    with (
        RawServer(lambda connection: connection.send(b"no TLS here")) as server,
        deaf_port() as nobody,
    ):
        port = nobody if scheme == "http" else server.port
        got = outcome(recognize, kind, base_url=f"{scheme}://127.0.0.1:{port}", retry=ALWAYS)
    assert got.maybe_billed is False
    assert canary.leaks(got) == []


def test_a_cancelled_call_brings_no_key_out(canary) -> None:
    """Cancelled while it waits for a reply, as a user's timeout does."""

    async def call(url):
        loop = asyncio.get_running_loop()
        arrived = asyncio.Event()

        def script(connection):
            connection.read_request()
            loop.call_soon_threadsafe(arrived.set)
            connection.hold()

        with RawServer(script) as server:
            async with AsyncOcrClient(base_url=server.url, retry=ALWAYS) as ocr:
                task = asyncio.create_task(ocr.recognize(PNG))
                await arrived.wait()
                task.cancel()
                await task

    got = outcome(asyncio.run, call(None))
    assert isinstance(got, asyncio.CancelledError)
    assert canary.leaks(got) == []
