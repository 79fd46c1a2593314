"""Image URLs: the service's rules, and what must never be fetched."""

from __future__ import annotations

import gzip
import math
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator

import anyio
import anyio.lowlevel
import anyio.to_thread
import httpx
import pytest
from emulator.web import Page, Send, Web, deaf, listen, page, redirect
from hypothesis import given, strategies as st
from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_emulator._app import App
from nhncloud_ocr_emulator._fetch import _NAME_THREADS, Fetcher, check_url
from nhncloud_ocr_emulator._service import Service
from nhncloud_ocr_emulator._settings import Settings
from nhncloud_ocr_emulator._transport import EmulatorTransport
from nhncloud_ocr_emulator.recognition import Refused
from patience import PATIENCE

MIB = 1024 * 1024
LIMIT = 20 * MIB


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as server:
        yield server


def fetched(url: str, fetcher: Fetcher | None = None) -> bytes | int:
    """The bytes behind a URL, or the result code that it is refused with."""
    fetcher = fetcher or Fetcher(allow_private=True)
    try:
        return anyio.run(fetcher.fetch, check_url(url))
    except Refused as refused:
        return refused.code


def resolving(*answers: Iterable[str]) -> Fetcher:
    """A fetcher whose resolver gives these answers, one look-up after the other."""
    rest = iter(answers)

    async def resolve(host: str, port: int) -> Iterable[str]:
        return next(rest)

    return Fetcher(allow_private=True, resolve=resolve)


def test_an_image_url_is_recognised_like_an_upload(
    client: httpx.Client, web: Web, image: bytes, ocr_emulator: Emulator
) -> None:
    web.pages["/receipt.png?size=1"] = page(image)
    by_url = client.post("/general", json={"imageUrl": web.url("/receipt.png?size=1")})
    by_upload = client.post("/general", files={"image": ("image.png", image)})
    assert by_url.json() == by_upload.json()
    assert by_url.json()["header"]["isSuccessful"]
    first, second = ocr_emulator.calls
    assert first.image_sha256 == second.image_sha256
    assert first.file_name is None


@pytest.mark.parametrize("port", [1, 79, 81, 442, 444, 8080, 9999, 12001, 65535])
def test_forbidden_ports(api: httpx.Client, port: int) -> None:
    for scheme in ("http", "https"):
        response = api.post("/general", json={"imageUrl": f"{scheme}://example.com:{port}/a.png"})
        assert response.json()["header"]["resultCode"] == 4000001


@pytest.mark.parametrize("port", ["", ":80", ":443", ":10000", ":11111", ":12000"])
def test_allowed_ports(port: str) -> None:
    for scheme in ("http", "HTTPS"):
        assert check_url(f"{scheme}://example.com{port}/a.png").host == "example.com"


@pytest.mark.parametrize(
    "url",
    [
        *("https://한글.kr/a.png", "http://user:pass@example.com/a.png", "HTTP://EXAMPLE.COM"),
        *("http://[2001:db8::1]:10000/a.png", "https://example.com/%ED%95%9C?x=1#y"),
    ],
)
def test_unusual_urls_are_fine(url: str) -> None:
    assert check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        *("", "a.png", "/a.png", "//example.com/a.png", "http://", "http:///a.png", "https:a.png"),
        *("ftp://example.com/a.png", "file:///etc/passwd", "data:image/png;base64,AAAA"),
        *("gopher://example.com:80/", "javascript:alert(1)", "http:// example.com:x/"),
        *("http://example.com:port/", "http://[::1", "http://example.com\n/", "http://\ud800.kr/"),
    ],
)
def test_what_is_no_image_url(api: httpx.Client, url: str) -> None:
    body = '{"imageUrl": "' + "".join(f"\\u{ord(character):04x}" for character in url) + '"}'
    headers = {"Content-Type": "application/json"}
    response = api.post("/general", content=body.encode(), headers=headers)
    assert response.json()["header"]["resultCode"] == 400


@given(st.text(max_size=60) | st.text(max_size=30).map("http://".__add__))
def test_any_text_is_a_url_or_refused(text: str) -> None:
    try:
        url = check_url(text)
    except Refused as refused:
        assert refused.code in (400, 4000001)
    else:
        assert url.scheme in ("http", "https")


