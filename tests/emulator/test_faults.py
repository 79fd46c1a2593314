"""Faults on demand: over a socket and in process they look the same to httpx."""

from __future__ import annotations

import json
import re
import time
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx
import pytest
from nhncloud_ocr_emulator import Emulator, Fault, Faults
from nhncloud_ocr_emulator._faults import known_faults
from patience import PATIENCE

HEADER = "X-Emulator-Fault"
IMPATIENT = httpx.Timeout(PATIENCE, read=0.05)


def test_a_fault_is_for_one_call_or_the_next_n(
    client: httpx.Client, ocr_emulator: Emulator, image: bytes
) -> None:
    def status() -> int:
        return client.post("/general", files={"image": ("image.png", image)}).status_code

    ocr_emulator.faults.add(status=503, times=2)
    ocr_emulator.faults.add(Fault(status=520))
    assert len(ocr_emulator.faults) == 3
    assert [status() for _ in range(4)] == [503, 503, 520, 200]
    ocr_emulator.faults.add(status=503)
    ocr_emulator.faults.clear()
    assert status() == 200


def test_the_header_is_for_its_own_call_alone(
    client: httpx.Client, ocr_emulator: Emulator, image: bytes
) -> None:
    files = {"image": ("image.png", image)}
    ocr_emulator.faults.add(status=503)
    asked = client.post("/general", files=files, headers={HEADER: "status=429; retry_after=7"})
    assert (asked.status_code, asked.headers["Retry-After"]) == (429, "7")
    assert client.post("/general", files=files).status_code == 503
    assert client.post("/general", files=files).status_code == 200


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("reset=before", Fault(reset="before")),
        ("latency=0.5;truncated", Fault(latency=0.5, truncated=True)),
        (" status=503 ; retry_after=2 ; html ", Fault(status=503, retry_after="2", html=True)),
        ("result_code=-1; message=Oh, dear.", Fault(result_code=-1, message="Oh, dear.")),
        ("slow_body=1; trailing_commas", Fault(slow_body=1.0, trailing_commas=True)),
        ("repeated_keys=both", Fault(repeated_keys="both")),
        ("", Fault()),
    ],
)
def test_the_headers_language(value: str, fault: Fault) -> None:
    assert Fault.parse(value) == fault


@pytest.mark.parametrize(
    "value",
    [
        *("nothing", "status", "status=", "status=x", "status=99", "status=600", "html=yes"),
        *("latency=-1", "latency=nan", "latency=inf", "reset=now", "repeated_keys=all"),
    ],
)
def test_a_fault_that_does_not_exist_is_told(client: httpx.Client, value: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Fault.parse(value)
    response = client.post("/general", headers={HEADER: value})
    assert response.status_code == 400
    assert response.json()["header"]["resultMessage"].startswith(HEADER)


@pytest.mark.parametrize("status", [503.5, "503", True, 99, 600])
def test_a_status_is_one_that_http_has(status: object) -> None:
    with pytest.raises(ValueError, match="status is"):
        Fault(status=status)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("latency", "1"), ("deploy", None), ("result_code", "5"), ("result_code", 1.5)),
        *(("html", "<html>"), ("truncated", 1)),
    ],
)
def test_a_value_of_another_kind_is_told_by_name(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=name):
        Faults().add(**{name: value})


@pytest.mark.parametrize("value", ["latency=soon", "status=x", "result_code=1.5"])
def test_a_text_in_place_of_a_number_is_told_by_name(value: str) -> None:
    with pytest.raises(ValueError, match=value.partition("=")[0]):
        Fault.parse(value)


def test_a_retry_after_cannot_smuggle_headers() -> None:
    with pytest.raises(ValueError, match="printable"):
        Fault(retry_after="1\r\nX: y")
    with pytest.raises(TypeError):
        Faults().add(Fault(), status=503)


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault(result_code=5000503), 200, 5000503),
        (Fault(result_code=7654321), 200, 7654321),
        (Fault(status=400), 400, -1),
        (Fault(status=429), 429, 4291000),
        (Fault(status=429, result_code=4291001), 429, 4291001),
        (Fault(status=503), 503, 5030001),
        (Fault(status=599), 599, -1),
        (Fault(status=302), 302, -1),
        (Fault(status=201), 201, 0),
        (Fault(result_code=0), 200, 0),
    ],
)
def test_statuses_and_result_codes(
    client: httpx.Client, ocr_emulator: Emulator, image: bytes, fault: Fault, status: int, code: int
) -> None:
    ocr_emulator.faults.add(fault)
    response = client.post("/general", files={"image": ("image.png", image)})
    assert response.status_code == status
    assert response.json()["header"]["resultCode"] == code
    assert ocr_emulator.calls[-1].status == status
    assert ocr_emulator.calls[-1].result_code == code


@pytest.mark.parametrize("fault", ["status=204", "status=204; slow_body=0.01", "status=304"])
def test_no_content_has_no_body(
    client: httpx.Client, ocr_emulator: Emulator, image: bytes, fault: str
) -> None:
    files = {"image": ("image.png", image)}
    response = client.post("/general", files=files, headers={HEADER: fault})
    assert response.status_code in (204, 304)
    assert response.content == b""
    assert ocr_emulator.calls[-1].result_code is None  # no envelope was sent
    assert client.post("/general", files=files).status_code == 200


