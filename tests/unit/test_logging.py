"""One logger, and what it says of each attempt: numbers and names, no key, no address, no text."""

import logging

import httpx
import pytest
from unit.support import KEYS, PNG, Answer, refusal, success, word

LOGGER = "nhncloud_ocr"
SECRET = "900101-1234567"


@pytest.fixture
def records(caplog):
    caplog.set_level(logging.DEBUG)
    return lambda: [record for record in caplog.records if record.name.startswith(LOGGER)]


def test_one_record_per_attempt_with_what_helps(driver, trying, records) -> None:
    client, _ = trying(Answer(b"", 503), httpx.ConnectError("refused"), success())
    driver.recognize(client, PNG, cropping=True)
    said = [record.getMessage() for record in records()]
    assert len(said) == 3
    for attempt, line in enumerate(said, 1):
        assert "cropping" in line
        assert str(attempt) in line
        assert str(len(PNG)) in line
    assert "503" in said[0]
    assert "OcrConnectionError" in said[1]
    assert "200" in said[2]
    assert str(len(success().body)) in said[2]


def test_the_result_code_is_told(driver, trying, records) -> None:
    client, _ = trying(refusal(4000502))
    driver.give_up(client)
    assert "4000502" in records()[0].getMessage()


def test_neither_keys_nor_texts_nor_urls_are_told(driver, trying, caplog, records) -> None:
    url = f"https://example.com/{SECRET}.png"
    script = [
        success(texts=[{"inferTexts": [word(SECRET)]}]),
        refusal(4000502, message=SECRET),
        Answer(SECRET.encode()),
        httpx.ReadTimeout(SECRET),
    ]
    client, _ = trying(*script)
    driver.recognize(client, image_url=url)
    for _ in script[1:]:
        driver.give_up(client, image_url=url)
    assert {record.name for record in records()} == {LOGGER}
    for record in records():
        assert SECRET not in record.getMessage() + repr(record.args)
    for record in caplog.records:
        assert not [key for key in KEYS.values() if key in record.getMessage() + repr(record.args)]


def test_a_refusal_before_sending_leaves_no_record(driver, trying, records) -> None:
    client, service = trying()
    driver.give_up(client, b"")
    assert (records(), service.requests) == ([], [])


def test_the_library_configures_nothing() -> None:
    logger = logging.getLogger(LOGGER)
    assert logger.level == logging.NOTSET
    assert all(isinstance(handler, logging.NullHandler) for handler in logger.handlers)