def test_a_local_server_is_refused_unasked(image: bytes) -> None:
    with Web() as web, Emulator(engine="fixture") as emulator:
        web.pages["/"] = page(image)
        with httpx.Client(transport=emulator.transport) as api:
            for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1"):
                response = api.post(
                    f"http://emulator/v1.0/appkeys/{emulator.app_key}/general",
                    json={"imageUrl": web.url(host=host)},
                    headers={"Authorization": emulator.secret_key},
                )
                # Some spellings are no host at all to one library and an address to another.
                assert response.json()["header"]["resultCode"] in (400, 4000504)
        assert not web.requests


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/?s3cr3t", "this machine or its network, which needs allow_private_urls"),
        ("http://s3cr3t@10.1.2.3/", "this machine or its network, which needs allow_private_urls"),
        ("http://169.254.169.254/s3cr3t", "an address that images are never fetched from"),
        ("http://[fd00:ec2::254]/s3cr3t", "an address that images are never fetched from"),
    ],
)
def test_a_refused_address_says_why(
    caplog: pytest.LogCaptureFixture, url: str, reason: str
) -> None:
    emulator = Emulator(engine="fixture")
    with caplog.at_level("INFO"), httpx.Client(transport=emulator.transport) as api:
        reply = api.post(
            f"http://emulator/v1.0/appkeys/{emulator.app_key}/general",
            json={"imageUrl": url},
            headers={"Authorization": emulator.secret_key},
        )
    assert reply.json()["header"]["resultCode"] == 4000504
    said = f"imageUrl leads to an address of {reason}"
    assert (emulator.calls[-1].reason or "") in (said, f"imageUrl leads to {reason}")
    assert f"4000504: {emulator.calls[-1].reason}" in caplog.text
    assert "s3cr3t" not in caplog.text


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (page(b"", status="404 Not Found"), "the download's HTTP status is 404"),
        (redirect("/"), "there are more than 5 redirects"),
        (redirect("ftp://127.0.0.1/"), "after a redirect: the scheme of imageUrl is 'ftp', "),
        (page(b""), "the download is empty"),
        (lambda send: send(b"s3cr3t\r\n\r\n"), "the download failed: RemoteProtocolError, "),
    ],
)
def test_a_failed_download_says_why(
    api: httpx.Client, ocr_emulator: Emulator, web: Web, reply: Page, reason: str
) -> None:
    web.pages["/"] = reply
    assert not api.post("/general", json={"imageUrl": web.url()}).json()["header"]["isSuccessful"]
    assert (ocr_emulator.calls[-1].reason or "").startswith(reason)
    assert "s3cr3t" not in (ocr_emulator.calls[-1].reason or "")


def test_an_address_does_not_wait_behind_names_that_take_long(web: Web) -> None:
    web.pages["/"] = page(b"image")
    answered = threading.Event()
    waiting = [_NAME_THREADS.submit(answered.wait) for _ in range(100)]
    try:
        assert fetched(web.url(host="127.0.0.1")) == b"image"
        assert not any(future.done() for future in waiting)
    finally:
        answered.set()
    assert all(future.result(PATIENCE) for future in waiting)


@pytest.mark.parametrize(
    "answer",
    [
        *(["169.254.169.254"], ["::ffff:169.254.169.254"], ["64:ff9b::a9fe:a9fe"], ["0.0.0.0"]),
        ["127.0.0.1", "169.254.169.254"],
        [],
    ],
)
def test_a_name_with_one_forbidden_address_is_refused(web: Web, answer: list[str]) -> None:
    web.pages["/"] = page(b"secret")
    assert fetched(web.url(host="images.test"), resolving(answer)) == 4000504
    assert not web.requests


def test_the_checked_address_is_the_one_connected_to(web: Web) -> None:
    """A second look-up, which a rebinding name answers otherwise, is never made."""
    web.pages["/"] = page(b"image")
    fetcher = resolving(["127.0.0.1"])
    assert fetched(web.url(host="images.test"), fetcher) == b"image"
    assert f"Host: images.test:{web.port}\r\n" in web.requests[0]


