"""What the emulated service answers to right and wrong calls."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_emulator._results import GATEWAY, SERVICE
from patience import PATIENCE

IMAGES = Path(__file__).resolve().parent.parent / "data" / "images"


def code(response: httpx.Response) -> int:
    """The result code, having checked that the envelope is the documented one of a failure."""
    envelope = response.json()
    header = envelope["header"]
    assert list(header) == ["isSuccessful", "resultCode", "resultMessage"]
    assert header["isSuccessful"] is (header["resultCode"] == 0)
    assert ("result" in envelope) is header["isSuccessful"]
    if not header["isSuccessful"]:
        assert list(envelope) == ["header"]
    assert response.headers["content-type"] == "application/json"
    return header["resultCode"]


def test_a_success_has_the_guides_keys_in_the_guides_order(
    client: httpx.Client, image: bytes
) -> None:
    response = client.post("/general", files={"image": ("image.png", image, "image/png")})
    assert response.status_code == 200
    envelope = response.json()
    assert list(envelope) == ["header", "result"]
    assert envelope["header"] == {"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS"}
    result = envelope["result"]
    assert list(result) == ["fileType", "listOfInferTexts", "listOfBoundingBoxes"]
    assert result["fileType"] == "png"
    words = [[w["value"] for w in line["inferTexts"]] for line in result["listOfInferTexts"]]
    assert words == [["stella", "artois"], ["belgium"]]
    word = result["listOfInferTexts"][0]["inferTexts"][0]
    assert list(word) == ["value", "conf"]
    assert 0 <= word["conf"] <= 1
    boxes = [line["boundingBoxes"] for line in result["listOfBoundingBoxes"]]
    assert [len(line) for line in boxes] == [2, 1]
    assert list(boxes[0][0]) == ["x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4"]
    assert all(type(value) is int for value in boxes[0][0].values())


def test_cropping_alone_counts_slices(client: httpx.Client, image: bytes) -> None:
    tall = (IMAGES / "ours/s31_tall_chat_600x12000.jpg").read_bytes()
    plain = client.post("/general/cropping", files={"image": ("image.png", image)}).json()
    sliced = client.post("/general/cropping", files={"image": ("image.jpg", tall)}).json()
    assert list(plain["result"])[-1] == "slicesImages"
    assert plain["result"]["slicesImages"] == 1
    assert sliced["result"]["slicesImages"] > 1
    assert sliced["result"]["fileType"] == "jpg"
    assert code(client.post("/general", files={"image": ("image.jpg", tall)})) == 4000505


@pytest.mark.parametrize(
    ("method", "path", "headers", "expected"),
    [
        ("POST", "/general/", {}, 404),
        ("POST", "/licenseplate", {}, 404),
        ("POST", "/general/cropping/x", {}, 404),
        ("GET", "/general", {}, 405),
        ("PUT", "/general/cropping", {}, 405),
        ("DELETE", "/general", {}, 405),
        ("POST", "/general", {"Authorization": "wrong"}, 4010001),
        ("POST", "/general", {"Authorization": ""}, 4010001),
        ("POST", "/general", {"Content-Type": "text/plain"}, 415),
        ("POST", "/general", {"Content-Type": "application/jsonp"}, 415),
        ("POST", "/general", {"Content-Type": ""}, 415),
        ("POST", "/general", {"Content-Type": "multipart/form-data"}, 400),
    ],
)
def test_wrong_calls_have_their_codes_and_http_200(
    client: httpx.Client, method: str, path: str, headers: dict[str, str], expected: int
) -> None:
    sent = {"Content-Type": "application/json", **headers}
    response = client.request(method, path, headers=sent, content=b"{}")
    assert response.status_code == 200
    assert code(response) == expected


def test_the_secret_key_goes_bare(client: httpx.Client, image: bytes) -> None:
    files = {"image": ("image.png", image)}
    for scheme in ("Bearer", "Basic", "KEY"):
        authorization = {"Authorization": f"{scheme} {client.headers['Authorization']}"}
        assert code(client.post("/general", files=files, headers=authorization)) == 4010001
    del client.headers["Authorization"]
    assert code(client.post("/general", files=files)) == 4000005


def test_a_foreign_app_key_is_refused(api: httpx.Client, image: bytes) -> None:
    url = "http://emulator/v1.0/appkeys/0123456789abcdef/general"
    assert code(api.post(url, files={"image": ("image.png", image)})) == 4010001


def test_the_order_of_the_checks(api: httpx.Client) -> None:
    """Each call breaks everything from one check on; the earliest decides."""
    wrong = {"Authorization": "wrong", "Content-Type": "text/plain"}
    assert code(api.get("/nothing", headers=wrong)) == 404
    assert code(api.get("/general", headers=wrong)) == 405
    assert code(api.post("/general", headers=wrong)) == 4010001
    assert code(api.post("/general", headers={"Content-Type": "text/plain"})) == 415
    assert code(api.post("/general", headers={"Content-Type": "application/json"})) == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"http://example.com/a.png"',
        b"{}",
        b'{"imageUrl": null}',
        b'{"imageUrl": 1}',
        b'{"imageUrl": ""}',
        b'{"imageUrl": ["http://example.com/a.png"]}',
        b'{"imageUrl": "http://example.com/a.png"',
        b"\xff\xfe",
        b"[" * 100_000,
        b"1" * 5_000,
    ],
)
def test_malformed_json_is_a_bad_request(client: httpx.Client, body: bytes) -> None:
    response = client.post("/general", content=body, headers={"Content-Type": "application/json"})
    assert code(response) == 400


def form(*parts: tuple[str, bytes], end: bytes = b"--") -> bytes:
    """A multipart body: dispositions and contents."""
    body = b""
    for disposition, content in parts:
        body += f"--b\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode()
        body += content + b"\r\n"
    return body + b"--b" + end + b"\r\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", 400),
        (b"nothing of the kind", 400),
        (form(), 400),
        (form(('name="picture"; filename="image.png"', b"x")), 400),
        (form(('name="image"', b"x")), 400),
        (form(('name="image"; filename="image.png"', b"x"), end=b""), 400),
        (form(("x", b"x")), 400),
        (form(('name="image"; filename="image.png"', b"")), 4000004),
        (form(('name="image"; filename="image.png"', b"GIF89a")), 4000003),
        (form(*[('name="a"', b"x")] * 10_000), 400),
    ],
)
def test_malformed_forms(client: httpx.Client, body: bytes, expected: int) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert code(client.post("/general", content=body, headers=headers)) == expected


def test_the_first_of_two_images_counts(api: httpx.Client, image: bytes) -> None:
    body = form(
        ('name="note"', b"x"),
        ('name="image"; filename="a.png"', image),
        ('name="image"; filename="b.png"', b"GIF89a"),
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert code(api.post("/general", content=body, headers=headers)) == 0


@pytest.mark.parametrize(
    "path", sorted((IMAGES / "malformed").iterdir()), ids=lambda path: path.name
)
def test_malformed_images_have_a_documented_code_and_the_next_call_works(
    client: httpx.Client, path: Path, image: bytes
) -> None:
    response = client.post("/general", files={"image": (path.name, path.read_bytes())})
    assert response.status_code == 200
    assert code(response) in SERVICE
    assert code(client.post("/general", files={"image": ("image.png", image)})) == 0


def test_a_blank_image_has_no_text() -> None:
    blank = (IMAGES / "ours/s35_blank_white.png").read_bytes()
    pytest.importorskip("tesserocr")
    with Emulator() as emulator, httpx.Client(transport=emulator.transport) as client:
        response = client.post(
            f"http://emulator/v1.0/appkeys/{emulator.app_key}/general",
            files={"image": ("image.png", blank)},
            headers={"Authorization": emulator.secret_key},
        )
    assert code(response) == 4000501


def test_the_limit_is_20_mib_of_image_to_the_byte(client: httpx.Client, image: bytes) -> None:
    limit = 20 * 1024 * 1024
    fits = image + bytes(limit - len(image))  # bytes after the end of a PNG do not matter
    assert code(client.post("/general", files={"image": ("image.png", fits)})) == 0
    response = client.post("/general", files={"image": ("image.png", fits + b"x")})
    assert response.status_code == 200
    assert code(response) == 4131000
    assert code(client.post("/general", files={"image": ("image.png", image)})) == 0


def test_every_documented_code_can_be_asked_for(api: httpx.Client, ocr_emulator: Emulator) -> None:
    for number, message in SERVICE.items():
        if number == 0:
            continue
        ocr_emulator.faults.add(result_code=number)
        response = api.post("/general")
        assert response.status_code == 200
        assert code(response) == number
        assert response.json()["header"]["resultMessage"] == message


class TestGateway:
    """The old host: real HTTP statuses from its gateway, HTML from the proxy before it."""

    @pytest.fixture
    def emulator(self) -> Emulator:
        return Emulator(engine="fixture", mode="gateway")

    @pytest.fixture
    def api(self, emulator: Emulator) -> httpx.Client:
        return httpx.Client(
            base_url=f"http://emulator/v1.0/appkeys/{emulator.app_key}",
            headers={"Authorization": emulator.secret_key},
            transport=emulator.transport,
        )

    def test_the_service_itself_still_answers_200(self, api: httpx.Client, image: bytes) -> None:
        files = {"image": ("image.png", image)}
        assert code(api.post("/general", files=files)) == 0
        refused = api.post("/general", files=files, headers={"Authorization": "wrong"})
        assert (refused.status_code, code(refused)) == (200, 4010001)
        # 4000003 from the service, not the gateway's code of the same number.
        gif = api.post("/general", files={"image": ("image.png", b"GIF89a")})
        assert (gif.status_code, code(gif)) == (200, 4000003)

    def test_what_the_gateway_refuses(self, api: httpx.Client) -> None:
        unknown = api.post("/nothing")
        assert (unknown.status_code, code(unknown)) == (404, 4041007)
        large = api.post("/general", files={"image": ("image.png", bytes(20 * 1024 * 1024 + 1))})
        assert (large.status_code, code(large)) == (413, 4131000)

    def test_an_invalid_uri(self, emulator: Emulator) -> None:
        request = httpx.Request("POST", "http://emulator/v1.0/appkeys/%zz/general")
        request.url = httpx.URL("http://emulator").copy_with(raw_path=b"/v1.0/appkeys/%zz/general")
        response = emulator.transport.handle_request(request)
        response.read()
        assert (response.status_code, code(response)) == (400, 4000003)

    def test_what_the_proxy_refuses_is_html(self, api: httpx.Client) -> None:
        lost = api.post("http://emulator/")
        assert lost.status_code == 404
        assert lost.headers["content-type"] == "text/html"
        headers = {"Content-Length": str(50 * 1024 * 1024)}
        huge = api.post("/general", content=iter([b"x"]), headers=headers)
        assert huge.status_code == 413
        assert huge.headers["content-type"] == "text/html"

    def test_every_code_of_the_gateway_can_be_asked_for(
        self, api: httpx.Client, emulator: Emulator
    ) -> None:
        for number, (status, message) in GATEWAY.items():
            emulator.faults.add(result_code=number)
            response = api.post("/general")
            assert (response.status_code, code(response)) == (status, number)
            assert response.json()["header"]["resultMessage"] == message


def test_health_tells_whether_the_models_are_loaded(ocr_emulator: Emulator) -> None:
    response = httpx.get(f"{ocr_emulator.base_url}/health", timeout=PATIENCE)
    assert response.status_code == 200
    assert response.json() == {"ready": True, "engine": "fixture"}
    assert not ocr_emulator.calls

    idle = Emulator(engine="fixture")
    with httpx.Client(transport=idle.transport) as client:
        assert client.get("http://emulator/health").status_code == 503


def test_the_journal_tells_calls_without_keys_and_bodies(
    client: httpx.Client, ocr_emulator: Emulator, image: bytes
) -> None:
    files = {"image": ("receipt.png", image, "image/png")}
    client.post("/general", files=files)
    client.post("/general/cropping", files=files, headers={"Authorization": "wrong"})
    first, second = ocr_emulator.calls
    assert first.method == "POST"
    assert first.path == "/v1.0/appkeys/{appKey}/general"
    assert first.media_type == "multipart/form-data"
    assert first.size > len(image) == first.image_size
    assert first.file_name == "receipt.png"
    assert (first.status, first.result_code) == (200, 0)
    assert (second.result_code, second.image_size, second.image_sha256) == (4010001, None, None)
    for secret in (ocr_emulator.app_key, ocr_emulator.secret_key):
        assert secret not in repr(list(ocr_emulator.calls))
        assert secret not in repr(ocr_emulator)
    ocr_emulator.calls.clear()
    assert len(ocr_emulator.calls) == 0


def test_the_journal_forgets_the_oldest() -> None:
    emulator = Emulator(engine="fixture")
    with httpx.Client(transport=emulator.transport) as client:
        for number in range(1005):
            client.post(f"http://emulator/v1.0/{number}")
    assert len(emulator.calls) == 1000
    assert emulator.calls[0].path == "/v1.0/5"
    assert [call.path for call in emulator.calls[-2:]] == ["/v1.0/1003", "/v1.0/1004"]


def test_an_error_of_the_emulator_itself_shows_no_traceback(
    api: httpx.Client, monkeypatch: pytest.MonkeyPatch, image: bytes
) -> None:
    from nhncloud_ocr_emulator._recognizer import Recognizer

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Recognizer, "recognize", broken)
    response = api.post("/general", files={"image": ("image.png", image)})
    assert code(response) == -1
    assert "bug" not in response.text
    assert json.loads(response.text)["header"]["resultMessage"] == "Unknown error."
