"""Time is bounded by phases, and as a whole: however the other side trickles.

A server that trickles does so until the client hangs up; a test that fails would wait for ever.
"""

import anyio.lowlevel
import httpx
import pytest
from e2e.both_clients import AT_ONCE, KEYS, Calls, both
from e2e.raw_server import OK, OK_AND_MORE, RawServer, http
from e2e.skipping import SkippingClock
from nhncloud_ocr import OcrConnectionError, OcrTimeoutError, RetryPolicy, ServerError
from patience import PATIENCE
from unit.support import PNG

ONCE = RetryPolicy(attempts=1)
LIMIT = 60.0  # seconds: long for the machine, short for what trickles
MORE = httpx.Timeout(10 * PATIENCE)


@pytest.fixture
def clock():
    return SkippingClock()


def trickle(connection, clock, begin, part):
    """Send the beginning, then a part whenever the limit is over by the client's clock."""
    connection.send(begin)
    while not connection.closing.wait(0.01):
        clock.skip(LIMIT)
        connection.send(part)


TRICKLES = {
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n", b" "),
    "chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "name of a header": (b"HTTP/1.1 200 OK\r\nX", b"-"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X-Wait: 1\r\n"),
    "status": (b"HTTP/1.1 200 ", b"."),
    "interim replies": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
}


@both
@pytest.mark.parametrize(
    "options",
    [
        {"timeout": httpx.Timeout(10 * PATIENCE, read=LIMIT)},
        {"timeout": MORE, "total_timeout": LIMIT},
        {"timeout": httpx.Timeout(None), "total_timeout": LIMIT},
    ],
    ids=["read", "total", "total alone"],
)
@pytest.mark.parametrize(("begin", "part"), TRICKLES.values(), ids=TRICKLES)
def test_a_reply_that_trickles_ends(kind, clock, begin, part, options) -> None:
    def script(connection):
        connection.read_request()
        trickle(connection, clock, begin, part)

    with (
        RawServer(script) as server,
        Calls(kind, base_url=server.url, retry=ONCE, **KEYS, **options) as calls,
    ):
        clock.set(calls)
        with pytest.raises(OcrTimeoutError) as caught:
            calls.recognize(PNG)
    assert caught.value.maybe_billed
    assert caught.value.attempts == 1


@both
def test_the_time_for_the_reply_begins_when_all_is_sent(kind, clock) -> None:
    """A long upload is no part of it: this server reads on only when the time would be over."""
    image = PNG + bytes(16 << 20)  # more than all buffers on the way hold

    def script(connection):
        connection.read_head()
        clock.skip(2 * LIMIT)
        connection.read_request()
        connection.send(OK)

    timeout = httpx.Timeout(10 * PATIENCE, read=LIMIT)
    with (
        RawServer(script, receive_buffer=65536) as server,
        Calls(kind, base_url=server.url, timeout=timeout, retry=ONCE, **KEYS) as calls,
    ):
        clock.set(calls)
        assert calls.recognize(image).text == "stella"


@both
def test_an_upload_that_trickles_ends_with_the_total(kind, clock) -> None:
    """Each write makes way, so no phase ends it."""
    image = PNG + bytes(16 << 20)

    def script(connection):
        while connection.sock.recv(4096):
            clock.skip(LIMIT / 10)

    with (
        RawServer(script, receive_buffer=8192) as server,
        Calls(
            kind, base_url=server.url, timeout=MORE, total_timeout=LIMIT, retry=ONCE, **KEYS
        ) as calls,
    ):
        clock.set(calls)
        with pytest.raises(OcrTimeoutError) as caught:
            calls.recognize(image)
    assert caught.value.maybe_billed