def test_each_redirect_is_checked_anew(web: Web) -> None:
    web.pages["/"] = redirect(web.url("/image", host="other.test"))
    web.pages["/image"] = page(b"image")
    start = web.url(host="images.test")
    assert fetched(start, resolving(["127.0.0.1"], ["127.0.0.1"])) == b"image"
    assert fetched(start, resolving(["127.0.0.1"], ["169.254.169.254"])) == 4000504
    assert len(web.requests) == 3


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://127.0.0.1:8080/", 4000001),
        ("ftp://127.0.0.1/", 400),
        ("file:///etc/passwd", 400),
        ("http://[", 4000504),
        ("/", 4000504),
    ],
)
def test_redirects_that_are_refused(web: Web, location: str, code: int) -> None:
    web.pages["/"] = redirect(location)
    assert fetched(web.url()) == code
    assert len(web.requests) <= 6


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_relative_redirects(web: Web, status: str) -> None:
    web.pages["/a"] = redirect("b?c=d", status)
    web.pages["/b?c=d"] = page(b"image")
    assert fetched(web.url("/a")) == b"image"


@pytest.mark.parametrize("status", ["201 Created", "204 No", "404 Not Found", "500 Oh"])
def test_other_statuses_are_failures(web: Web, status: str) -> None:
    web.pages["/"] = page(b"image" if status[0] != "2" else b"", status=status)
    assert fetched(web.url()) == 4000504


def test_the_limit_is_counted_while_reading(web: Web) -> None:
    def endless(head: bytes, piece: bytes) -> None:
        def write(send: Send) -> None:
            send(head)
            while not web.closing.is_set():
                send(piece)

        web.pages["/"] = write

    web.pages["/"] = page(bytes(LIMIT))
    assert fetched(web.url()) == bytes(LIMIT)
    web.pages["/"] = page(bytes(LIMIT + 1))
    assert fetched(web.url()) == 4000502
    endless(b"HTTP/1.1 200 OK\r\n\r\n", bytes(MIB))
    assert fetched(web.url()) == 4000502
    chunk = b"100000\r\n" + bytes(MIB) + b"\r\n"
    endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk)
    assert fetched(web.url()) == 4000502
    endless(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", bytes(MIB))
    assert fetched(web.url()) == 4000502


def test_a_compressed_body_is_neither_asked_for_nor_unpacked(web: Web) -> None:
    web.pages["/"] = page(gzip.compress(bytes(MIB)), "Content-Encoding: gzip")
    assert fetched(web.url()) == 4000504
    assert "Accept-Encoding: identity\r\n" in web.requests[0]


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\nhalf"])
def test_a_download_that_takes_too_long(web: Web, head: bytes) -> None:
    def stuck(send: Send) -> None:
        send(head)
        web.closing.wait()

    web.pages["/"] = stuck
    assert fetched(web.url(), Fetcher(allow_private=True, seconds=0.1)) == 4000503


def test_a_server_that_shakes_no_hands_is_hung_up_on() -> None:
    """Whenever the fetch ends, be it by its time limit: here once the handshake has begun."""

    def shake_no_hand(silent: socket.socket) -> socket.socket:
        connection, _ = silent.accept()
        connection.settimeout(PATIENCE)
        assert connection.recv(1)
        return connection

    connections: list[socket.socket] = []

    async def fetch_until_then(silent: socket.socket) -> None:
        fetcher = Fetcher(allow_private=True, seconds=3600)
        url = check_url(f"https://127.0.0.1:{silent.getsockname()[1]}/")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(fetcher.fetch, url)
            connections.append(await anyio.to_thread.run_sync(shake_no_hand, silent))
            tasks.cancel_scope.cancel()

    with listen() as silent:
        silent.settimeout(PATIENCE)
        anyio.run(fetch_until_then, silent)
        with connections[0] as connection:
            while connection.recv(65536):
                pass


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff garbage", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"]
)
def test_broken_replies_are_failures(web: Web, raw: bytes) -> None:
    web.pages["/"] = lambda send: send(raw)
    assert fetched(web.url()) == 4000504


