"""Bad input: one typed error each, whose text says what to do."""

import re
import socket

import pytest
from e2e.conftest import IMAGES
from nhncloud_ocr import (
    AuthenticationError,
    InvalidImageError,
    OcrClient,
    OcrConnectionError,
    OcrError,
    RetryPolicy,
)

MALFORMED = IMAGES / "malformed"
SOUND = IMAGES / "ours/s06_mixed_order.png"


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        ({"image": MALFORMED / "b02_text_as.png"}, "convert it"),
        ({"image": MALFORMED / "b01_empty.png"}, "empty"),
        ({"image": b""}, "empty"),
        ({"image_url": "https://example.com:8080/a.png"}, "80, 443"),
        ({"image_url": "ftp://example.com/a.png"}, "http"),
        ({"image": "https://example.com/a.png"}, "image_url="),
    ],
    ids=["text file", "empty file", "nothing", "forbidden port", "ftp", "url as path"],
)
def test_what_the_service_would_refuse_is_refused_before_it_is_sent(
    ocr, emulator, arguments, advice
) -> None:
    calls = len(emulator.calls)
    with pytest.raises(InvalidImageError, match=re.escape(advice)) as refused:
        ocr.recognize(**arguments)
    assert refused.value.attempts == 0
    assert len(emulator.calls) == calls


@pytest.mark.parametrize("which", ["app_key", "secret_key"])
def test_a_wrong_key(credentials, which) -> None:
    wrong = credentials | {which: "wrongwrongwrong1"}
    with OcrClient(**wrong) as ocr, pytest.raises(AuthenticationError, match="key") as refused:
        ocr.recognize(SOUND)
    assert refused.value.result_code == 4010001
    assert "wrongwrongwrong1" not in str(refused.value)


def test_the_emulator_not_running(credentials) -> None:
    with socket.socket() as held:  # bound and not listening: nobody else can take the port
        held.bind(("127.0.0.1", 0))
        nowhere = credentials | {"base_url": f"http://127.0.0.1:{held.getsockname()[1]}"}
        with (
            OcrClient(**nowhere, retry=RetryPolicy(attempts=1)) as ocr,
            pytest.raises(OcrConnectionError) as failed,
        ):
            ocr.recognize(SOUND)
    assert failed.value.maybe_billed is False
    assert nowhere["app_key"] not in str(failed.value)


@pytest.mark.parametrize("path", sorted(MALFORMED.iterdir()), ids=lambda path: path.name)
def test_a_malformed_file_gives_a_result_or_a_documented_error(ocr, path) -> None:
    try:
        ocr.recognize(path)
    except OcrError as error:
        assert str(error)
