"""A connection that had more than its reply is not used again: another image would get it."""

import ssl
import threading

import httpx
import pytest
import trustme
from e2e.both_clients import KEYS, Calls, both
from e2e.raw_server import RawServer, http
from nhncloud_ocr import OcrError
from patience import PATIENCE
from unit.support import PNG, answer, page, word


def reply(text, **more):
    return http(
        answer(page(texts=[{"inferTexts": [word(text)]}], boxes=[], **more)).body, last=False
    )


def chunked(text):
    body = answer(page(texts=[{"inferTexts": [word(text)]}], boxes=[])).body
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (
        len(body),
        body,
    )


SURPLUS = {
    "a reply too many": lambda text: reply(text) + reply("of another image"),
    "the same reply again": lambda text: reply(text) * 2,
    "a reply too many after chunks": lambda text: chunked(text) + reply("of another image"),
    "a chunked one too many": lambda text: reply(text) + chunked("of another image"),
    "half a reply": lambda text: reply(text) + reply("of another image")[:50],
    "an interim reply": lambda text: reply(text) + b"HTTP/1.1 103 Early Hints\r\n\r\n",
    "blank lines": lambda text: reply(text) + b"\r\n\r\n",
    # More than is read at a time, so that the surplus waits in some other buffer.
    "a reply too many after a long one": lambda text: (
        reply(text, more="x" * 65_000) + reply("of another image")
    ),
    "one that ends where reading stops": lambda text: (
        _of_size(text, 65_536) + reply("of another image")
    ),
    "one that ends where TLS stops": lambda text: (
        _of_size(text, 16_384) + reply("of another image")
    ),
}


def _of_size(text, size):
    """A reply of so many bytes, head and all."""
    padding = size - len(reply(text, more=""))
    for each in range(padding - 5, padding + 1):
        found = reply(text, more="x" * each)
        if len(found) == size:
            return found
    raise AssertionError(size)


@pytest.fixture(scope="module")
def tls():
    """What a server needs, and what a client that trusts it does."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    return context, trusting


@both
@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
@pytest.mark.parametrize("injected", [False, True], ids=["own network", "injected"])
@pytest.mark.parametrize("make", SURPLUS.values(), ids=SURPLUS)
def test_no_image_gets_what_was_left_over(kind, make, secure, injected, tls) -> None:
    numbers = iter(range(100))
    all_sent = threading.Semaphore(0)

    def script(connection):
        while True:
            connection.read_request()
            try:
                connection.send(make(f"image {next(numbers)}"))
            finally:  # the client may have hung up on the surplus
                all_sent.release()

    def text():
        found = calls.recognize(PNG).text
        # A surplus that comes after the next request looks like its reply, to any client.
        assert all_sent.acquire(timeout=PATIENCE)
        return found

    context, trusting = tls
    options = {**KEYS, "verify": trusting}
    if injected:
        make_transport = httpx.HTTPTransport if kind.__name__ == "OcrClient" else None
        make_transport = make_transport or httpx.AsyncHTTPTransport
        options = {**KEYS, "transport": make_transport(verify=trusting)}
    with (
        RawServer(script, tls=context if secure else None) as server,
        Calls(kind, base_url=server.url, **options) as calls,
    ):
        texts = [text() for _ in range(4)]
    assert texts == [f"image {number}" for number in range(4)]
    assert server.connections == 4


@both
@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_a_connection_without_surplus_is_used_again(kind, secure, tls) -> None:
    def script(connection):
        while True:
            connection.read_request()
            connection.send(reply("stella", more="x" * 70_000))

    context, trusting = tls
    with (
        RawServer(script, tls=context if secure else None) as server,
        Calls(kind, base_url=server.url, verify=trusting, **KEYS) as calls,
    ):
        for _ in range(5):
            assert calls.recognize(PNG).text == "stella"
    assert server.connections == 1


@both
def test_a_refusal_with_surplus_is_what_it_is(kind) -> None:
    def script(connection):
        connection.read_request()
        connection.send(http(b"<html>", status="404 Not Found", last=False) + reply("another's"))
        connection.hold()

    with RawServer(script) as server, Calls(kind, base_url=server.url, **KEYS) as calls:
        for _ in range(2):
            with pytest.raises(OcrError) as caught:
                calls.recognize(PNG)
            assert caught.value.http_status == 404
    assert server.connections == 2
