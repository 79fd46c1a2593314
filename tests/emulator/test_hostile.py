"""What a hostile or broken caller sends: a documented code, and the next call works."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from itertools import repeat

import httpx
import pytest
from emulator.wire import connected, reply_on
from hypothesis import HealthCheck, given, settings, strategies as st
from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_emulator._app import App
from nhncloud_ocr_emulator._reader import Reader
from nhncloud_ocr_emulator._results import SERVICE
from nhncloud_ocr_emulator._server import Server
from nhncloud_ocr_emulator._service import Service
from nhncloud_ocr_emulator._settings import Settings
from patience import PATIENCE
from PIL import Image

MIB = 1024 * 1024


def result_code(response: httpx.Response) -> int:
    code = response.json()["header"]["resultCode"]
    assert code in SERVICE
    return code


def endless_form() -> Iterator[bytes]:
    yield b'--b\r\nContent-Disposition: form-data; name="image"; filename="i.png"\r\n\r\n'
    yield b"\x89PNG\r\n\x1a\n"
    yield from repeat(bytes(MIB))


def endless_json() -> Iterator[bytes]:
    yield b'{"imageUrl": "'
    yield from repeat(b"a" * MIB)


FORM = {"Content-Type": "multipart/form-data; boundary=b"}
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (endless_form, FORM, 4131000),
        (endless_json, JSON, 4131000),
        (endless_json, FORM, 400),
        (endless_form, FORM | {"Authorization": "wrong"}, 4010001),
        (endless_form, {"Content-Type": "text/plain"}, 415),
    ],
)
def test_a_body_without_end(
    client: httpx.Client,
    image: bytes,
    body: Callable[[], Iterator[bytes]],
    headers: dict[str, str],
    expected: int,
) -> None:
    response = client.post("/general", content=body(), headers=headers)
    assert result_code(response) == expected
    assert client.post("/general", files={"image": ("image.png", image)}).json()["result"]


def test_a_body_far_beyond_the_limit_is_not_kept(ocr_emulator: Emulator, image: bytes) -> None:
    body = b"--b\r\n" + bytes(64 * MIB)
    target = f"{ocr_emulator.base_url}/v1.0/appkeys/{ocr_emulator.app_key}/general"
    headers = FORM | {"Authorization": ocr_emulator.secret_key}
    with httpx.Client(headers=headers, timeout=PATIENCE) as client:
        assert result_code(client.post(target, content=body)) == 400
        assert result_code(client.post(target, content=b"")) == 400
    assert all(call.size < 40 * MIB for call in ocr_emulator.calls)


@pytest.fixture
def impatient(image: bytes) -> Iterator[tuple[Service, Server]]:
    """A server that gives an upload a quarter of a second."""
    service = Service(Settings(engine="fixture", upload_seconds=0.25))
    service.load()
    server = Server(App(service), "127.0.0.1", 0)
    yield service, server
    server.stop()
    service.close()


def test_a_slow_sender_is_answered_in_time(impatient: tuple[Service, Server], image: bytes) -> None:
    service, server = impatient
    path = f"/v1.0/appkeys/{service.app_key}/general"
    base_url = f"http://127.0.0.1:{server.port}"
    with connected(base_url) as connection:
        connection.sendall(
            f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {service.secret_key}\r\n"
            "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{".encode()
        )
        reply = reply_on(connection)
    assert b'"resultCode":400' in reply
    assert b"connection: close" in reply.lower()
    object.__setattr__(service.settings, "upload_seconds", PATIENCE)  # this one is slow itself
    response = httpx.post(
        base_url + path,
        files={"image": ("image.png", image)},
        headers={"Authorization": service.secret_key},
        timeout=PATIENCE,
    )
    assert response.json()["result"]


HEAD_OF_PART = b'--b\r\nContent-Disposition: form-data; name="image"; filename="i"\r\n\r\n'
CHUNK = HEAD_OF_PART + bytes(200_000)


@pytest.mark.parametrize(
    ("length", "sent"),
    [
        ("Content-Length: 20000000", b""),
        ("Content-Length: 20000000", CHUNK),
        ("Transfer-Encoding: chunked", b""),
        ("Transfer-Encoding: chunked", b"%x\r\n%b\r\n" % (len(CHUNK), CHUNK)),
    ],
)
def test_who_announces_much_and_sends_little_holds_up_nobody(
    ocr_emulator: Emulator, image: bytes, length: str, sent: bytes
) -> None:
    target = f"{ocr_emulator.base_url}/v1.0/appkeys/{ocr_emulator.app_key}/general"
    with ExitStack() as stack, httpx.Client(timeout=PATIENCE) as client:
        for _ in range(20):  # together they would be 400 MB
            silent = stack.enter_context(connected(ocr_emulator.base_url))
            silent.sendall(
                f"POST /v1.0/appkeys/{ocr_emulator.app_key}/general HTTP/1.1\r\nHost: x\r\n"
                f"Authorization: {ocr_emulator.secret_key}\r\n{length}\r\n"
                "Content-Type: multipart/form-data; boundary=b\r\n"
                "Expect: 100-continue\r\n\r\n".encode()
            )
            assert silent.recv(4096).startswith(b"HTTP/1.1 100 ")  # the body is awaited
            silent.sendall(sent)
        for more in (b"", bytes(18 * MIB)):
            body = HEAD_OF_PART + image + more + b"\r\n--b--\r\n"
            response = client.post(
                target,
                content=iter([body]),  # chunked
                headers=FORM | {"Authorization": ocr_emulator.secret_key},
            )
            assert response.json()["result"]


def test_a_small_file_of_many_pixels_is_not_unpacked_in_the_event_loop(image: bytes) -> None:
    reader = Reader(Settings(engine="fixture"))
    file = io.BytesIO()
    Image.new("1", (7000, 7000)).save(file, "PNG")
    assert len(file.getvalue()) < 64 * 1024
    assert not reader.is_instant(file.getvalue())
    assert reader.is_instant(image)


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    body=st.binary(max_size=400)
    | st.binary(max_size=200).map(
        lambda content: (
            b'--b\r\nContent-Disposition: form-data; name="image"; filename="i"\r\n\r\n'
            + content
            + b"\r\n--b--\r\n"
        )
    ),
    media_type=st.sampled_from([*FORM.values(), *JSON.values(), "multipart/form-data", "a/b"])
    | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60),
)
def test_arbitrary_bodies_have_documented_codes(
    api: httpx.Client, body: bytes, media_type: str
) -> None:
    response = api.post("/general", content=body, headers={"Content-Type": media_type})
    assert response.status_code == 200
    assert result_code(response) in (0, 400, 415, 4000001, 4000002, 4000003, 4000004, 4000504)


@pytest.fixture(scope="module")
def shared() -> Iterator[Emulator]:
    with Emulator(engine="fixture") as emulator:
        yield emulator


@settings(max_examples=100)
@given(data=st.binary(max_size=300))
def test_arbitrary_bytes_on_the_wire_do_not_stop_the_server(shared: Emulator, data: bytes) -> None:
    with connected(shared.base_url) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while connection.recv(4096):
                pass
    with httpx.Client(verify=False, timeout=PATIENCE) as client:
        assert client.get(f"{shared.base_url}/health").status_code == 200
