"""What may be passed as an image, how it is sent, and what each mistake says."""

import errno
import io
import os
import pathlib

import pytest
from nhncloud_ocr import InvalidImageError
from unit.support import JPEG, PNG, Service
from unit.uploads import image_part


class FSPath:
    def __init__(self, path):
        self._path = str(path)

    def __fspath__(self):
        return self._path


class OwnFile:
    """The least that a file can be: `read`, which may give less than asked for."""

    def __init__(self, data):
        self._file = io.BytesIO(data)

    def read(self, size=-1):
        return self._file.read(min(size, 5) if size > 0 else size)


KINDS = {
    "str": str,
    "Path": pathlib.Path,
    "PathLike": FSPath,
    "bytes": lambda path: path.read_bytes(),
    "bytearray": lambda path: bytearray(path.read_bytes()),
    "memoryview": lambda path: memoryview(path.read_bytes()),
    "memoryview of every second byte": lambda path: memoryview(
        bytes(b for c in path.read_bytes() for b in (c, 0))
    )[::2],
    "BytesIO": lambda path: io.BytesIO(path.read_bytes()),
    "buffered file": lambda path: path.open("rb"),
    "raw file": lambda path: path.open("rb", buffering=0),
    "own file": lambda path: OwnFile(path.read_bytes()),
}


@pytest.fixture
def service():
    return Service()


@pytest.fixture
def client(driver, service):
    return driver.client(service)


@pytest.fixture(
    params=[(PNG, "image.png", "image/png"), (JPEG, "image.jpg", "image/jpeg")], ids=["png", "jpg"]
)
def image(request, tmp_path):
    data, name, media_type = request.param
    path = tmp_path / "주민등록증 900101.dat"
    path.write_bytes(data)
    return path, data, name, media_type


@pytest.mark.parametrize("precheck", [True, False])
@pytest.mark.parametrize("cropping", [False, True])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_arrives_byte_for_byte_under_a_plain_name(
    driver, service, image, kind, cropping, precheck
) -> None:
    path, data, name, media_type = image
    given = kind(path)
    client = driver.client(service, precheck=precheck)
    driver.recognize(client, given, cropping=cropping)
    if isinstance(given, io.IOBase):
        assert not given.closed  # it is the caller's
        given.close()
    [request] = service.requests
    part = image_part(request)
    assert part.get_payload(decode=True) == data
    assert (part.get_filename(), part.get_content_type()) == (name, media_type)
    assert "900101" not in repr(request.headers) + str(request.url)
    assert b"900101" not in request.content


def test_the_request_is_the_documented_one(driver, client, service) -> None:
    driver.recognize(client, PNG)
    driver.recognize(client, PNG, cropping=True)
    driver.recognize(client, image_url="https://example.com/example.jpg")
    driver.recognize(client, image_url="https://example.com/example.jpg", cropping=True)
    general, cropping, by_url, cropping_by_url = service.requests
    base = "https://api-ocr.nhncloudservice.com/v1.0/appkeys/an-app-key-of-16"
    assert {each.method for each in service.requests} == {"POST"}
    assert str(general.url) == str(by_url.url) == f"{base}/general"
    assert str(cropping.url) == str(cropping_by_url.url) == f"{base}/general/cropping"
    for each in service.requests:
        assert each.headers["Authorization"] == "a-secret-key-of-32-characters-...."
        assert each.headers["User-Agent"].startswith("nhncloud-ocr/")
        assert int(each.headers["Content-Length"]) == len(each.content)
    for each in (by_url, cropping_by_url):
        assert each.headers["Content-Type"] == "application/json"
        assert each.content.replace(b" ", b"") == b'{"imageUrl":"https://example.com/example.jpg"}'


def test_each_upload_has_a_boundary_of_its_own(driver, client, service) -> None:
    for _ in range(3):
        driver.recognize(client, PNG)
    assert len({request.headers["Content-Type"] for request in service.requests}) == 3


