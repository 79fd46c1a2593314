"""What real connections do to a call: the documented class, `maybe_billed` and attempts of each."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import anyio.lowlevel
import httpcore
import httpx
import pytest
from e2e.both_clients import AT_ONCE, EVEN_IF_BILLED, KEYS, LARGE, both, recognize
from e2e.raw_server import CHUNKED, OK, OK_AND_MORE, RawServer, Script, deaf_port, http, replies
from nhncloud_ocr import (
    AsyncOcrClient,
    ImageRejectedError,
    OcrClient,
    OcrConnectionError,
    OcrTimeoutError,
    TransportError,
)
from patience import PATIENCE
from unit.support import PNG

SOON = 0.1  # seconds until a client gives up on what never comes
SOON_OR_LATER = (SOON, 1.0, 10.0)  # for a machine that is too busy to connect within the first


class Row(NamedTuple):
    """What one kind of broken server means to a caller."""

    script: Script
    error: type[TransportError]
    maybe_billed: bool
    never_comes: str = ""  # the phase in which the client gives up
    image: bytes = PNG
    scheme: str = "http"


def reset_in_the_upload(connection):
    connection.read_head()
    connection.reset()


def reset_before_the_reply(connection):
    connection.read_request()
    connection.reset()


def reset_in_the_reply(connection):
    connection.read_request()
    connection.send(OK[:-10])
    connection.reset()


def hang_up_at_once(connection):
    connection.read_head()


def no_reply(connection):
    connection.read_request()
    connection.hold()


def half_a_reply(connection):
    connection.read_request()
    connection.send(OK[:-10])
    connection.hold()


def endless_headers(connection):
    connection.read_request()
    connection.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        connection.send(b"X-%d: %s\r\n" % (number, b"x" * 1000))


def no_reading(connection):
    connection.stall()


def silence(connection):
    connection.hold()


def plain_text(connection):
    connection.send(b"220 mail.example.com ESMTP\r\n")
    connection.hold()


ROWS = {
    "reset in the upload": Row(reset_in_the_upload, OcrConnectionError, True, image=LARGE),
    "reset before the reply": Row(reset_before_the_reply, OcrConnectionError, True),
    "reset in the reply": Row(reset_in_the_reply, OcrConnectionError, True),
    "closed in the upload": Row(hang_up_at_once, OcrConnectionError, True, image=LARGE),
    "closed without a reply": Row(replies(), OcrConnectionError, True),
    "closed in the status line": Row(replies(b"HTTP/1.1 20"), OcrConnectionError, True),
    "closed in the headers": Row(replies(OK[:30]), OcrConnectionError, True),
    "closed in the body": Row(replies(OK[:-10]), OcrConnectionError, True),
    "closed in a chunk": Row(replies(CHUNKED, b'ff\r\n{"header":'), OcrConnectionError, True),
    "closed between chunks": Row(replies(CHUNKED, b"2\r\n{}\r\n"), OcrConnectionError, True),
    "no chunk": Row(replies(CHUNKED, b"zz\r\n"), OcrConnectionError, True),
    "another protocol": Row(replies(b"SSH-2.0-OpenSSH_9.9\r\n"), OcrConnectionError, True),
    "bytes of no protocol": Row(replies(b"\x00\xff\xfe\r\n\r\n" * 100), OcrConnectionError, True),
    "endless headers": Row(endless_headers, OcrConnectionError, True),
    "two lengths": Row(replies(http(b"{}", "Content-Length: 3")), OcrConnectionError, True),
    "an upgrade nobody asked for": Row(
        replies(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"),
        OcrConnectionError,
        True,
    ),
    "no reply": Row(no_reply, OcrTimeoutError, True, "read"),
    "half a reply": Row(half_a_reply, OcrTimeoutError, True, "read"),
    "no reading": Row(no_reading, OcrTimeoutError, True, "write", LARGE),
    "no handshake": Row(silence, OcrTimeoutError, False, "connect", scheme="https"),
    "no TLS": Row(plain_text, OcrConnectionError, False, scheme="https"),
}


@pytest.fixture(params=ROWS.values(), ids=ROWS.keys())
def row(request) -> Row:
    return request.param


@both
@pytest.mark.parametrize("policy", [AT_ONCE, EVEN_IF_BILLED], ids=["default", "retry_maybe_billed"])
def test_a_broken_connection_is_the_documented_error(kind, row, policy) -> None:
    tries = 3 if policy.retry_maybe_billed or not row.maybe_billed else 1
    small_buffers = 65536 if row.image is LARGE else None
    for soon in SOON_OR_LATER:
        timeout = httpx.Timeout(PATIENCE, **({row.never_comes: soon} if row.never_comes else {}))
        with RawServer(row.script, receive_buffer=small_buffers) as server:
            url = f"{row.scheme}://127.0.0.1:{server.port}"
            with pytest.raises(row.error) as caught:
                recognize(kind, row.image, **KEYS, base_url=url, timeout=timeout, retry=policy)
        if row.never_comes != "connect" or server.connections >= tries:
            break
    assert caught.value.maybe_billed is row.maybe_billed
    assert caught.value.attempts == tries
    assert server.connections == tries


@both
def test_nobody_listening_is_no_bill_and_three_attempts(kind) -> None:
    with deaf_port() as port, pytest.raises(OcrConnectionError) as caught:
        recognize(kind, **KEYS, base_url=f"http://127.0.0.1:{port}", retry=AT_ONCE)
    assert caught.value.maybe_billed is False
    assert caught.value.attempts == 3


class Busy(NamedTuple):
    """A server that answers its first call when told to, and options for a pool of one."""

    arrived: threading.Event
    answer: threading.Event
    options: dict[str, Any]
    limits: httpx.Limits = httpx.Limits(max_connections=1)
    impatient: httpx.Timeout = httpx.Timeout(PATIENCE, pool=SOON)


@pytest.fixture
def busy():
    arrived, answer = threading.Event(), threading.Event()

    def script(connection):
        connection.read_request()
        arrived.set()
        answer.wait(PATIENCE)
        connection.send(OK)

    with RawServer(script) as server:
        options = {**KEYS, "base_url": server.url, "timeout": PATIENCE, "retry": AT_ONCE}
        yield Busy(arrived, answer, options)


def test_a_free_connection_that_never_comes_is_no_bill(busy) -> None:
    with OcrClient(**busy.options, transport=httpx.HTTPTransport(limits=busy.limits)) as ocr:
        other = threading.Thread(target=ocr.recognize, args=(PNG,))
        other.start()
        assert busy.arrived.wait(PATIENCE)
        with pytest.raises(OcrTimeoutError) as caught:
            ocr.recognize(PNG, timeout=busy.impatient)
        busy.answer.set()
        other.join()
    assert (caught.value.maybe_billed, caught.value.attempts) == (False, 3)


@pytest.mark.anyio
async def test_a_free_connection_that_never_comes_to_a_task_is_no_bill(busy) -> None:
    async with AsyncOcrClient(
        **busy.options, transport=httpx.AsyncHTTPTransport(limits=busy.limits)
    ) as ocr:
        other = asyncio.create_task(ocr.recognize(PNG))
        assert await asyncio.to_thread(busy.arrived.wait, PATIENCE)
        with pytest.raises(OcrTimeoutError) as caught:
            await ocr.recognize(PNG, timeout=busy.impatient)
        busy.answer.set()
        await other
    assert (caught.value.maybe_billed, caught.value.attempts) == (False, 3)


@both
def test_a_lost_reply_tried_again_sends_the_same_image(kind) -> None:
    seen = []

    def script(connection):
        seen.append(connection.read_request())
        if len(seen) < 3:
            connection.reset()
        else:
            connection.send(OK)

    with RawServer(script) as server:
        result = recognize(kind, **KEYS, base_url=server.url, retry=EVEN_IF_BILLED)
    assert result.attempts == 3
    assert all(request.count(PNG) == 1 for request in seen)


@both
def test_a_deploy_is_survived(kind) -> None:
    script_of_the_deploy = iter([http(b"", status="503 Service Unavailable")] * 2 + [OK])

    def script(connection):
        connection.read_request()
        connection.send(next(script_of_the_deploy))

    with RawServer(script) as server:
        assert recognize(kind, **KEYS, base_url=server.url, retry=AT_ONCE).attempts == 3


def early(then):
    """A refusal that does not wait for the image, and what the server does after it."""

    def script(connection):
        connection.read_head()
        connection.send(http(b"<html>too large</html>", status="413 Content Too Large"))
        then(connection)

    return script


EARLY = {
    "hangs up": lambda connection: None,
    "reads no more": lambda connection: connection.stall(),
}


@both
@pytest.mark.parametrize("then", ["hangs up", "reads no more"])
def test_a_refusal_that_comes_while_the_image_is_sent_is_read(kind, then) -> None:
    with (
        RawServer(early(EARLY[then]), receive_buffer=65536) as server,
        pytest.raises(ImageRejectedError) as caught,
    ):
        recognize(kind, LARGE, **KEYS, base_url=server.url, timeout=PATIENCE)
    assert (caught.value.http_status, caught.value.attempts) == (413, 1)


class Delegating(httpcore.AsyncNetworkStream):
    """A connection over another one."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self.inner = inner

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self.inner.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self.inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self.inner.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


