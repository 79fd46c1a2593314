"""What real connections do to a call: the documented class, `maybe_billed` and number of attempts of each."""

import asyncio
import json
import threading
from typing import Any, NamedTuple

import httpx
import pytest
from e2e.both_clients import both, recognize
from e2e.raw_server import RawServer, Script, free_port, http
from nhncloud_ocr import (
    AsyncOcrClient,
    ImageRejectedError,
    OcrClient,
    OcrConnectionError,
    OcrTimeoutError,
    RetryPolicy,
    ServerError,
    TransportError,
    UnexpectedResponseError,
)
from unit.support import PNG, envelope, page

KEYS = {"app_key": "an-app-key-of-16", "secret_key": "a-secret-key-of-32-characters-...."}
AT_ONCE = RetryPolicy(backoff=0)
EVEN_IF_BILLED = RetryPolicy(backoff=0, retry_maybe_billed=True)

OK = http(json.dumps(page()).encode())
LARGE = PNG + bytes(16 * 1024 * 1024)
SOON = 0.1  # seconds until a client gives up on what never comes
PATIENT = 30.0


class Row(NamedTuple):
    """What one kind of broken server means to a caller."""

    script: Script
    error: type[TransportError]
    maybe_billed: bool
    timeout: httpx.Timeout = httpx.Timeout(PATIENT)
    image: bytes = PNG
    scheme: str = "http"


def replies(*parts: bytes) -> Script:
    """Reads the request, sends the parts, and hangs up in good order."""

    def script(connection):
        connection.read_request()
        for part in parts:
            connection.send(part)

    return script


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


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

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
        replies(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"), OcrConnectionError, True
    ),
    "no reply": Row(no_reply, OcrTimeoutError, True, httpx.Timeout(PATIENT, read=SOON)),
    "half a reply": Row(half_a_reply, OcrTimeoutError, True, httpx.Timeout(PATIENT, read=SOON)),
    "no reading": Row(no_reading, OcrTimeoutError, True, httpx.Timeout(PATIENT, write=SOON), LARGE),
    "no handshake": Row(silence, OcrTimeoutError, False, httpx.Timeout(PATIENT, connect=SOON), scheme="https"),
    "no TLS": Row(plain_text, OcrConnectionError, False, scheme="https"),
}


@pytest.fixture(params=ROWS.values(), ids=ROWS.keys())
def row(request) -> Row:
    return request.param


@both
@pytest.mark.parametrize("policy", [AT_ONCE, EVEN_IF_BILLED], ids=["default", "retry_maybe_billed"])
def test_a_broken_connection_is_the_documented_error(kind, row, policy):
    tries = 3 if policy.retry_maybe_billed or not row.maybe_billed else 1
    small_buffers = 65536 if row.image is LARGE else None
    with RawServer(row.script, receive_buffer=small_buffers) as server:
        url = f"{row.scheme}://127.0.0.1:{server.port}"
        with pytest.raises(row.error) as caught:
            recognize(kind, row.image, **KEYS, base_url=url, timeout=row.timeout, retry=policy)
    assert caught.value.maybe_billed is row.maybe_billed
    assert caught.value.attempts == tries
    assert server.connections == tries


@both
def test_nobody_listening_is_no_bill_and_three_attempts(kind):
    with pytest.raises(OcrConnectionError) as caught:
        recognize(kind, **KEYS, base_url=f"http://127.0.0.1:{free_port()}", retry=AT_ONCE)
    assert caught.value.maybe_billed is False
    assert caught.value.attempts == 3


class Busy(NamedTuple):
    """A server that answers its first call when told to, and options for a pool of one connection, which that has."""

    arrived: threading.Event
    answer: threading.Event
    options: dict[str, Any]
    limits: httpx.Limits = httpx.Limits(max_connections=1)


@pytest.fixture
def busy():
    arrived, answer = threading.Event(), threading.Event()

    def script(connection):
        connection.read_request()
        arrived.set()
        answer.wait(PATIENT)
        connection.send(OK)

    with RawServer(script) as server:
        timeout = httpx.Timeout(PATIENT, pool=SOON)
        yield Busy(arrived, answer, {**KEYS, "base_url": server.url, "timeout": timeout, "retry": AT_ONCE})


def test_a_free_connection_that_never_comes_is_no_bill(busy):
    with OcrClient(**busy.options, transport=httpx.HTTPTransport(limits=busy.limits)) as ocr:
        other = threading.Thread(target=ocr.recognize, args=(PNG,))
        other.start()
        busy.arrived.wait(PATIENT)
        with pytest.raises(OcrTimeoutError) as caught:
            ocr.recognize(PNG)
        busy.answer.set()
        other.join()
    assert (caught.value.maybe_billed, caught.value.attempts) == (False, 3)


@pytest.mark.anyio
async def test_a_free_connection_that_never_comes_to_a_task_is_no_bill(busy):
    async with AsyncOcrClient(**busy.options, transport=httpx.AsyncHTTPTransport(limits=busy.limits)) as ocr:
        other = asyncio.create_task(ocr.recognize(PNG))
        await asyncio.to_thread(busy.arrived.wait, PATIENT)
        with pytest.raises(OcrTimeoutError) as caught:
            await ocr.recognize(PNG)
        busy.answer.set()
        await other
    assert (caught.value.maybe_billed, caught.value.attempts) == (False, 3)


