"""What goes in at the SDK comes back through HTTP and the emulator, by each way of sending it."""

import io

import demo
import httpx
import pytest
from e2e.conftest import IMAGES, needs_tesserocr
from nhncloud_ocr import AsyncOcrClient, OcrClient
from nhncloud_ocr_emulator import Emulator, embed_text

TEXT = "영수증 No. 17\n합계 1,284,500원"
PNG = embed_text((IMAGES / "ours/s06_mixed_order.png").read_bytes(), TEXT)
JPEG = embed_text((IMAGES / "ours/s09_mixed_receipt_photo.jpg").read_bytes(), TEXT)
TALL = IMAGES / "ours/s30_tall_chat_720x5400.png"


@pytest.fixture(params=[PNG, JPEG], ids=["png", "jpeg"])
def image(request) -> bytes:
    return request.param


@pytest.fixture(params=["path", "str", "bytes", "memoryview", "file"])
def sent(request, image, tmp_path):
    """The same image in each shape that `recognize` takes."""
    path = tmp_path / "any name.bin"
    path.write_bytes(image)
    shapes = {
        "path": path,
        "str": str(path),
        "bytes": image,
        "memoryview": memoryview(image),
        "file": io.BytesIO(image),
    }
    return shapes[request.param]


def test_the_text_comes_back(ocr, sent, image) -> None:
    page = ocr.recognize(sent)
    assert page.text == TEXT
    assert page.file_type == ("png" if image is PNG else "jpg")
    assert page.slices is None
    assert page.attempts == 1
    assert all(0 <= word.confidence <= 1 and word.box for word in page.words)


@pytest.mark.anyio
async def test_the_text_comes_back_to_the_async_client(credentials, sent) -> None:
    async with AsyncOcrClient(**credentials) as ocr:
        page = await ocr.recognize(sent)
    assert page.text == TEXT


@pytest.mark.parametrize("overlap", ["repeat", "merge"])
def test_cropping_returns_the_text_and_the_number_of_slices(overlap) -> None:
    lines = [f"line {number}" for number in range(60)]
    image = embed_text(TALL.read_bytes(), "\n".join(lines))
    with (
        Emulator(engine="fixture", overlap=overlap) as emulator,
        OcrClient(
            app_key=emulator.app_key, secret_key=emulator.secret_key, base_url=emulator.base_url
        ) as ocr,
    ):
        page = ocr.recognize_cropping(image)
    found = [line.text for line in page.lines]
    assert page.slices > 1
    assert list(dict.fromkeys(found)) == lines
    if overlap == "merge":
        assert found == lines


def test_an_image_url_is_fetched_and_recognised(ocr, tmp_path) -> None:
    (tmp_path / "receipt.png").write_bytes(PNG)
    with demo.image_server(tmp_path) as url:
        assert ocr.recognize(image_url=f"{url}/receipt.png").text == TEXT
        assert ocr.recognize_cropping(image_url=f"{url}/receipt.png").text == TEXT


@needs_tesserocr
def test_a_real_engine_reads_a_korean_and_english_receipt() -> None:
    with (
        Emulator(engine="tesseract") as emulator,
        OcrClient(
            app_key=emulator.app_key, secret_key=emulator.secret_key, base_url=emulator.base_url
        ) as ocr,
    ):
        page = ocr.recognize(IMAGES / "ours/s06_mixed_order.png")
    assert "ORD-2024-0917-3381" in page.text
    assert "배송지: 경기도 성남시 분당구" in page.text
    assert all(word.box is not None for word in page.words)


class Rebuilding(httpx.BaseTransport):
    """A user's transport that makes each request anew, as caches and recorders do."""

    def __init__(self):
        self.inner = httpx.HTTPTransport()
        self.seen = []

    def handle_request(self, request):
        self.seen.append(request)
        again = httpx.Request(
            request.method, request.url, headers=request.headers, content=request.read()
        )
        return self.inner.handle_request(again)

    def close(self):
        self.inner.close()


def test_a_transport_that_builds_requests_anew_is_let_in(credentials) -> None:
    transport = Rebuilding()
    with OcrClient(**credentials, transport=transport) as ocr:
        assert ocr.recognize(IMAGES / "ours/s06_mixed_order.png").words
    shown = f"{transport.seen[0].url} {transport.seen[0].headers.raw}"
    assert credentials["app_key"] not in shown
    assert credentials["secret_key"] not in shown
