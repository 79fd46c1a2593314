"""Connections that say nothing, offer what nobody wants, or are gone."""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest
import uvicorn
from emulator.terminal import said
from emulator.wire import connected
from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_emulator._server import _NO_LINGER, _CuttableProtocol
from nhncloud_ocr_emulator._silence import Silence, room_for_connections
from patience import PATIENCE, until
from uvicorn.server import ServerState

CROWD = """
import resource, socket
limit, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
from nhncloud_ocr_emulator import Emulator
with Emulator(engine="fixture") as emulator:
    print(emulator.base_url, flush=True)
    input()
"""


@contextmanager
def few_files(program: str) -> Iterator[tuple[str, tuple[str, int]]]:
    """Run an emulator that may have 64 files open; it must say nothing, and end in order."""
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        base_url = process.stdout.readline().strip()
        yield base_url, ("127.0.0.1", int(base_url.rpartition(":")[2]))
        _, errors = process.communicate("\n", timeout=PATIENCE)
    assert (process.returncode, errors) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of open files")
def test_a_hundred_silent_connections_lock_nobody_out_where_64_files_may_be_open() -> None:
    with few_files(CROWD) as (base_url, address):
        silent = [socket.create_connection(address, timeout=PATIENCE) for _ in range(100)]
        for connection in silent[50:]:
            connection.sendall(b"POST /v1.0/appkeys/x/general HTTP/1.1\r\nHo")
        for _ in range(5):
            assert httpx.get(f"{base_url}/health", timeout=PATIENCE).status_code == 200
        for connection in silent:
            connection.close()


class Connection:
    """A connection that does what a test says."""

    def __init__(self) -> None:
        self.waiting = True
        self.sending = False
        self.unread = False
        self.gone = False

    def is_waiting(self) -> bool:
        return self.waiting

    def is_sending(self) -> bool:
        return self.sending

    def is_unread(self) -> bool:
        return self.unread

    def let_go(self) -> None:
        self.gone = True


def test_for_one_too_many_the_longest_silent_goes_and_none_that_works() -> None:
    silence = Silence(most=3)
    first, second, third, fourth, fifth = (Connection() for _ in range(5))
    for connection in (first, second, third):
        silence.begins(connection)
    first.waiting = False
    silence.begins(second)  # it has had a reply
    silence.begins(fourth)
    assert [each.gone for each in (first, second, third, fourth)] == [False, False, True, False]
    second.waiting = fourth.waiting = False
    silence.begins(fifth)
    assert fifth.gone  # all others are at work


def test_who_sends_half_a_body_goes_before_a_newcomer_is_turned_away() -> None:
    silence = Silence(most=3)
    busy, half, steady, idle, newest = (Connection() for _ in range(5))
    for connection in (busy, half, steady):
        silence.begins(connection)
        connection.waiting = False
    half.sending = steady.sending = True
    silence.goes_on(half)
    silence.goes_on(steady)
    silence.begins(idle)
    assert [each.gone for each in (busy, half, steady, idle)] == [False, True, False, False]
    silence.begins(newest)
    assert [each.gone for each in (busy, steady, idle, newest)] == [False, False, True, False]
    silence.ends(newest)
    silence.goes_on(newest)  # what it sent came after its end
    silence.begins(idle)
    assert not steady.gone


CROWD_WITH_KEYS = CROWD.replace(
    'engine="fixture"', 'engine="fixture", app_key="key-of-test", secret_key="secret"'
)
HALF_A_BODY = (
    b"POST /v1.0/appkeys/key-of-test/general HTTP/1.1\r\nHost: a\r\nAuthorization: secret\r\n"
    b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n"
)


def test_who_does_not_read_goes_in_time_and_before_a_newcomer_is_turned_away() -> None:
    now = 0.0
    silence = Silence(most=3, seconds=60, clock=lambda: now)
    busy, deaf, slow, newest = (Connection() for _ in range(4))
    for connection in (busy, deaf, slow):
        silence.begins(connection)
        connection.waiting = False
    deaf.unread = slow.unread = True
    now = 59.0
    silence.goes_on(slow)
    now = 61.0
    silence.sweep()
    assert [each.gone for each in (busy, deaf, slow)] == [False, True, False]
    silence.begins(deaf)
    deaf.waiting = False
    silence.begins(newest)
    assert [each.gone for each in (busy, slow, newest)] == [False, True, False]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of open files")