def test_nobody_there() -> None:
    with deaf() as held:
        assert fetched(f"http://127.0.0.1:{held.getsockname()[1]}/") == 4000504

    async def unknown(host: str, port: int) -> Iterable[str]:
        raise OSError("no such name")

    assert fetched("http://image.invalid/", Fetcher(resolve=unknown)) == 4000504


def test_an_empty_download_is_a_failed_one(api: httpx.Client, web: Web) -> None:
    web.pages["/"] = page(b"")
    response = api.post("/general", json={"imageUrl": web.url()})
    assert response.json()["header"]["resultCode"] == 4000504


def test_the_environments_proxies_are_not_asked(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    web.pages["/"] = page(b"image")
    assert fetched(web.url()) == b"image"


def test_user_info_becomes_credentials_for_that_host(web: Web) -> None:
    web.pages["/"] = page(b"image")
    assert fetched(f"http://me:secret@127.0.0.1:{web.port}/") == b"image"
    assert "Authorization: Basic bWU6c2VjcmV0\r\n" in web.requests[0]


def test_https_verifies_the_name_not_the_address(image: bytes) -> None:
    trustme = pytest.importorskip("trustme")
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("images.test").configure_cert(tls)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)

    async def resolve(host: str, port: int) -> Iterable[str]:
        return ["127.0.0.1"]

    with Web(tls=tls) as web:
        web.pages["/"] = page(image)
        fetcher = Fetcher(allow_private=True, resolve=resolve, ssl_context=trusting)
        assert fetched(web.url(host="images.test"), fetcher) == image
        assert fetched(web.url(host="other.test"), fetcher) == 4000504
        distrusting = Fetcher(allow_private=True, resolve=resolve)
        assert fetched(web.url(host="images.test"), distrusting) == 4000504


@pytest.mark.anyio
async def test_what_names_and_servers_keep_waiting_holds_up_no_other_download(
    web: Web, image: bytes
) -> None:
    web.pages["/"] = page(image + bytes(200_000))

    def never(send: Send) -> None:
        web.closing.wait(PATIENCE)

    web.pages["/never"] = never
    halves = 0

    def half(send: Send) -> None:
        nonlocal halves
        send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + bytes(500_000))
        halves += 1
        web.closing.wait(PATIENCE)

    web.pages["/half"] = half
    asked = 0

    async def resolve(host: str, port: int) -> Iterable[str]:
        nonlocal asked
        asked += 1
        if host == "slow.test":
            await anyio.sleep_forever()
        return ["127.0.0.1"]

    service = Service(
        Settings(engine="fixture"), fetcher=Fetcher(allow_private=True, resolve=resolve)
    )
    transport = EmulatorTransport(App(service))
    async with httpx.AsyncClient(transport=transport, timeout=None) as api:

        async def call(url: str) -> httpx.Response:
            return await api.post(
                f"http://emulator/v1.0/appkeys/{service.app_key}/general",
                json={"imageUrl": url},
                headers={"Authorization": service.secret_key},
            )

        async with anyio.create_task_group() as tasks:
            for _ in range(20):
                tasks.start_soon(call, web.url(host="slow.test"))
                tasks.start_soon(call, web.url("/never"))
                tasks.start_soon(call, web.url("/half"))
            with anyio.fail_after(PATIENCE):
                while asked < 60 or halves < 20:
                    await anyio.lowlevel.checkpoint()
            assert (await call(web.url())).json()["header"]["isSuccessful"]
            tasks.cancel_scope.cancel()


@pytest.mark.anyio
async def test_waiting_for_memory_takes_none_of_a_downloads_time(web: Web) -> None:
    web.pages["/"] = page(bytes(100_000))
    deadlines: list[float] = []
    sizes: list[int] = []

    async def hold(size: int) -> None:
        deadlines.append(anyio.current_effective_deadline())
        sizes.append(size)

    fetcher = Fetcher(allow_private=True, seconds=PATIENCE)
    assert len(await fetcher.fetch(check_url(web.url()), hold)) == 100_000
    assert set(deadlines) == {math.inf}
    assert sizes[-1] == 100_000
