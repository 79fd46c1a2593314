"""What is refused here, before it costs: the rules, their edges, and how to send it all the
same.
"""

import io

import pytest
from nhncloud_ocr import InvalidImageError
from unit.support import IMAGES, JPEG, PNG, Service
from unit.uploads import image_part

LIMIT = 20 * 1024 * 1024
MALFORMED = IMAGES / "malformed"


@pytest.fixture
def service():
    return Service()


@pytest.fixture(params=["bytes", "file", "path"])
def as_input(request, tmp_path):
    def make(data):
        if request.param == "path":
            path = tmp_path / "image"
            path.write_bytes(data)
            return path
        return data if request.param == "bytes" else io.BytesIO(data)

    return make


def refused(driver, service, image):
    with pytest.raises(InvalidImageError) as caught:
        driver.recognize(driver.client(service), image)
    assert service.requests == []
    assert caught.value.attempts == 0
    return str(caught.value)


def test_an_empty_image(driver, service, as_input) -> None:
    assert "empty" in refused(driver, service, as_input(b""))


@pytest.mark.parametrize(
    "data",
    [
        b"\x00",
        b"GIF89a" + b"\x00" * 20,
        b"BM" + b"\x00" * 20,
        b"%PDF-1.7",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"<svg/>",
        b"\x89PNG",
        b"\x89PNG\n\x1a\n",
        b"\xff\xd8",
        b" \xff\xd8\xff",
    ],
)
def test_neither_jpeg_nor_png_by_the_first_bytes(driver, service, data) -> None:
    assert "PNG" in refused(driver, service, data)


FOREIGN = [
    path
    for path in sorted(MALFORMED.iterdir())
    if not path.read_bytes().startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))
]


@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.name)
def test_the_malformed_files_that_are_neither(sync, service, path) -> None:
    said = refused(sync, service, path)
    assert "empty" in said or "PNG" in said


SOUND_HEADS = [path for path in sorted(MALFORMED.iterdir()) if path not in FOREIGN]


@pytest.mark.filterwarnings("ignore::nhncloud_ocr.AspectRatioWarning")
@pytest.mark.parametrize("path", SOUND_HEADS, ids=lambda path: path.name)
def test_what_begins_well_is_left_to_the_service(sync, service, path) -> None:
    sync.recognize(sync.client(service), path)
    assert image_part(service.requests[0]).get_payload(decode=True) == path.read_bytes()


def test_20_mib_is_sent_and_one_byte_more_is_not(driver, service, as_input) -> None:
    largest = PNG + bytes(LIMIT - len(PNG))
    driver.recognize(driver.client(service), as_input(largest))
    [request] = service.requests
    assert len(request.content) > LIMIT
    service.requests.clear()
    said = refused(driver, service, as_input(largest + b"\x00"))
    assert "20,971,520" in said
    assert "20 MiB" in said


def test_a_stream_without_end_is_not_read_to_its_end(driver, service) -> None:
    class Endless:
        given = 0

        def read(self, size=-1):
            assert size > 0, "asked for everything"
            chunk = min(size, 2**20)
            self.given += chunk
            return (JPEG[:3] + bytes(chunk))[:chunk]

    stream = Endless()
    refused(driver, service, stream)
    assert stream.given <= LIMIT + 2**20


@pytest.mark.parametrize(
    "data", [b"", b"text", PNG + bytes(LIMIT)], ids=["empty", "neither", "too large"]
)
def test_without_precheck_it_is_sent(driver, service, data) -> None:
    driver.recognize(driver.client(service, precheck=False), data)
    part = image_part(service.requests[0])
    assert (part.get_payload(decode=True) or b"") == data
    assert part.get_content_type() == (
        "image/png" if data.startswith(PNG) else "application/octet-stream"
    )


def test_without_precheck_a_large_file_is_sent_to_its_end(driver, service) -> None:
    data = PNG + bytes(LIMIT)
    driver.recognize(driver.client(service, precheck=False), io.BytesIO(data))
    assert int(service.requests[0].headers["Content-Length"]) > len(data)
    assert data in service.requests[0].content


def test_with_options_switches_it(driver, service) -> None:
    client = driver.client(service)
    driver.recognize(client.with_options(precheck=False), b"text")
    assert len(service.requests) == 1
    service.requests.clear()
    refused(driver, service, b"text")