@both
def test_connecting_is_one_phase_with_its_handshake(kind) -> None:
    """A handshake that trickles: TLS records of one byte, none of which says anything.

    Its time is the system's. Whether it is over before or after the connection stands, says no
    bill.
    """
    soon = 0.3

    def script(connection):
        connection.sock.recv(1)
        while not connection.closing.wait(soon / 10):
            connection.send(b"\x16\x03\x03\x00\x01\x02")

    with (
        RawServer(script) as server,
        Calls(
            kind,
            base_url=f"https://localhost:{server.port}",
            timeout=httpx.Timeout(PATIENCE, connect=soon),
            retry=ONCE,
            **KEYS,
        ) as calls,
        pytest.raises((OcrTimeoutError, OcrConnectionError)) as caught,
    ):
        calls.recognize(PNG)
    assert not caught.value.maybe_billed


@both
def test_the_total_counts_retries_and_waits(kind) -> None:
    """The wait for the next attempt would be too long: the call ends at once."""
    script = answering(http(b"", "Retry-After: 3000", status="503 Service Unavailable"))
    retry = RetryPolicy(max_retry_after=3000)
    with (
        RawServer(script) as server,
        Calls(kind, base_url=server.url, total_timeout=1000.0, retry=retry, **KEYS) as calls,
    ):
        slept = []
        calls.client.clock = calls.client.clock._replace(
            sleep=slept.append,
            async_sleep=slept.append,
        )
        with pytest.raises(OcrTimeoutError, match="total_timeout") as caught:
            calls.recognize(PNG)
    assert slept == []
    assert isinstance(caught.value.__cause__, ServerError)
    assert (caught.value.attempts, caught.value.maybe_billed) == (1, False)


def answering(*replies):
    script_of_replies = iter(replies)

    def script(connection):
        connection.read_request()
        connection.send(next(script_of_replies))

    return script


@both
def test_what_an_attempt_may_have_cost_counts_when_the_total_ends_the_call(kind, clock) -> None:
    """The first reply is lost, the second attempt gets none in time."""
    seen = []

    def script(connection):
        connection.read_request()
        seen.append(1)
        if len(seen) == 1:
            connection.reset()
        trickle(connection, clock, *TRICKLES["status"])

    retry = RetryPolicy(backoff=0, retry_maybe_billed=True)
    with (
        RawServer(script) as server,
        Calls(kind, base_url=server.url, total_timeout=LIMIT, retry=retry, **KEYS) as calls,
    ):
        clock.set(calls)
        with pytest.raises(OcrTimeoutError) as caught:
            calls.recognize(PNG)
    assert len(seen) == 2
    assert caught.value.maybe_billed


@both
def test_the_total_of_a_call_comes_before_the_clients(kind) -> None:
    def script(connection):
        while True:
            connection.read_request()
            connection.send(OK_AND_MORE)

    with (
        RawServer(script) as server,
        Calls(kind, base_url=server.url, total_timeout=1e-9, retry=AT_ONCE, **KEYS) as calls,
    ):
        with pytest.raises(OcrTimeoutError) as caught:
            calls.recognize(PNG)
        assert (caught.value.maybe_billed, server.connections) == (False, 0)
        assert calls.recognize(PNG, total_timeout=PATIENCE).text == "stella"
        owner, calls.client = calls.client, calls.client.with_options(total_timeout=PATIENCE)
        assert calls.recognize(PNG).text == "stella"
        calls.client = owner


class Trickling(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body of a transport that is not ours to the bottom."""

    def __init__(self, clock):
        self.clock = clock

    def __iter__(self):
        while True:
            self.clock.skip(LIMIT)
            yield b" "

    async def __aiter__(self):
        while True:
            self.clock.skip(LIMIT)
            await anyio.lowlevel.checkpoint()
            yield b" "


@both
@pytest.mark.parametrize(
    "options",
    [
        {"timeout": httpx.Timeout(10 * PATIENCE, read=LIMIT)},
        {"timeout": MORE, "total_timeout": LIMIT},
    ],
    ids=["read", "total"],
)
def test_the_body_of_an_injected_transport_is_bounded_too(kind, clock, options) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=Trickling(clock)))
    with Calls(kind, transport=transport, retry=ONCE, **KEYS, **options) as calls:
        clock.set(calls)
        with pytest.raises(OcrTimeoutError) as caught:
            calls.recognize(PNG)
    assert caught.value.maybe_billed