@pytest.mark.parametrize(
    "image",
    [
        b"\x89PNG\r\n\x1a\n--+++--",
        b"\xff\xd8\xff--+++--\r\n--+++--\r\n",
        b"\x89PNG\r\n\x1a\n\r\n\r\n--\r\n",
        b"\xff\xd8\xff\r",
        b"\xff\xd8\xff\n",
        b"\xff\xd8\xff" + bytes(range(256)) * 9,
    ],
)
def test_nothing_in_an_image_ends_its_part(driver, client, service, image) -> None:
    driver.recognize(client, image)
    assert image_part(service.requests[0]).get_payload(decode=True) == image


def test_the_users_name_says_nothing_about_the_type(driver, client, service, tmp_path) -> None:
    path = tmp_path / "really-a-jpeg.png"
    path.write_bytes(JPEG)
    driver.recognize(client, path)
    assert image_part(service.requests[0]).get_filename() == "image.jpg"


def test_a_path_that_cannot_be_opened_raises_its_oserror_unchanged(
    driver, client, service, tmp_path
) -> None:
    missing = tmp_path / "missing.png"
    with pytest.raises(FileNotFoundError) as caught:
        driver.recognize(client, str(missing))
    assert type(caught.value) is FileNotFoundError
    assert caught.value.errno == errno.ENOENT
    assert caught.value.filename == str(missing)
    assert service.requests == []


def test_a_directory_raises_its_oserror(driver, client, tmp_path) -> None:
    with pytest.raises(OSError) as caught:
        driver.recognize(client, tmp_path)
    assert type(caught.value) in (IsADirectoryError, PermissionError)  # Windows: the latter


@pytest.mark.skipif(
    os.name == "nt" or getattr(os, "geteuid", int)() == 0,
    reason="permissions do not bind this user",
)
def test_a_file_without_permission_raises_its_oserror(driver, client, tmp_path) -> None:
    path = tmp_path / "locked.png"
    path.write_bytes(PNG)
    path.chmod(0)
    with pytest.raises(PermissionError):
        driver.recognize(client, path)


def test_what_a_file_raises_comes_out(driver, client) -> None:
    class Failing:
        def read(self, size=-1):
            raise OSError(errno.EIO, "the disk is broken")

    with pytest.raises(OSError, match="the disk is broken"):
        driver.recognize(client, Failing())


@pytest.mark.parametrize(
    "wrong",
    [3, 2.5, object(), ["a.png"], {"image": b""}, True],
    ids=lambda wrong: type(wrong).__name__,
)
def test_what_is_no_image_is_a_type_error(driver, client, service, wrong) -> None:
    with pytest.raises(TypeError, match="image"):
        driver.recognize(client, wrong)
    assert service.requests == []


def test_a_text_file_is_a_type_error_that_says_binary(driver, client, tmp_path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("not binary", encoding="utf-8")
    with path.open(encoding="utf-8") as file, pytest.raises(TypeError, match="rb"):
        driver.recognize(client, file)
    with pytest.raises(TypeError, match="rb"):
        driver.recognize(client, io.StringIO("text"))


@pytest.mark.parametrize("cropping", [False, True])
def test_neither_and_both_are_type_errors(driver, client, service, cropping) -> None:
    for arguments in (
        {},
        {"image": PNG, "image_url": "https://example.com/a.png"},
        {"image": None, "image_url": None},
    ):
        with pytest.raises(TypeError, match="image_url"):
            driver.recognize(client, cropping=cropping, **arguments)
    assert service.requests == []


URLS = ["https://example.com/a.png", "http://example.com/a.png", "HTTPS://EXAMPLE.COM", "http"]
LONG_URL = "https://example.com/?signature=" + "a" * 5000


@pytest.mark.parametrize("url", [*URLS, LONG_URL], ids=lambda url: url[:32])
def test_a_url_passed_as_a_path_names_image_url(
    driver, client, service, tmp_path, monkeypatch, url
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidImageError, match="image_url="):
        driver.recognize(client, url)
    assert service.requests == []


def test_a_file_whose_name_begins_with_http_can_still_be_read(
    driver, client, service, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pathlib.Path("httpd-screenshot.png").write_bytes(PNG)
    driver.recognize(client, pathlib.Path("httpd-screenshot.png"))
    assert image_part(service.requests[0]).get_payload(decode=True) == PNG
