"""Calls that are nobody's use of the service: they take no fault and stand in no journal."""

from __future__ import annotations

import socket

import httpx
import pytest
from nhncloud_ocr_emulator import Emulator
from patience import PATIENCE


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
    port = int(emulator.base_url.rpartition(":")[2])
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
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