def test_an_html_page(client: httpx.Client, ocr_emulator: Emulator) -> None:
    ocr_emulator.faults.add(html=True)
    ocr_emulator.faults.add(html=True, status=502)
    first, second = client.post("/general"), client.post("/general")
    assert (first.status_code, second.status_code) == (200, 502)
    for page in (first, second):
        assert page.headers["content-type"] == "text/html"
        assert page.text.startswith("<html>")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("reset=before", httpx.ReadError),
        ("reset=during", httpx.ReadError),
        ("truncated", httpx.RemoteProtocolError),
    ],
)
def test_a_cut_connection_is_httpxs_error_and_the_next_call_works(
    client: httpx.Client, ocr_emulator: Emulator, image: bytes, fault: str, error: type[Exception]
) -> None:
    files = {"image": ("image.png", image)}
    with pytest.raises(error) as caught:
        client.post("/general", files=files, headers={HEADER: fault})
    assert type(caught.value) is error
    assert client.post("/general", files=files).status_code == 200
    cut, good = ocr_emulator.calls
    assert cut.image_size == len(image)  # it had been recognised: the caller may be billed
    assert cut.status == (None if fault == "reset=before" else 200)
    assert good.status == 200


def test_a_reset_in_the_middle_follows_half_of_the_body(
    client: httpx.Client, ocr_emulator: Emulator, image: bytes
) -> None:
    ocr_emulator.faults.add(reset="during")
    files = {"image": ("image.png", image)}
    with client.stream("POST", "/general", files=files) as response:
        assert response.status_code == 200
        received = b""
        with pytest.raises(httpx.ReadError):
            for chunk in response.iter_raw():
                received += chunk
    assert 0 < len(received) < int(response.headers["content-length"])


def test_a_reset_after_the_reply_leaves_the_reply_whole(client: httpx.Client, image: bytes) -> None:
    files = {"image": ("image.png", image)}
    response = client.post("/general", files=files, headers={HEADER: "reset=after"})
    assert response.json()["header"]["isSuccessful"]


def test_latency_beyond_the_read_timeout_is_a_timeout(client: httpx.Client, image: bytes) -> None:
    files = {"image": ("image.png", image)}
    with pytest.raises(httpx.ReadTimeout):
        client.post("/general", files=files, headers={HEADER: "latency=60"}, timeout=IMPATIENT)
    assert client.post("/general", files=files).status_code == 200


def test_latency_within_the_read_timeout_is_silence_before_the_reply(
    client: httpx.Client, image: bytes
) -> None:
    began = time.monotonic()
    files = {"image": ("image.png", image)}
    assert client.post("/general", files=files, headers={HEADER: "latency=0.1"}).is_success
    assert time.monotonic() - began >= 0.1


def test_a_slow_body_comes_whole_if_no_pause_is_too_long(
    client: httpx.Client, image: bytes
) -> None:
    files = {"image": ("image.png", image)}
    slow = {HEADER: "slow_body=0.2"}
    response = client.post("/general", files=files, headers=slow, timeout=PATIENCE)
    assert response.json()["header"]["isSuccessful"]
    with pytest.raises(httpx.ReadTimeout):
        client.post("/general", files=files, headers={HEADER: "slow_body=100"}, timeout=IMPATIENT)


def pairs(text: str) -> Any:
    """A JSON object's members, repeated keys included; objects inside it likewise."""
    return json.loads(text, object_pairs_hook=lambda members: members)


def test_the_guides_repeated_keys(client: httpx.Client, image: bytes) -> None:
    files = {"image": ("image.png", image)}
    guide = client.post("/general", files=files, headers={HEADER: "repeated_keys=texts"}).text
    result = dict(dict(pairs(guide))["result"])
    (texts,) = result["listOfInferTexts"]
    assert [key for key, _ in texts] == ["inferTexts", "inferTexts"]
    assert [[dict(word)["value"] for word in words] for _, words in texts] == [
        ["stella", "artois"],
        ["belgium"],
    ]
    (boxes,) = result["listOfBoundingBoxes"]
    assert [(key, len(group)) for key, group in boxes] == [("boundingBoxes", 3)]

    both = client.post("/general", files=files, headers={HEADER: "repeated_keys=both"}).text
    (boxes,) = dict(dict(pairs(both))["result"])["listOfBoundingBoxes"]
    assert [(key, len(group)) for key, group in boxes] == [
        ("boundingBoxes", 2),
        ("boundingBoxes", 1),
    ]


def test_the_guides_trailing_commas(client: httpx.Client, image: bytes) -> None:
    files = {"image": ("image.png", image)}
    plain = client.post("/general", files=files)
    commas = client.post("/general", files=files, headers={HEADER: "trailing_commas"})
    with pytest.raises(json.JSONDecodeError):
        json.loads(commas.text)
    assert commas.text.count("},]") == 2
    assert commas.text.replace("},]", "}]") == plain.text


def test_each_fault_can_be_asked_for_in_a_header_and_stands_in_the_readme() -> None:
    readme = (Path(__file__).parents[2] / "emulator/README.md").read_text("utf-8")
    asked = {str(fault["name"]) for fault in known_faults()}
    assert asked == {field.name for field in fields(Fault)}
    assert [name for name in asked if not re.search(rf"`{name}[`=]", readme)] == []


def test_a_fault_that_is_a_reply_needs_no_right_request(
    client: httpx.Client, ocr_emulator: Emulator
) -> None:
    ocr_emulator.faults.add(status=503, retry_after=2)
    response = client.post("/general", headers={"Authorization": "wrong"}, content=b"x")
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")
