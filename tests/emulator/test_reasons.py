"""Why a call was refused: told in the journal for each 400 and 415, and on the terminal."""

from __future__ import annotations

import logging

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
        api.post("/general", content=b"x", headers={"Content-Type": wild.encode("latin-1")})
    (line,) = lines(caplog)
    assert line.isascii()
    assert line.isprintable()
    assert len(line) < 300


def test_a_success_needs_no_reason(api: httpx.Client, ocr_emulator: Emulator, image: bytes) -> None:
    api.post("/general", files={"image": ("image.png", image)})
    assert ocr_emulator.calls[-1].reason is None
