"""API v1.1 over HTTP and in process: SDK, token endpoint and service as the emulator plays them."""

import asyncio
import json
import os
import subprocess
import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from e2e.both_clients import AT_ONCE, both, recognize
from e2e.raw_server import RawServer
from nhncloud_ocr import (
    AccessToken,
    AsyncOcrClient,
    AuthenticationError,
    OcrClient,
    OcrConnectionError,
    PermissionDeniedError,
    ServerError,
)
from nhncloud_ocr_emulator import Emulator
from patience import PATIENCE
from unit.support import ONCE, PNG


@pytest.fixture
def emulator():
    with Emulator(engine="fixture") as running:
        yield running


def credentials(emulator, **more):
    given = {
        "app_key": emulator.app_key,
        "user_access_key_id": emulator.user_access_key_id,
        "secret_access_key": emulator.secret_access_key,
        "token_url": emulator.token_url,
    }
    return AccessToken(**{**given, **more})


def kinds(emulator):
    made = [call.kind for call in emulator.calls]
    return len(made) - made.count("recognition"), made.count("recognition")


@both
@pytest.mark.parametrize("way", ["socket", "in process"])
def test_a_call_takes_one_token_and_one_request(kind, way, emulator) -> None:
    options = {"credentials": credentials(emulator), "base_url": emulator.base_url}
    if way == "in process":
        options["transport"] = emulator.transport
    page = recognize(kind, **options)
    assert page.words
    assert page.attempts == 1
    assert kinds(emulator) == (1, 1)
    assert sum(emulator.billed.values()) == 1


@both
def test_the_environment_is_enough(kind, emulator, monkeypatch) -> None:
    monkeypatch.delenv("NHNCLOUD_OCR_SECRET_KEY", raising=False)
    for name in ("app_key", "user_access_key_id", "secret_access_key", "token_url", "base_url"):
        monkeypatch.setenv(f"NHNCLOUD_OCR_{name.upper()}", getattr(emulator, name))
    assert recognize(kind).words
    assert kinds(emulator) == (1, 1)


def test_a_token_that_ends_in_mid_run_costs_a_token_request_and_no_second_bill(emulator) -> None:
    with (
        OcrClient(credentials=credentials(emulator), base_url=emulator.base_url) as ocr,
        ThreadPoolExecutor(16) as threads,
    ):
        first = list(threads.map(lambda _: ocr.recognize(PNG), range(100)))
        emulator.tokens.revoke_all()
        second = list(threads.map(lambda _: ocr.recognize(PNG), range(100)))
    assert all(page.words for page in first + second)
    token_requests, calls = kinds(emulator)
    assert token_requests == 2
    assert calls == 200 + sum(page.attempts - 1 for page in second)
    assert sum(emulator.billed.values()) == 200


def test_500_tasks_over_sockets_take_one_token(emulator) -> None:
    async def main():
        async with AsyncOcrClient(
            credentials=credentials(emulator), base_url=emulator.base_url
        ) as ocr:
            return await asyncio.gather(*[ocr.recognize(PNG) for _ in range(500)])

    assert len(asyncio.run(main())) == 500
    assert kinds(emulator) == (1, 500)


@both
def test_a_life_as_a_string_is_read(kind, emulator) -> None:
    emulator.token_faults.add(expires_in="3600")
    assert recognize(kind, credentials=credentials(emulator), base_url=emulator.base_url).words


@both
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 503}, None),
        ({"reset": "before"}, None),
        ({"status": 401}, AuthenticationError),
        ({"error": "unauthorized_client"}, AuthenticationError),
    ],
)
def test_a_token_endpoint_that_fails_once(kind, fault, error, emulator) -> None:
    emulator.token_faults.add(**fault)
    options = {"credentials": credentials(emulator), "base_url": emulator.base_url}
    if error is None:
        assert recognize(kind, **options, retry=AT_ONCE).attempts == 1
        assert kinds(emulator)[0] == 2
    else:
        with pytest.raises(error, match="access key"):
            recognize(kind, **options, retry=AT_ONCE)
        assert kinds(emulator) == (1, 0)
    assert sum(emulator.billed.values()) == (1 if error is None else 0)