class AfterTheHangUp(Delegating):
    """One whose piece of that number is sent once the server has hung up."""

    def __init__(
        self, inner: httpcore.AsyncNetworkStream, number: int, hung_up: threading.Event
    ) -> None:
        super().__init__(inner)
        self.left = number
        self.hung_up = hung_up

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.left -= 1
        if not self.left:  # the loop stands still, as on a busy machine, and sees nothing of it
            assert self.hung_up.wait(PATIENCE)
        await super().write(buffer, timeout)


class UntilTheHangUp(Delegating):
    """One whose large form is sent, and the loop sees the server hang up, before `write` ends."""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await super().write(buffer, timeout)
        if buffer.endswith(b"--\r\n") and not buffer.startswith(b"POST "):
            with anyio.fail_after(PATIENCE, shield=True):  # all was written: nothing to break off
                while self.get_extra_info("socket").fileno() >= 0:
                    await anyio.lowlevel.checkpoint()


class Network(httpcore.AnyIOBackend):
    """Opens connections as a function makes them of others."""

    def __init__(
        self, made_of: Callable[[httpcore.AsyncNetworkStream], httpcore.AsyncNetworkStream]
    ) -> None:
        self.made_of = made_of

    async def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        return self.made_of(await super().connect_tcp(*args, **kwargs))