@both
def test_a_lost_reply_tried_again_sends_the_same_image(kind):
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
def test_a_deploy_is_survived(kind):
    script_of_the_deploy = iter([http(b"", status="503 Service Unavailable")] * 2 + [OK])

    def script(connection):
        connection.read_request()
        connection.send(next(script_of_the_deploy))

    with RawServer(script) as server:
        assert recognize(kind, **KEYS, base_url=server.url, retry=AT_ONCE).attempts == 3


GOOD = {
    "after 100 Continue": b"HTTP/1.1 100 Continue\r\n\r\n" * 2 + OK,
    "after early hints": b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + OK,
    "as far as it goes": b"HTTP/1.0 200 OK\r\n\r\n" + OK.split(b"\r\n\r\n")[1],
    "in chunks": CHUNKED + b"".join(b"1\r\n%c\r\n" % byte for byte in OK.split(b"\r\n\r\n")[1]) + b"0\r\n\r\n",
    "and more behind it": OK + b"HTTP/1.1 500 Oops\r\n\r\n",
    "with the reason in Korean": OK.replace(b"OK", "성공".encode(), 1),
}


@both
@pytest.mark.parametrize("sent", GOOD.values(), ids=GOOD.keys())
def test_a_reply_is_read_however_it_is_framed(kind, sent):
    with RawServer(replies(sent)) as server:
        assert recognize(kind, **KEYS, base_url=server.url).text == "stella"


@both
def test_100_continue_before_the_image_is_sent_is_passed_over(kind):
    def script(connection):
        connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        connection.read_request()
        connection.send(OK)

    with RawServer(script) as server:
        assert recognize(kind, LARGE, **KEYS, base_url=server.url).text == "stella"


@both
def test_a_refusal_that_comes_before_the_image_is_through_is_that_refusal(kind):
    def script(connection):
        connection.read_head()
        connection.send(http(b"<html>", status="413 Too Large"))
        connection.read_request()

    with RawServer(script) as server, pytest.raises(ImageRejectedError) as caught:
        recognize(kind, LARGE, **KEYS, base_url=server.url)
    assert (caught.value.http_status, caught.value.attempts) == (413, 1)


NOT_THE_ENVELOPE = {
    "a page": http(b"<html>It works!</html>"),
    "nothing": http(b""),
    "204": b"HTTP/1.1 204 No Content\r\n\r\n",
    "a redirect": http(b"", "Location: https://example.com/", status="302 Found"),
    "a redirect to nowhere": http(b"", "Location: http://[not a url", status="307 Temporary Redirect"),
    "no gzip": http(b"{}", "Content-Encoding: gzip"),
}


@both
@pytest.mark.parametrize("sent", NOT_THE_ENVELOPE.values(), ids=NOT_THE_ENVELOPE.keys())
def test_a_reply_of_something_else_is_unexpected_and_not_tried_again(kind, sent):
    with RawServer(replies(sent)) as server, pytest.raises(UnexpectedResponseError) as caught:
        recognize(kind, **KEYS, base_url=server.url, retry=EVEN_IF_BILLED)
    assert caught.value.http_status == int(sent[9:12])
    assert caught.value.attempts == server.connections == 1


@both
@pytest.mark.parametrize(
    ("status", "policy", "tries"),
    [
        ("500 Internal Server Error", AT_ONCE, 1),
        ("502 Bad Gateway", AT_ONCE, 1),
        ("502 Bad Gateway", EVEN_IF_BILLED, 3),
        ("503 Service Unavailable", AT_ONCE, 3),
        ("504 Gateway Timeout", EVEN_IF_BILLED, 3),
        ("520 Unknown", EVEN_IF_BILLED, 1),
        ("599 Unknown", AT_ONCE, 1),
    ],
)
@pytest.mark.parametrize("body", [b"<html>", json.dumps(envelope(-1)).encode()], ids=["page", "envelope"])
def test_a_failing_server_is_tried_again_as_documented(kind, status, policy, tries, body):
    with RawServer(replies(http(body, status=status))) as server, pytest.raises(ServerError) as caught:
        recognize(kind, **KEYS, base_url=server.url, retry=policy)
    assert caught.value.http_status == int(status[:3])
    assert caught.value.attempts == server.connections == tries


def test_calls_share_a_connection_while_the_server_keeps_it():
    def script(connection):
        while True:
            connection.read_request()
            connection.send(OK)

    with RawServer(script) as server, OcrClient(**KEYS, base_url=server.url) as ocr:
        assert [ocr.recognize(PNG).attempts for _ in range(3)] == [1, 1, 1]
        assert ocr.with_options(timeout=5.0).recognize(PNG).attempts == 1
        assert server.connections == 1


def test_a_connection_that_the_server_closed_in_between_costs_no_call():
    closed = threading.Event()

    def script(connection):
        connection.read_request()
        connection.send(OK)
        connection.sock.close()
        closed.set()

    with RawServer(script) as server, OcrClient(**KEYS, base_url=server.url) as ocr:
        for _ in range(3):
            assert ocr.recognize(PNG).attempts == 1
            closed.wait(PATIENT)
            closed.clear()
    assert server.connections == 3
