"""The emulator's life: a port on demand, no thread left, no socket where none is needed."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest
from emulator.wire import connected
from nhncloud_ocr_emulator import Emulator, create_app
from nhncloud_ocr_emulator._asgi import Message
from nhncloud_ocr_emulator._effects import AsyncEffects, BlockingEffects, run_blocking
from nhncloud_ocr_emulator._server import _NO_LINGER
from patience import PATIENCE, until


def url(emulator: Emulator, host: str = "http://emulator") -> str:
    return f"{host}/v1.0/appkeys/{emulator.app_key}/general"


def test_each_instance_has_keys_and_a_port_of_its_own(image: bytes) -> None:
    with Emulator(engine="fixture") as first, Emulator(engine="fixture") as second:
        assert first.base_url != second.base_url
        assert first.base_url.startswith("http://127.0.0.1:")
        assert first.app_key != second.app_key
        assert first.secret_key != second.secret_key
        assert len(first.app_key) == 16
        files = {"image": ("image.png", image)}
        foreign = {"Authorization": second.secret_key}
        target = url(first, first.base_url)
        answer = httpx.post(target, files=files, headers=foreign, timeout=PATIENCE).json()
        assert answer["header"]["resultCode"] == 4010001


def test_keys_can_be_given() -> None:
    emulator = Emulator(engine="fixture", app_key="one", secret_key="two")
    assert (emulator.app_key, emulator.secret_key) == ("one", "two")


def test_closing_ends_the_port_and_the_thread_and_may_be_repeated(image: bytes) -> None:
    before = set(threading.enumerate())

    def begun() -> list[str]:
        new = set(threading.enumerate()) - before
        return [each.name for each in new if each.name.startswith("nhncloud-ocr-emulator")]

    with Emulator(engine="fixture") as emulator:
        base_url = emulator.base_url
        client = httpx.Client(timeout=PATIENCE)  # with a connection that is still open at the end
        client.post(url(emulator, base_url), files={"image": ("image.png", image)})
        assert begun()
    emulator.close()
    emulator.close()
    assert begun() == []
    with pytest.raises(httpx.TransportError):
        client.post(url(emulator, base_url))
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{base_url}/health", timeout=PATIENCE)
    client.close()
    assert emulator.base_url == base_url


def test_closing_does_not_wait_for_calls_under_way(image: bytes) -> None:
    caught: list[Exception] = []
    with Emulator(engine="fixture") as emulator:
        emulator.faults.add(latency=3600)
        target, headers = url(emulator, emulator.base_url), {"Authorization": emulator.secret_key}

        def call() -> None:
            try:
                httpx.post(target, files={"image": ("i.png", image)}, headers=headers, timeout=None)
            except httpx.HTTPError as error:
                caught.append(error)

        caller = threading.Thread(target=call)
        caller.start()
        until(lambda: emulator.calls)  # it is recorded before it waits
    caller.join()
    assert isinstance(caught[0], httpx.TransportError)


def test_it_can_be_entered_again(image: bytes) -> None:
    emulator = Emulator(engine="fixture")
    for _ in range(2):
        with emulator, httpx.Client(transport=emulator.transport) as client:
            response = client.post(
                url(emulator),
                files={"image": ("image.png", image)},
                headers={"Authorization": emulator.secret_key},
            )
            assert response.json()["header"]["isSuccessful"]


def test_entered_again_it_opens_a_port_again() -> None:
    emulator = Emulator(engine="fixture")
    for _ in range(2):
        with emulator:
            assert httpx.get(f"{emulator.base_url}/health", timeout=PATIENCE).is_success
            assert emulator.token_url.startswith(emulator.base_url)


def test_the_port_needs_a_with_statement() -> None:
    with pytest.raises(RuntimeError, match="with statement"):
        _ = Emulator(engine="fixture").base_url


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", ""])
def test_it_listens_on_loopback_only(host: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        Emulator(engine="fixture", host=host)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("mode", "old"), ("overlap", "some"), ("port", 65_536), ("port", "80"), ("workers", 1.5)),
        *(("rate_limit", "5"), ("expires_in", "5"), ("app_key", 5), ("app_key", "a\nb")),
        *(("secret_key", " a"), ("secret_access_key", "a\r\n"), ("user_access_key_id", "a:b")),
    ],
)
def test_wrong_choices_are_told_by_name(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        Emulator(engine="fixture", **{name: value})  # type: ignore[arg-type]


def test_a_key_that_is_refused_is_not_told() -> None:
    with pytest.raises(ValueError, match="secret_key") as caught:
        Emulator(engine="fixture", secret_key="canary\n")
    assert "canary" not in str(caught.value)


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever makes a socket, or a pair of them as event loops do, fails."""

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a socket was made")

    class Forbidden(socket.socket):
        def __new__(cls, *_: object, **__: object) -> Forbidden:
            raise AssertionError("a socket was made")

    with monkeypatch.context() as patch:
        patch.setattr(socket, "socket", Forbidden)
        for name in ("socketpair", "create_connection", "create_server", "getaddrinfo"):
            patch.setattr(socket, name, forbidden)
        with pytest.raises(AssertionError, match="a socket was made"):
            socket.create_server(("127.0.0.1", 0))
        yield


@pytest.mark.usefixtures("no_sockets")
def test_the_transport_needs_no_socket(image: bytes) -> None:
    with Emulator(engine="fixture") as emulator, httpx.Client(transport=emulator.transport) as api:
        headers = {"Authorization": emulator.secret_key}
        files = {"image": ("image.png", image)}
        assert api.post(url(emulator), files=files, headers=headers).json()["result"]
        # Larger than what is recognised without a thread elsewhere.
        large = {"image": ("image.png", image + bytes(1024 * 1024))}
        assert api.post(url(emulator), files=large, headers=headers).json()["result"]
        emulator.faults.add(slow_body=0.01)
        assert api.post(url(emulator), files=files, headers=headers).json()["result"]