def over(network: Network, url: str) -> AsyncOcrClient:
    transport = httpx.AsyncHTTPTransport()
    transport._pool._network_backend = network
    return AsyncOcrClient(**KEYS, base_url=url, timeout=PATIENCE, transport=transport)


@pytest.mark.anyio
@pytest.mark.parametrize("number", range(2, 12))  # the fifth is the last of httpcore's first part
async def test_a_refusal_is_read_whichever_piece_is_sent_after_the_hang_up(number) -> None:
    hung_up = threading.Event()

    def refuse(connection):
        connection.sock.close()
        hung_up.set()

    network = Network(lambda inner: AfterTheHangUp(inner, number, hung_up))
    with RawServer(early(refuse)) as server:
        async with over(network, server.url) as ocr:
            with pytest.raises(ImageRejectedError) as caught:
                await ocr.recognize(LARGE)
    assert (caught.value.http_status, caught.value.attempts) == (413, 1)


@pytest.mark.anyio
async def test_an_image_sent_whole_is_not_sent_again_whose_reply_breaks_off() -> None:
    """Over a connection used before, on which what breaks off the upload is tried anew."""
    requests = []

    def script(connection):
        requests.append(connection.read_request())
        if len(requests) == 1:
            connection.send(OK_AND_MORE)
            requests.append(connection.read_request())
        connection.send(OK[:5])  # not enough to end the upload
        connection.reset()

    with RawServer(script) as server:
        async with over(Network(UntilTheHangUp), server.url) as ocr:
            await ocr.recognize(PNG)
            with pytest.raises(OcrConnectionError) as caught:
                await ocr.recognize(LARGE)
    assert (caught.value.maybe_billed, caught.value.attempts) == (True, 1)
    assert (server.connections, len(requests)) == (1, 2)
