"""Reading a long reply is no work for an event loop."""

import threading

import pytest
from nhncloud_ocr import AsyncOcrClient
from nhncloud_ocr._wire import fast
from unit.support import PNG, Driver, Service, answer, page, word


@pytest.mark.parametrize("words", [1, 10_000], ids=["short", "long"])
def test_a_long_reply_is_read_in_a_worker_thread(monkeypatch, words) -> None:
    readers = []

    def read(*arguments):
        readers.append(threading.get_ident())
        return kept(*arguments)

    kept = fast.read
    monkeypatch.setattr(fast, "read", read)
    driver = Driver(AsyncOcrClient)
    sent = answer(page(texts=[{"inferTexts": [word()] * words}], boxes=[]))
    try:
        client = driver.client(Service(sent))
        assert len(driver.recognize(client, PNG).words) == words
    finally:
        driver.shut()
    assert (readers == [threading.get_ident()]) == (words == 1)