@both
@pytest.mark.parametrize(
    ("fault", "error"), [({"status": 502}, ServerError), ({"reset": "before"}, OcrConnectionError)]
)
def test_a_token_endpoint_that_goes_on_failing(kind, fault, error, emulator) -> None:
    emulator.token_faults.add(times=3, **fault)
    with pytest.raises(error) as caught:
        recognize(
            kind, credentials=credentials(emulator), base_url=emulator.base_url, retry=AT_ONCE
        )
    assert caught.value.attempts == 0
    assert kinds(emulator) == (3, 0)


@both
@pytest.mark.parametrize("name", ["user_access_key_id", "secret_access_key"])
def test_a_wrong_access_key_says_so(kind, name, emulator) -> None:
    wrong = credentials(emulator, **{name: "of-somebody-else"})
    with pytest.raises(AuthenticationError, match="secret access key"):
        recognize(kind, credentials=wrong, base_url=emulator.base_url)
    assert kinds(emulator) == (1, 0)


@both
def test_a_token_that_may_not_is_not_renewed(kind, emulator) -> None:
    emulator.faults.add(result_code=4010007)
    with pytest.raises(PermissionDeniedError):
        recognize(kind, credentials=credentials(emulator), base_url=emulator.base_url)
    assert kinds(emulator) == (1, 1)


def test_one_line_changes_to_move_from_v1_0(emulator) -> None:
    emulator_keys = emulator.app_key, emulator.secret_key
    with OcrClient(*emulator_keys, base_url=emulator.base_url) as ocr:
        before = ocr.recognize(PNG)
    with OcrClient(credentials=credentials(emulator), base_url=emulator.base_url) as ocr:
        after = ocr.recognize(PNG)
    assert before == after
    paths = [call.path for call in emulator.calls if call.kind == "recognition"]
    assert [path.split("/")[1] for path in paths] == ["v1.0", "v1.1"]


# --- the command -------------------------------------------------------------------------------


def command(emulator, *arguments, **environment):
    kept = {name: value for name, value in os.environ.items() if "NHNCLOUD" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "nhncloud_ocr", "recognize", "--json", *map(str, arguments)],
        env={
            **kept,
            "PYTHONUTF8": "1",
            "NHNCLOUD_OCR_BASE_URL": emulator.base_url,
            "NHNCLOUD_OCR_TOKEN_URL": emulator.token_url,
            **environment,
        },
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def files(emulator, tmp_path):
    (tmp_path / "image.png").write_bytes(PNG)
    for name in ("app_key", "secret_key", "user_access_key_id", "secret_access_key"):
        (tmp_path / name).write_text(getattr(emulator, name) + "\n", "utf-8")
    return tmp_path


def test_the_command_takes_an_access_key_from_files(emulator, files) -> None:
    code, out, err = command(
        emulator,
        *("--app-key-file", files / "app_key"),
        *("--user-access-key-id-file", files / "user_access_key_id"),
        *("--secret-access-key-file", files / "secret_access_key"),
        files / "image.png",
    )
    assert (code, err) == (0, "")
    assert json.loads(out)["lines"]
    assert kinds(emulator) == (1, 1)


def test_a_file_goes_with_what_the_environment_has(emulator, files) -> None:
    code, _, err = command(
        emulator,
        *("--secret-access-key-file", files / "secret_access_key"),
        files / "image.png",
        NHNCLOUD_OCR_APP_KEY=emulator.app_key,
        NHNCLOUD_OCR_USER_ACCESS_KEY_ID=emulator.user_access_key_id,
        NHNCLOUD_OCR_SECRET_KEY="a-key-of-v1.0-that-is-not-meant",
    )
    assert (code, err) == (0, "")
    assert kinds(emulator) == (1, 1)