def test_half_bodies_lock_nobody_out_either() -> None:
    with few_files(CROWD_WITH_KEYS) as (base_url, address):
        half = [socket.create_connection(address, timeout=PATIENCE) for _ in range(60)]
        for connection in half:
            with suppress(OSError):  # it may have been let go
                connection.sendall(HALF_A_BODY)
        for _ in range(5):
            assert httpx.get(f"{base_url}/health", timeout=PATIENCE).status_code == 200
        for connection in half:
            connection.close()


def test_a_connection_may_be_silent_for_so_long_and_no_longer() -> None:
    now = 0.0
    silence = Silence(most=9, seconds=60, clock=lambda: now)
    old, busy, new, closed = (Connection() for _ in range(4))
    for connection in (old, busy, closed):
        silence.begins(connection)
    busy.waiting = False
    silence.ends(closed)
    now = 30.0
    silence.begins(new)
    now = 61.0
    silence.sweep()
    assert [each.gone for each in (old, busy, new, closed)] == [True, False, False, False]


def test_there_is_always_room_for_some() -> None:
    assert 4 <= room_for_connections() <= 10_000


def test_a_caller_who_hung_up_is_no_error(
    ocr_emulator: Emulator, image: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """A reset is asked for on a connection that the peer has reset itself."""
    for fault in ("reset=before", "reset=during", "reset=after", "truncated"):
        ocr_emulator.faults.add(latency=0.05)
        connection = connected(ocr_emulator.base_url)
        connection.sendall(
            f"POST /v1.0/appkeys/x/general HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
            f"X-Emulator-Fault: latency=0.05; {fault}\r\n\r\nx".encode()
        )
        until(lambda: ocr_emulator.calls)  # it is recorded before it waits
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        connection.close()
        ocr_emulator.calls.clear()
    ocr_emulator.faults.clear()
    with caplog.at_level(logging.INFO):
        ocr_emulator.close()
    assert said(caplog) == []


@pytest.mark.parametrize("fault", ["latency=3600", "slow_body=3600"])
def test_nothing_goes_on_for_a_caller_who_hung_up(ocr_emulator: Emulator, fault: str) -> None:
    """A test's client has less patience than such a fault, and there may be thousands of them."""
    connection = connected(ocr_emulator.base_url)
    connection.sendall(
        f"POST /v1.0/appkeys/x/general HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
        f"X-Emulator-Fault: {fault}\r\n\r\nx".encode()
    )
    until(lambda: ocr_emulator.calls)  # it is recorded before it waits
    server = ocr_emulator._server
    assert server is not None
    tasks = server._uvicorn.server_state.tasks
    assert len(tasks) == 1
    connection.close()
    until(lambda: not tasks)


def test_an_offer_of_http_2_is_declined_without_a_word(
    ocr_emulator: Emulator, image: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Java's client offers it with each first call."""
    with caplog.at_level(logging.INFO), httpx.Client(timeout=PATIENCE) as client:
        reply = client.post(
            f"{ocr_emulator.base_url}/v1.0/appkeys/{ocr_emulator.app_key}/general",
            files={"image": ("image.png", image)},
            headers={
                "Authorization": ocr_emulator.secret_key,
                "Connection": "Upgrade, HTTP2-Settings",
                "Upgrade": "h2c",
                "HTTP2-Settings": "AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
            },
        )
    assert reply.json()["header"]["isSuccessful"]
    assert said(caplog) == []


WITH_HTTPTOOLS = """
import sys
sys.modules["httptools"] = sys  # there, but of no use
from nhncloud_ocr_emulator import Emulator
import httpx
with Emulator(engine="fixture") as emulator:
    print(httpx.get(emulator.base_url + "/health").status_code)
"""


def test_what_else_is_installed_makes_no_difference() -> None:
    """With httptools, which comes with many web frameworks, uvicorn parses in another way."""
    done = subprocess.run(
        [sys.executable, "-c", WITH_HTTPTOOLS],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("200", "")


def received(emulator: Emulator, *pieces: bytes) -> bytes:
    """All that comes back for bytes sent, each piece after the emulator has said something."""
    came = b""
    with connected(emulator.base_url) as connection:
        for number, piece in enumerate(pieces):
            if number:
                came += connection.recv(65536)
            connection.sendall(piece)
        try:
            while chunk := connection.recv(65536):
                came += chunk
        except ConnectionResetError:  # it did not read all that was sent
            pass
    return came


KEY = "s3cr3t-of-somebody"
HOST = b"Host: a\r\n"


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (bytes.fromhex("16030100f8010000f40303") + bytes(238), "http://, not https://"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(30), "HTTP/2"),
        (b"\x05\x01\x00", "SOCKS"),
        (b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "PROXY protocol"),
        (b"\x1b[31m\x00JUNK\r\n\r\n", "it begins with '\\x1b[31m\\x00JUNK"),
        (f"POST / HTTP/1.1\r\nAuthorization\x01 {KEY}\r\n\r\n".encode(), "no HTTP/1.1: "),
        (b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length: x\r\n\r\n", "no HTTP/1.1: "),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost : b\r\n\r\n", "no HTTP/1.1: "),
        (f"GET /v1.0/appkeys/{KEY}/general\x00 HTTP/1.1\r\nX\r\n\r\n".encode(), "no HTTP/1.1: "),
    ],
)
def test_what_is_no_http_is_told_in_one_line(
    ocr_emulator: Emulator, caplog: pytest.LogCaptureFixture, sent: bytes, why: str
) -> None:
    with caplog.at_level(logging.INFO):
        assert b" 400 " in received(ocr_emulator, sent)
    (line,) = said(caplog)
    assert line.startswith("400: ")
    assert why in line
    assert line.isascii()
    assert line.isprintable()
    assert KEY not in line
    assert not ocr_emulator.calls  # there is no path that it could stand under


def test_a_body_that_breaks_off_into_no_http_is_a_400_of_its_call(
    ocr_emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    head = (
        f"POST /v1.0/appkeys/{ocr_emulator.app_key}/general HTTP/1.1\r\nHost: a\r\n"
        f"Authorization: {ocr_emulator.secret_key}\r\nTransfer-Encoding: chunked\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nExpect: 100-continue\r\n\r\n"
    )
    with caplog.at_level(logging.INFO):
        came = received(ocr_emulator, head.encode(), b"no size of a chunk\r\n")
        until(lambda: ocr_emulator.calls)  # the connection's end comes a little later
    assert b" 400 " in came
    (call,) = ocr_emulator.calls
    assert (call.status, call.result_code) == (400, None)
    assert (call.reason or "").startswith("the request is no HTTP/1.1: ")
    assert said(caplog) == [f"POST {call.path}: HTTP 400: {call.reason}"]


def test_a_body_that_breaks_off_after_its_reply_is_no_error(
    ocr_emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """The caller was refused and sends on, at first what it should, then what it should not."""
    head = b"POST /favicon.ico HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"
    with caplog.at_level(logging.INFO):
        came = received(ocr_emulator, head, b"no size of a chunk\r\n")
        ocr_emulator.close()
    assert came.startswith(b"HTTP/1.1 404 ")
    assert came.count(b"HTTP/1.1 ") == 1
    assert said(caplog) == []


@pytest.mark.anyio
async def test_a_reply_that_is_not_read_is_noticed(ocr_emulator: Emulator) -> None:
    silence = Silence(most=3)
    config = uvicorn.Config(ocr_emulator.app, log_config=None)  # else it sets everybody's logging
    connection = _CuttableProtocol(silence, config, ServerState(), {})
    here, there = socket.socketpair()
    with there:
        await asyncio.get_running_loop().connect_accepted_socket(lambda: connection, here)
        assert connection.is_waiting()
        assert not connection.is_unread()
        connection.pause_writing()  # as asyncio calls it when the peer does not read
        assert connection.is_unread()
        connection.resume_writing()
        assert not connection.is_unread()
        connection.let_go()
