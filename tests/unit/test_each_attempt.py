"""What each attempt sends: the whole image again, under the keys of that moment."""

import io
import os

import httpx
import pytest
from unit.support import JPEG, PNG, Answer, Service, success
from unit.uploads import image_part


class Pipe(io.RawIOBase):
    """Gives a few bytes at a time and cannot seek."""

    def __init__(self, data):
        self._left = io.BytesIO(data)

    def readable(self):
        return True

    def seekable(self):
        return False

    def readinto(self, buffer):
        return self._left.readinto(memoryview(buffer)[:7])


@pytest.mark.parametrize(
    "given",
    {
        "path": lambda path: path,
        "bytes": lambda path: path.read_bytes(),
        "file": lambda path: path.open("rb"),
        "pipe": lambda path: Pipe(path.read_bytes()),
        "BytesIO": lambda path: io.BytesIO(path.read_bytes()),
        "bytearray": lambda path: bytearray(path.read_bytes()),
    }.items(),
    ids=lambda item: item[0],
)
def test_each_attempt_sends_the_whole_image(driver, trying, tmp_path, given) -> None:
    path = tmp_path / "image.jpg"
    path.write_bytes(JPEG)
    client, service = trying(Answer(b"", 503), httpx.ConnectError("refused"), success())
    image = given[1](path)
    assert driver.recognize(client, image).attempts == 3
    assert [image_part(request).get_payload(decode=True) for request in service.requests] == [
        JPEG
    ] * 3
    getattr(image, "close", lambda: None)()


def test_a_file_is_sent_from_its_current_position_on_each_attempt(driver, trying, tmp_path) -> None:
    path = tmp_path / "image.png"
    path.write_bytes(b"skip" + PNG)
    client, service = trying(Answer(b"", 503), success())
    with path.open("rb") as file:
        file.seek(4)
        driver.recognize(client, file)
    assert [image_part(request).get_payload(decode=True) for request in service.requests] == [
        PNG
    ] * 2


def test_a_real_pipe_is_sent_the_same_on_each_attempt(driver, trying) -> None:
    reader, writer = os.pipe()
    os.write(writer, PNG)  # smaller than any pipe's buffer
    os.close(writer)
    client, service = trying(Answer(b"", 503), success())
    with os.fdopen(reader, "rb", buffering=0) as pipe:
        driver.recognize(client, pipe)
    assert [image_part(request).get_payload(decode=True) for request in service.requests] == [
        PNG
    ] * 2


def test_an_image_url_is_sent_again_as_it_was(driver, trying) -> None:
    client, service = trying(Answer(b"", 503), success())
    driver.recognize(client, image_url="https://example.com/한글.png")
    assert service.requests[0].content == service.requests[1].content


def test_each_attempt_asks_callable_keys_anew(driver, clock) -> None:
    """A rotated key takes effect in the middle of a call."""
    app_keys, secrets = iter(["app-key-one", "app-key-two"]), iter(["secret-one", "secret-two"])
    service = Service(Answer(b"", 503), success())
    client = driver.client(
        service, app_key=lambda: next(app_keys), secret_key=lambda: next(secrets)
    )
    clock.set(client)
    driver.recognize(client, PNG)
    assert [request.headers["Authorization"] for request in service.requests] == [
        "secret-one",
        "secret-two",
    ]
    paths = [request.url.path for request in service.requests]
    assert paths == [f"/v1.0/appkeys/{key}/general" for key in ("app-key-one", "app-key-two")]