def test_keys_of_both_versions_are_bad_usage(emulator, files) -> None:
    code, out, err = command(
        emulator,
        *("--secret-key-file", files / "secret_key"),
        *("--secret-access-key-file", files / "secret_access_key"),
        files / "image.png",
    )
    assert (code, out) == (2, "")
    assert "--secret-key-file" in err
    assert emulator.secret_key not in err
    assert kinds(emulator) == (0, 0)


# --- proxies -----------------------------------------------------------------------------------


@pytest.fixture
def proxy(monkeypatch):
    """A proxy of the environment that lets nobody through; `asked` is what it was asked for."""
    asked = []

    def script(connection):
        asked.append(connection.read_head().split(b"\r\n")[0].decode())
        connection.send(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    for name in ("HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with RawServer(script) as server:
        monkeypatch.setenv("HTTPS_PROXY", server.url)
        server.asked = asked
        yield server


@both
def test_the_environments_proxy_is_looked_up_for_the_host_of_tokens(kind, emulator, proxy) -> None:
    vendors = credentials(emulator, token_url="https://oauth.example/token")
    with pytest.raises(OcrConnectionError, match=r"oauth\.example"):
        recognize(kind, credentials=vendors, base_url=emulator.base_url, retry=ONCE)
    assert proxy.asked == ["CONNECT oauth.example:443 HTTP/1.1"]
    assert kinds(emulator) == (0, 0)


@both
def test_a_token_endpoint_on_loopback_is_asked_past_the_proxy(kind, emulator, proxy) -> None:
    """The proxy would read the access key."""
    with pytest.raises(OcrConnectionError):
        recognize(
            kind, credentials=credentials(emulator), base_url="https://ocr.example", retry=ONCE
        )
    assert proxy.asked == ["CONNECT ocr.example:443 HTTP/1.1"]
    assert kinds(emulator) == (1, 0)


@both
def test_no_proxy_may_name_one_host_of_the_two(kind, emulator, proxy, monkeypatch) -> None:
    monkeypatch.setenv("NO_PROXY", "ocr.invalid")
    vendors = credentials(emulator, token_url="https://oauth.example/token")
    with pytest.raises(OcrConnectionError):
        recognize(kind, credentials=vendors, base_url="https://ocr.invalid", retry=ONCE)
    assert proxy.asked == ["CONNECT oauth.example:443 HTTP/1.1"]


# --- traces ------------------------------------------------------------------------------------


class Traced(httpx.HTTPTransport):
    """Keeps what tracing would: it stands where OpenTelemetry wraps httpx's transports."""

    def __init__(self):
        super().__init__()
        self.kept = []

    def handle_request(self, request):
        response = super().handle_request(request)
        shown = (request.url, request.headers.raw, request.read(), request.extensions)
        self.kept.append(f"{shown} {response.headers.raw}")
        return response


class AsyncTraced(httpx.AsyncHTTPTransport):
    def __init__(self):
        super().__init__()
        self.kept = []

    async def handle_async_request(self, request):
        response = await super().handle_async_request(request)
        shown = (request.url, request.headers.raw, await request.aread(), request.extensions)
        self.kept.append(f"{shown} {response.headers.raw}")
        return response


@both
def test_a_trace_has_neither_access_key_nor_token(kind, emulator) -> None:
    transport = Traced() if kind is OcrClient else AsyncTraced()
    issued = []
    create = emulator.tokens.create
    emulator.tokens.create = lambda: issued.append(create()) or issued[-1]
    options = {"credentials": credentials(emulator), "base_url": emulator.base_url}
    assert recognize(kind, transport=transport, **options).words
    assert len(transport.kept) == 2
    pair = f"{emulator.user_access_key_id}:{emulator.secret_access_key}"
    secrets = [*pair.split(":"), b64encode(pair.encode()).decode(), *issued, emulator.app_key]
    assert issued
    assert [kept for kept in transport.kept if any(secret in kept for secret in secrets)] == []
