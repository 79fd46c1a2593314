"""A reply of any size ends as an error, and is not held: packed or not."""

import resource
import zlib

import pytest
from e2e.both_clients import KEYS, Calls, both
from e2e.raw_server import CHUNKED, RawServer, http
from nhncloud_ocr import UnexpectedResponseError
from unit.support import PNG

MIB = 1 << 20
BLANK = b" " * MIB


def packed(size, form):
    packer = zlib.compressobj(9, zlib.DEFLATED, form)
    parts = [packer.compress(BLANK) for _ in range(size // MIB)]
    return b"".join([*parts, packer.flush()])


GZIP, ZLIB, RAW = 31, 15, -15
BOMB = packed(512 * MIB, GZIP)
REPLIES = {
    "gzip": [http(BOMB, "Content-Encoding: gzip")],
    "deflate": [http(packed(512 * MIB, ZLIB), "Content-Encoding: deflate")],
    "raw deflate": [http(packed(512 * MIB, RAW), "Content-Encoding: deflate")],
    "gzip in gzip": [
        http(
            zlib.compress(zlib.compress(BLANK * 200, wbits=GZIP), wbits=GZIP),
            "Content-Encoding: gzip, gzip",
        )
    ],
    "announced": [b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n"],
    "chunks": [CHUNKED, *[b"100000\r\n" + BLANK + b"\r\n"] * 80],
    "until it hangs up": [b"HTTP/1.1 200 OK\r\n\r\n", *[BLANK] * 80],
}


@both
@pytest.mark.parametrize("parts", REPLIES.values(), ids=REPLIES)
def test_a_reply_that_is_too_large_is_not_held(kind, parts) -> None:
    def script(connection):
        connection.read_request()
        for part in parts:
            connection.send(part)
        connection.hold()

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with (
        RawServer(script) as server,
        Calls(kind, base_url=server.url, **KEYS) as calls,
        pytest.raises(UnexpectedResponseError, match="64 MiB") as caught,
    ):
        calls.recognize(PNG)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 64 * 4
    assert caught.value.raw == b""
    assert caught.value.http_status == 200
    assert caught.value.maybe_billed


@both
def test_the_largest_reply_that_may_be_is_read(kind) -> None:
    body = b'{"x": "' + b"x" * (40 * MIB) + b'"}'
    script_of_one = http(body)

    def script(connection):
        connection.read_request()
        connection.send(script_of_one)

    with (
        RawServer(script) as server,
        Calls(kind, base_url=server.url, **KEYS) as calls,
        pytest.raises(UnexpectedResponseError) as caught,
    ):
        calls.recognize(PNG)
    assert caught.value.raw == body
