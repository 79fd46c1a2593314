"""Replies over real connections: framed in every way, of something else, of a failing server."""

import json
import logging
import threading
import traceback

import pytest
from e2e.both_clients import AT_ONCE, EVEN_IF_BILLED, KEYS, LARGE, both, recognize
from e2e.raw_server import CHUNKED, OK, OK_AND_MORE, RawServer, http, replies
from nhncloud_ocr import (
    ImageRejectedError,
    OcrClient,
    OcrConnectionError,
    ServerError,
    UnexpectedResponseError,
)
from unit.support import PNG, envelope

GOOD = {
    "after 100 Continue": b"HTTP/1.1 100 Continue\r\n\r\n" * 2 + OK,
    "after early hints": b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + OK,
    "as far as it goes": b"HTTP/1.0 200 OK\r\n\r\n" + OK.split(b"\r\n\r\n")[1],
    "in chunks": CHUNKED
    + b"".join(b"1\r\n%c\r\n" % byte for byte in OK.split(b"\r\n\r\n")[1])
    + b"0\r\n\r\n",
    "and more behind it": OK + b"HTTP/1.1 500 Oops\r\n\r\n",
    "with the reason in Korean": OK.replace(b"OK", "성공".encode(), 1),
}


@both
@pytest.mark.parametrize("sent", GOOD.values(), ids=GOOD.keys())
def test_a_reply_is_read_however_it_is_framed(kind, sent) -> None:
    with RawServer(replies(sent)) as server:
        assert recognize(kind, **KEYS, base_url=server.url).text == "stella"


@both
def test_100_continue_before_the_image_is_sent_is_passed_over(kind) -> None:
    def script(connection):
        connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        connection.read_request()
        connection.send(OK)

    with RawServer(script) as server:
        assert recognize(kind, LARGE, **KEYS, base_url=server.url).text == "stella"


@both
def test_a_refusal_that_comes_before_the_image_is_through_is_that_refusal(kind) -> None:
    def script(connection):
        connection.read_head()
        connection.send(http(b"<html>", status="413 Too Large"))
        connection.read_request()

    with RawServer(script) as server, pytest.raises(ImageRejectedError) as caught:
        recognize(kind, LARGE, **KEYS, base_url=server.url)
    assert (caught.value.http_status, caught.value.attempts) == (413, 1)


PRIVATE = b"900101-1234567"  # what a recognised identity card might hold
ILLEGIBLE = {
    "no head": PRIVATE + b"\r\n\r\n",
    "no end of the head": b"HTTP/1.1 200 OK\r\n" + PRIVATE + b"'\"\r\n\r\n",
    "no length of a chunk": CHUNKED + PRIVATE + b"\r\n",
    "a chunk longer than its length": CHUNKED + b"1\r\n {" + PRIVATE + b"\r\n",
}


@both
@pytest.mark.parametrize("sent", ILLEGIBLE.values(), ids=ILLEGIBLE.keys())
def test_nothing_is_shown_of_a_reply_that_is_no_http(kind, sent, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    with RawServer(replies(sent)) as server, pytest.raises(OcrConnectionError) as caught:
        recognize(kind, **KEYS, base_url=server.url)
    shown = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert "illegal" in shown or "malformed" in shown
    assert PRIVATE.decode()[:6] not in shown


NOT_THE_ENVELOPE = {
    "a page": http(b"<html>It works!</html>"),
    "nothing": http(b""),
    "204": b"HTTP/1.1 204 No Content\r\n\r\n",
    "a redirect": http(b"", "Location: https://example.com/", status="302 Found"),
    "a redirect to nowhere": http(
        b"", "Location: http://[not a url", status="307 Temporary Redirect"
    ),
    "no gzip": http(b"{}", "Content-Encoding: gzip"),
}


@both
@pytest.mark.parametrize("sent", NOT_THE_ENVELOPE.values(), ids=NOT_THE_ENVELOPE.keys())
def test_a_reply_of_something_else_is_unexpected_and_not_tried_again(kind, sent) -> None:
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
@pytest.mark.parametrize(
    "body", [b"<html>", json.dumps(envelope(-1)).encode()], ids=["page", "envelope"]
)
def test_a_failing_server_is_tried_again_as_documented(kind, status, policy, tries, body) -> None:
    with (
        RawServer(replies(http(body, status=status))) as server,
        pytest.raises(ServerError) as caught,
    ):
        recognize(kind, **KEYS, base_url=server.url, retry=policy)
    assert caught.value.http_status == int(status[:3])
    assert caught.value.attempts == server.connections == tries


def test_calls_share_a_connection_while_the_server_keeps_it() -> None:
    def script(connection):
        while True:
            connection.read_request()
            connection.send(OK_AND_MORE)

    with RawServer(script) as server, OcrClient(**KEYS, base_url=server.url) as ocr:
        assert [ocr.recognize(PNG).attempts for _ in range(3)] == [1, 1, 1]
        assert ocr.with_options(timeout=5.0).recognize(PNG).attempts == 1
        assert server.connections == 1


def test_a_connection_that_the_server_closed_in_between_costs_no_call() -> None:
    closed = threading.Event()

    def script(connection):
        connection.read_request()
        connection.send(OK_AND_MORE)
        connection.sock.close()
        closed.set()

    with RawServer(script) as server, OcrClient(**KEYS, base_url=server.url) as ocr:
        for _ in range(3):
            assert ocr.recognize(PNG).attempts == 1
            closed.wait()
            closed.clear()
    assert server.connections == 3
