"""Calls that are nobody's use of the service: they take no fault and stand in no journal."""

from __future__ import annotations

import socket

import httpx
import pytest
from emulator.terminal import said
from emulator.wire import connected
from nhncloud_ocr_emulator import Emulator


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize(
    "path",
    [
        *("/", "/favicon.ico", "/metrics", "/robots.txt", "/.well-known/appspecific/x.json"),
        *("/v1.0", "/healthz", "//v1.0/", "/%2e%2e/etc/passwd"),
    ],
)
def test_a_stray_call_leaves_no_trace(
    client: httpx.Client, ocr_emulator: Emulator, image: bytes, method: str, path: str
) -> None:
    ocr_emulator.faults.add(status=503)
    ocr_emulator.token_faults.add(status=503)
    body = b"x" * 100_000 if method == "POST" else None
    root = str(client.base_url).partition("/v1.0")[0]
    assert client.request(method, root + path, content=body).status_code == 404
    assert not ocr_emulator.calls
    assert (len(ocr_emulator.faults), len(ocr_emulator.token_faults)) == (1, 1)
    assert client.post("/general", files={"image": ("image.png", image)}).status_code == 503
    assert len(ocr_emulator.calls) == 1


def raw(emulator: Emulator, *requests: bytes) -> bytes:
    """The bytes that come back for bytes sent."""
    received = b""
    with connected(emulator.base_url) as connection:
        for request in requests:
            connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while chunk := connection.recv(65536):
            received += chunk
    return received


@pytest.mark.parametrize(
    "host", ["http://127.0.0.1", "http://ocr.example:8080", "HTTPS://user@[::1]:1"]
)
def test_the_absolute_form_of_a_target_is_taken(ocr_emulator: Emulator, host: str) -> None:
    path = f"/v1.0/appkeys/{ocr_emulator.app_key}/general"
    reply = raw(
        ocr_emulator,
        f"POST {host}{path}?x=http://y HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
        f"Authorization: {ocr_emulator.secret_key}\r\nContent-Type: application/json\r\n"
        "Connection: close\r\n\r\n{}".encode(),
    )
    assert b'"resultCode":400,' in reply
    assert ocr_emulator.calls[-1].path == "/v1.0/appkeys/{appKey}/general"
    assert b'"ready": true' in raw(
        ocr_emulator, f"GET {host}/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
    )
    stray = f"GET {host} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
    assert raw(ocr_emulator, stray).startswith(b"HTTP/1.1 404 ")
    assert len(ocr_emulator.calls) == 1


@pytest.mark.parametrize(
    "target", ["127.0.0.1:443", "/", "/health", "/playground/", "/v1.0/appkeys/x/general"]
)
def test_the_port_is_no_proxy_wherever_a_tunnel_is_to_lead(
    ocr_emulator: Emulator, target: str, caplog: pytest.LogCaptureFixture
) -> None:
    connect = f"CONNECT {target} HTTP/1.1\r\nHost: a\r\n\r\n"
    health = "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    replies = raw(ocr_emulator, connect.encode(), health.encode())
    assert replies.startswith(b"HTTP/1.1 404 ")
    assert b'"ready": true' in replies
    assert not ocr_emulator.calls
    assert said(caplog) == []


def test_another_version_of_the_api_is_a_call_all_the_same(
    api: httpx.Client, ocr_emulator: Emulator
) -> None:
    reply = api.post("http://emulator/v2.0/appkeys/x/general")
    assert (reply.status_code, reply.json()["header"]["resultCode"]) == (200, 404)
    (call,) = ocr_emulator.calls
    assert call.path == "/v2.0/appkeys/{appKey}/general"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        *(("//v1.0/appkeys/x/general", "recognition"), ("/V1.0/appkeys/x/general", "recognition")),
        *(("/appkeys/x/general", "recognition"), ("/api/v1.0/appkeys/x/general", "recognition")),
        *(("/v1.0%2Fappkeys%2Fx%2Fgeneral", "recognition"), ("/v1/appkeys/x", "recognition")),
        *(("/x/general/cropping/", "recognition"), ("/OAuth2/token/create", "token")),
        *(("//oauth2/token/create", "token"), ("/token/create", "token")),
    ],
)
def test_a_mistyped_path_is_no_stray_call(
    client: httpx.Client, ocr_emulator: Emulator, path: str, kind: str
) -> None:
    """Whoever wrote it looks into the journal."""
    root = str(client.base_url).partition("/v1.0")[0]
    assert client.post(root + path).status_code in (200, 404)
    (call,) = ocr_emulator.calls
    assert call.kind == kind
    assert "path" in (call.reason or "")


BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"}
SIMPLE = {"Content-Type": "text/plain"}


@pytest.mark.parametrize("path", ["/v1.0/appkeys/x/general", "/oauth2/token/create"])
@pytest.mark.parametrize(
    ("method", "headers"),
    [
        # A form, an image and a script of another site's page.
        ("POST", {"Origin": "https://evil.example", **SIMPLE}),
        ("POST", {"Origin": "null", **SIMPLE}),
        ("POST", {"Origin": "", **SIMPLE}),
        ("POST", {"Origin": "file://", **SIMPLE}),
        ("POST", {"Origin": "http://127.0.0.1.evil.example", **SIMPLE}),
        ("POST", {"Origin": "http://evil.example http://127.0.0.1", **SIMPLE}),
        ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}),
        # The same page, its own name pointing here: any header, and no preflight.
        ("POST", {"Host": "evil.example:1", "Origin": "http://evil.example:1"}),
        ("GET", {"Host": "evil.example:1", **BROWSER}),
        ("GET", {"Host": "evil.example:1", "Origin": "http://127.0.0.1"}),
        # What a browser asks before it lets a page call, a page of this machine's too.
        ("OPTIONS", {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST"}),
    ],
)
def test_a_page_of_another_site_takes_nothing_and_leaves_no_trace(
    ocr_emulator: Emulator, path: str, method: str, headers: dict[str, str]
) -> None:
    ocr_emulator.faults.add(status=503)
    ocr_emulator.token_faults.add(status=503)
    with httpx.Client(transport=ocr_emulator.transport) as client:
        reply = client.request(
            method,
            f"http://127.0.0.1{path}",
            headers={**headers, "X-Emulator-Fault": "deploy=3600"},
        )
    assert reply.status_code == 403
    assert "access-control-allow-origin" not in reply.headers
    assert not ocr_emulator.calls
    assert (len(ocr_emulator.faults), len(ocr_emulator.token_faults)) == (1, 1)
    ocr_emulator.faults.clear()
    with httpx.Client(transport=ocr_emulator.transport) as client:
        assert client.post("http://127.0.0.1/v1.0/appkeys/x/general").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost:3000"},  # through the proxy of a page's development server
        {"Origin": "http://127.0.0.1:5173", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://[::1]:5173", **BROWSER},
        {"Host": "docker.example:1"},  # no browser
        {"User-Agent": "Mozilla/5.0 WindowsPowerShell/5.1"},
    ],
)
def test_a_page_of_this_machine_and_other_programs_stand_in_the_journal(
    ocr_emulator: Emulator, headers: dict[str, str]
) -> None:
    with httpx.Client(transport=ocr_emulator.transport) as client:
        reply = client.post("http://127.0.0.1/v1.0/appkeys/wrong/general", headers=headers)
    assert reply.json()["header"]["resultCode"] == 4000005
    assert len(ocr_emulator.calls) == 1


@pytest.mark.parametrize("origin", ["https://app.example", "null", "tauri://localhost"])
def test_a_page_that_knows_the_key_is_nobodys_stranger(
    ocr_emulator: Emulator, image: bytes, origin: str
) -> None:
    """Such as one that a web view shows, or a proxy stands before."""
    emulator = ocr_emulator
    with httpx.Client(transport=emulator.transport, headers={"Origin": origin}) as client:
        reply = client.post(
            f"http://app.example/v1.0/appkeys/{emulator.app_key}/general",
            files={"image": ("image.png", image)},
            headers={"Authorization": emulator.secret_key},
        )
        assert reply.json()["header"]["isSuccessful"]
        reply = client.post(
            "http://app.example/oauth2/token/create",
            auth=(emulator.user_access_key_id, emulator.secret_access_key),
            data={"grant_type": "client_credentials"},
        )
        assert reply.status_code == 200
        for wrong in ("Basic !!!", "Basic eA==", "Bearer x"):
            reply = client.post(
                "http://app.example/oauth2/token/create", headers={"Authorization": wrong}
            )
            assert reply.status_code == 403
    assert len(emulator.calls) == 2