@pytest.mark.anyio
async def test_the_transport_needs_no_socket_async(
    image: bytes, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("no_sockets")  # after the event loop, which has a pair of its own
    emulator = Emulator(engine="fixture")
    async with httpx.AsyncClient(transport=emulator.transport) as api:
        headers = {"Authorization": emulator.secret_key}
        files = {"image": ("image.png", image)}
        assert (await api.post(url(emulator), files=files, headers=headers)).json()["result"]
        large = {"image": ("image.png", image + bytes(1024 * 1024))}
        assert (await api.post(url(emulator), files=large, headers=headers)).json()["result"]
        with pytest.raises(httpx.ReadError):
            await api.post(
                url(emulator), files=files, headers=headers | {"X-Emulator-Fault": "reset=during"}
            )


class UnreadableError(Exception):
    """What a file of the caller's raises."""


def test_what_a_callers_body_raises_comes_out_of_its_call(ocr_emulator: Emulator) -> None:
    """As over a socket, and not as a reply that the service failed."""

    def body() -> Iterator[bytes]:
        yield b"--B\r\n"
        raise UnreadableError

    headers = {
        "Authorization": ocr_emulator.secret_key,
        "Content-Type": "multipart/form-data; boundary=B",
    }
    with (
        httpx.Client(transport=ocr_emulator.transport) as api,
        pytest.raises(UnreadableError),
    ):
        api.post(url(ocr_emulator), content=body(), headers=headers)
    (call,) = ocr_emulator.calls
    assert (call.status, call.billed) == (None, False)


def test_a_closed_client_leaves_the_transport_usable(ocr_emulator: Emulator, image: bytes) -> None:
    for _ in range(2):
        with httpx.Client(transport=ocr_emulator.transport) as api:
            assert api.get("http://emulator/health").status_code == 200


def test_what_would_wait_without_a_loop_is_a_bug() -> None:
    async def suspends() -> None:
        await AsyncEffects().sleep(1)

    async def waits() -> str:
        await BlockingEffects().sleep(0)
        return "done"

    assert run_blocking(waits()) == "done"
    with pytest.raises(Exception, match=r"suspend|async library|event loop"):
        run_blocking(suspends())


def test_any_asgi_server_can_run_it(image: bytes) -> None:
    """Starlette's lifespan and httpx's own ASGI transport stand for the others."""
    app = create_app(engine="fixture", app_key="app", secret_key="secret")
    sent: list[str] = []

    async def run() -> httpx.Response:
        messages = iter(["lifespan.startup", "lifespan.shutdown"])
        started, finished = asyncio.Event(), asyncio.Event()

        async def receive() -> dict[str, str]:
            message = next(messages)
            if message == "lifespan.shutdown":
                await finished.wait()
            return {"type": message}

        async def send(message: Message) -> None:
            sent.append(message["type"])
            started.set()

        lifespan = asyncio.create_task(app({"type": "lifespan"}, receive, send))
        await started.wait()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            response = await client.post(
                "http://any/v1.0/appkeys/app/general",
                files={"image": ("image.png", image)},
                headers={"Authorization": "secret"},
            )
        finished.set()
        await lifespan
        return response

    assert asyncio.run(run()).json()["header"]["isSuccessful"]
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_an_application_of_ones_own_may_mount_it(image: bytes) -> None:
    """Under a path, and as most frameworks do it, without the lifespan: the first call loads it."""
    app = create_app(engine="fixture", app_key="app", secret_key="secret")

    async def run() -> tuple[httpx.Response, httpx.Response]:
        transport = httpx.ASGITransport(app, root_path="/ocr")
        async with httpx.AsyncClient(transport=transport, base_url="http://any/ocr") as client:
            read = await client.post(
                "/v1.0/appkeys/app/general",
                files={"image": ("image.png", image)},
                headers={"Authorization": "secret"},
            )
            return read, await client.get("/health")

    read, health = asyncio.run(run())
    assert read.json()["header"]["isSuccessful"]
    assert health.status_code == 200


def test_a_reset_is_a_tcp_reset(ocr_emulator: Emulator, image: bytes) -> None:
    """Not the end of file that a closed connection gives."""
    for moment in ("before", "during", "after"):
        with connected(ocr_emulator.base_url) as connection:
            connection.sendall(
                f"POST /v1.0/appkeys/{ocr_emulator.app_key}/general HTTP/1.1\r\nHost: x\r\n"
                f"Content-Type: application/json\r\nContent-Length: 2\r\n"
                f"X-Emulator-Fault: reset={moment}\r\n\r\n{{}}".encode()
            )
            received = b""
            with pytest.raises(ConnectionResetError):
                while chunk := connection.recv(4096):
                    received += chunk
            assert (received == b"") is (moment == "before")
            assert received.endswith(b"}") is (moment == "after")


def test_a_peer_that_resets_does_no_harm(ocr_emulator: Emulator, image: bytes) -> None:
    for _ in range(20):
        connection = connected(ocr_emulator.base_url)
        connection.sendall(b"POST /v1.0/appkeys/x/general HTTP/1.1\r\nContent-Length: 99\r\n\r\nx")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        connection.close()
    assert httpx.get(f"{ocr_emulator.base_url}/health", timeout=PATIENCE).status_code == 200
