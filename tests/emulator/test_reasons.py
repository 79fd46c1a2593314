"""Why a call was refused: told in the journal for each 400 and 415, and on the terminal."""

from __future__ import annotations

import json
import logging
from typing import Literal

import httpx
import pytest
from nhncloud_ocr_emulator import Emulator

FORM = "multipart/form-data; boundary=b"


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the emulator itself has said; the parser of forms has something to say too."""
    ours = (record for record in caplog.records if record.name == "nhncloud_ocr_emulator")
    return [record.getMessage() for record in ours]


PART = b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\nx\r\n--b--\r\n'


@pytest.mark.parametrize(
    ("media_type", "body", "code", "said"),
    [
        ("text/plain", b"x", 415, "Content-Type is 'text/plain'"),
        ("", b"x", 415, "Content-Type is ''"),
        ("multipart/form-data", b"x", 400, "names no boundary"),
        (FORM, b"", 400, "boundary that the Content-Type names is not in the body"),
        (FORM, b"--b\r\nX: y\r\n\r\n", 400, "ends without its closing boundary"),
        (FORM, b"--b-x\r\n", 400, "malformed"),
        (
            FORM,
            PART % (b"picture", b'; filename="a"'),
            400,
            "named image; the names are: 'picture'",
        ),
        (FORM, PART % (b"image", b""), 400, "the part image has no file name"),
        ("application/json", b"{", 400, "the body is no JSON: JSONDecodeError"),
        ("application/json", b"[]", 400, "no object: array"),
        ("application/json", b'{"image_url": "x"}', 400, "its names are: 'image_url'"),
        ("application/json", b'{"imageUrl": 1}', 400, "imageUrl is no string: number"),
        ("application/json", b'{"imageUrl": ""}', 400, "imageUrl is empty"),
        ("application/json", b'{"imageUrl": "ftp://a/?s3cr3t"}', 400, "is 'ftp', not http"),
        ("application/json", b'{"imageUrl": "http:///?s3cr3t"}', 400, "imageUrl has no host"),
        ("application/json", b'{"imageUrl": "http://[::1?s3cr3t"}', 400, "imageUrl is no URL"),
    ],
)
def test_each_400_and_415_says_which_check_and_what_was_seen(
    api: httpx.Client,
    ocr_emulator: Emulator,
    caplog: pytest.LogCaptureFixture,
    media_type: str,
    body: bytes,
    code: int,
    said: str,
) -> None:
    with caplog.at_level(logging.INFO, "nhncloud_ocr_emulator"):
        response = api.post("/general", content=body, headers={"Content-Type": media_type})
    assert response.json()["header"]["resultCode"] == code
    assert said in (ocr_emulator.calls[-1].reason or "")
    (line,) = lines(caplog)
    assert line.startswith(f"POST /v1.0/appkeys/{{appKey}}/general: {code}: ")
    assert said in line
    assert "s3cr3t" not in line
    assert ocr_emulator.app_key not in line


def test_a_fault_is_a_reason_too(api: httpx.Client, ocr_emulator: Emulator) -> None:
    ocr_emulator.faults.add(result_code=400)
    api.post("/general")
    assert ocr_emulator.calls[-1].reason == "asked for: Fault(result_code=400)"


def test_what_a_caller_sent_cannot_write_on_the_terminal(
    api: httpx.Client, ocr_emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    wild = "text/\x1b[2Jplain\xff" + "x" * 5000
    with caplog.at_level(logging.INFO, "nhncloud_ocr_emulator"):
        api.post("/general", content=b"x", headers={b"Content-Type": wild.encode("latin-1")})
    (line,) = lines(caplog)
    assert line.isascii()
    assert line.isprintable()
    assert len(line) < 300


def test_a_success_needs_no_reason(api: httpx.Client, ocr_emulator: Emulator, image: bytes) -> None:
    api.post("/general", files={"image": ("image.png", image)})
    assert ocr_emulator.calls[-1].reason is None


def sent(
    emulator: Emulator,
    path: str,
    content: bytes | str = b"",
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    """The reply to a call with the right key, at any path; headers are UTF-8."""
    own = {"Authorization": emulator.secret_key}
    with httpx.Client(transport=emulator.transport) as client:
        every = httpx.Headers(own | (headers or {}), encoding="utf-8")
        return client.post(f"http://emulator{path}", content=content, headers=every)


@pytest.mark.parametrize("key", ["own", "0123456789abcdefABCD"])
@pytest.mark.parametrize(
    "path",
    [
        *("/v1.0/appkeys/{}/generel", "/v1.0/appkeys//{}/general", "/v1.0/appKeys/{}/general"),
        *("/v1.0/appkey/{}/general", "/v1.0/{}/general", "/v1.0/appkeys%2f{}%2Fgeneral"),
        *("/v1.0/APPKEYS/{}", "/V1.0/appkeys/{}/general", "//v1.0/appkeys/{}/general"),
        *("/appkeys/{}/general", "/api/v1.0/appkeys/{}/general", "/{}/general/cropping"),
        *("/v1.0/appkeys/{}/%zz", "/v1.0/appkeys/general/{}", "/v1.0;a=b/appkeys/{};c=d/general"),
    ],
)
@pytest.mark.parametrize("mode", ["app", "gateway"])
def test_a_mistyped_path_is_told_without_the_key_in_it(
    caplog: pytest.LogCaptureFixture, path: str, key: str, mode: Literal["app", "gateway"]
) -> None:
    emulator = Emulator(engine="fixture", mode=mode)
    own = emulator.app_key if key == "own" else key
    with caplog.at_level(logging.INFO, "nhncloud_ocr_emulator"):
        sent(emulator, path.format(own))
    (call,) = emulator.calls
    (line,) = lines(caplog)
    assert call.reason
    assert call.reason in line
    assert own not in call.path + line
    assert "{appKey}" in call.path
    assert call.path.replace("{appKey}", "").strip("/")  # the rest can be read


def test_a_key_may_be_a_common_word() -> None:
    emulator = Emulator(engine="fixture", app_key="appkey", secret_key="secret")
    sent(emulator, "/v1.0/appkeys/appkey/general", headers={"Content-Type": "secret/images"})
    (call,) = emulator.calls
    assert call.path == "/v1.0/appkeys/{appKey}/general"
    assert call.reason == (
        "the Content-Type is '{secretKey}/images', neither multipart/form-data nor application/json"
    )


@pytest.mark.parametrize("path", ["/v1.0/appkeys//general", "/v1.0/appkeys/general"])
def test_a_key_that_was_left_out_is_seen_to_be_missing(ocr_emulator: Emulator, path: str) -> None:
    sent(ocr_emulator, path)
    assert ocr_emulator.calls[-1].path == path


def test_a_key_where_none_belongs_is_not_told(
    ocr_emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    emulator = ocr_emulator
    path = f"/v1.0/appkeys/{emulator.app_key}/general"
    keys = (
        *(emulator.app_key, emulator.secret_key),
        *(emulator.user_access_key_id, emulator.secret_access_key),
    )
    basic = httpx.BasicAuth(emulator.user_access_key_id, emulator.secret_access_key)
    with caplog.at_level(logging.INFO, "nhncloud_ocr_emulator"):
        for key in keys:
            sent(emulator, path, json.dumps({key: key}), {"Content-Type": "application/json"})
            sent(emulator, path, "x", {"Content-Type": key})
            sent(emulator, path, PART % (key.encode(), b""), {"Content-Type": FORM})
            sent(emulator, path, "", {"X-Emulator-Fault": key})
            sent(emulator, path, "", {"X-Emulator-Fault": f"status=400; message={key}"})
            with httpx.Client(transport=emulator.transport, auth=basic) as client:
                client.post("http://emulator/oauth2/token/create", data={"grant_type": key})
    assert len(lines(caplog)) == len(emulator.calls) == 6 * len(keys)
    told = repr(list(emulator.calls)) + "".join(lines(caplog))
    assert not [key for key in keys if key in told]


@pytest.mark.parametrize(
    "fault",
    [
        "\x1b[31m\x85" + "z" * 50_000,
        "status=400; message=\u202e\u2028한글" + "m" * 50_000,
        "result_code=415; message=\x1b[2J" + "m" * 50_000,
        "latency=" + "9" * 50_000,
        "status=" + "x" * 50_000,
        "error=" + "x" * 50_000,
    ],
)
@pytest.mark.parametrize("path", ["/v1.0/appkeys/KEY/general", "/oauth2/token/create"])
def test_a_fault_cannot_write_on_the_terminal_either(
    ocr_emulator: Emulator, caplog: pytest.LogCaptureFixture, fault: str, path: str
) -> None:
    with caplog.at_level(logging.INFO, "nhncloud_ocr_emulator"):
        sent(ocr_emulator, path, headers={"X-Emulator-Fault": fault})
    for line in lines(caplog):
        assert line.isascii()
        assert line.isprintable()
        assert len(line) < 1000
    assert len(ocr_emulator.calls[-1].reason or "") < 1000


def test_a_long_path_is_cut_on_the_terminal(
    caplog: pytest.LogCaptureFixture,
) -> None:
    emulator = Emulator(engine="fixture", mode="gateway")
    with caplog.at_level(logging.INFO, "nhncloud_ocr_emulator"):
        sent(emulator, "/v1.0/" + "p" * 50_000 + "/%zz")
    (line,) = lines(caplog)
    assert len(line) < 400


def test_what_is_wrong_with_a_fault_is_the_reason(ocr_emulator: Emulator) -> None:
    sent(ocr_emulator, "/v1.0/appkeys/x/general", headers={"X-Emulator-Fault": "stauts=503"})
    assert (ocr_emulator.calls[-1].reason or "").startswith(
        "X-Emulator-Fault: 'stauts=503' is none of "
    )


def test_the_token_endpoints_lines_tell_the_status(
    ocr_emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "nhncloud_ocr_emulator"):
        sent(ocr_emulator, "/oauth2/token/craete")
    assert lines(caplog) == ["POST /oauth2/token/craete: HTTP 404: there is no such path"]
