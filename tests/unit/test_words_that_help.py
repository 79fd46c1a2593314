"""What people send instead of an image is named, and its data stays out of the text."""

import asyncio
import base64
import io
from pathlib import Path

import httpx
import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr import AsyncOcrClient, InvalidImageError, OcrClient
from PIL import Image
from unit.support import KEYS, PNG, Service

BASE64 = base64.b64encode(PNG * 20).decode()

NAMED = {
    "PDF": (b"%PDF-1.7\n", "PDF"),
    "HEIC": (b"\x00\x00\x00\x18ftypheic" + bytes(40), "HEIC"),
    "AVIF": (b"\x00\x00\x00\x1cftypavif" + bytes(40), "AVIF"),
    "WebP": (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "WebP"),
    "TIFF, little": (b"II*\x00" + bytes(20), "TIFF"),
    "TIFF, big": (b"MM\x00*" + bytes(20), "TIFF"),
    "GIF": (b"GIF89a" + bytes(20), "GIF"),
    "BMP": (b"BM" + bytes(20), "BMP"),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
    "HTML": (b"<!doctype html><html>", "HTML"),
    "ZIP": (b"PK\x03\x04" + bytes(20), "ZIP"),
    "base64": (BASE64.encode(), "base64"),
    "base64 of a JPEG": (b"/9j/4AAQSkZJRg" + b"A" * 300, "base64"),
    "data URL": (b"data:image/png;base64," + BASE64.encode(), "data: URL"),
    "URL": (b"https://example.com/a.png", "image_url="),
}


@pytest.mark.parametrize(("data", "name"), NAMED.values(), ids=NAMED)
def test_other_formats_are_named(sync, data, name) -> None:
    error = sync.give_up(sync.client(Service()), data)
    assert type(error) is InvalidImageError
    assert name in str(error)
    assert len(str(error)) < 200


@pytest.mark.parametrize("text", [BASE64, BASE64[:40], "data:image/png;base64," + BASE64])
def test_text_in_place_of_a_path_is_named_and_not_repeated(driver, text) -> None:
    error = driver.give_up(driver.client(Service()), text)
    assert type(error) is InvalidImageError
    assert "pass the bytes" in str(error)
    assert text[30:] not in str(error)


def test_an_empty_path_is_named(driver) -> None:
    assert "path is empty" in str(driver.give_up(driver.client(Service()), ""))


def test_a_file_that_looks_like_base64_is_opened(driver, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("iVBORw0KGgo.png").write_bytes(PNG)
    driver.recognize(driver.client(Service()), "iVBORw0KGgo.png")


def test_a_file_at_its_end_is_named(driver) -> None:
    file = io.BytesIO(PNG)
    file.read()
    error = driver.give_up(driver.client(Service()), file)
    assert "current position" in str(error)


class Upload:
    """As Starlette's UploadFile."""

    def __init__(self, data):
        self._file = io.BytesIO(data)

    async def read(self, size=-1):
        return self._file.read(size)


def test_an_upload_that_is_awaited_is_taken_by_the_async_client() -> None:
    service = Service()

    async def call(data):
        async with AsyncOcrClient(**KEYS, transport=httpx.MockTransport(service)) as ocr:
            return await ocr.recognize(Upload(data))

    asyncio.run(call(PNG))
    assert PNG in service.requests[0].content
    with pytest.raises(InvalidImageError, match="empty"):
        asyncio.run(call(b""))
    with pytest.raises(InvalidImageError, match="PDF"):
        asyncio.run(call(b"%PDF-1.7"))
    with pytest.raises(InvalidImageError, match="20 MiB"):
        asyncio.run(call(PNG + bytes(20 * 1024 * 1024)))


def test_an_upload_that_is_awaited_is_refused_in_words_by_the_other() -> None:
    ocr = OcrClient(**KEYS, transport=httpx.MockTransport(Service()))
    with pytest.raises(TypeError, match=r"await file\.read\(\)"):
        ocr.recognize(Upload(PNG))
    ocr.close()


def test_objects_of_other_libraries_are_named(driver) -> None:
    client = driver.client(Service())
    with pytest.raises(TypeError, match=r"\.content"):
        driver.recognize(client, httpx.Response(200, content=PNG))
    with pytest.raises(TypeError, match="getvalue"):
        driver.recognize(client, Image.new("L", (4, 4)))


@given(st.binary(max_size=600))
def test_any_bytes_are_named_or_not_in_a_short_sentence(sync, data) -> None:
    if data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return
    error = sync.give_up(sync.client(Service()), data)
    assert type(error) is InvalidImageError
    assert len(str(error)) < 200


@given(st.text(max_size=600))
def test_any_text_is_a_path_or_named(sync, text) -> None:
    client = sync.client(Service())
    try:
        sync.recognize(client, text)
    except (InvalidImageError, OSError) as error:
        assert isinstance(error, OSError) or len(str(error)) < 200
    except ValueError as error:
        assert "null" in str(error)
