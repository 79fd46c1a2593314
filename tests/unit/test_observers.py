"""What observers are told, and that they disturb nothing."""

import dataclasses
import logging

import httpx
import pytest
from nhncloud_ocr import ConfigurationError, NoTextFoundError, Observer, OcrConnectionError
from unit.support import KEYS, ONCE, PNG, Answer, Service, refusal, success, word

SECRET = "900101-1234567"


class Notes(Observer):
    def __init__(self):
        self.told = []

    def call_started(self, event):
        self.told.append(event)

    attempt_started = attempt_ended = call_ended = call_started


def kinds(notes):
    return [type(event).__name__ for event in notes.told]


def test_begin_and_end_of_the_call_and_of_each_attempt(driver, clock) -> None:
    notes = Notes()
    client = driver.client(Service(Answer(b"", 503), success()), observers=[notes])
    clock.set(client)
    driver.recognize(client, PNG, cropping=True)
    assert kinds(notes) == [
        "CallStarted",
        *("AttemptStarted", "AttemptEnded") * 2,
        "CallEnded",
    ]
    started, first, refused, second, answered, ended = notes.told
    assert (started.operation, started.image_bytes) == ("general/cropping", len(PNG))
    assert (started.host, started.port) == ("api-ocr.nhncloudservice.com", None)
    assert (first.attempt, second.attempt, first.version) == (1, 2, "v1.0")
    assert (refused.outcome, refused.http_status, refused.bill) == (
        "ServerError",
        503,
        "not_billed",
    )
    assert (answered.outcome, answered.result_code, answered.bill) == ("OcrResult", 0, "billed")
    assert answered.received_bytes == len(success().body)
    assert (ended.attempts, ended.words, ended.billed, ended.maybe_billed) == (2, 1, 1, 0)
    assert len({event.call for event in notes.told}) == 1


def test_a_failed_call_ends_too(driver) -> None:
    notes = Notes()
    client = driver.client(Service(httpx.ReadTimeout("slow")), observers=[notes], retry=ONCE)
    driver.give_up(client)
    ended = notes.told[-1]
    assert (ended.outcome, ended.words, ended.maybe_billed) == ("OcrTimeoutError", None, 1)


def test_a_call_that_is_cut_short_ends_too(driver) -> None:
    class Stop(BaseException):
        pass

    def cut(request):
        raise Stop

    notes = Notes()
    client = driver.client(cut, observers=[notes])
    with pytest.raises(Stop):
        driver.recognize(client, PNG)
    assert kinds(notes)[-2:] == ["AttemptEnded", "CallEnded"]
    assert (notes.told[-2].bill, notes.told[-1].outcome) == ("maybe_billed", "Stop")


def test_one_that_raises_is_reported_once_and_disturbs_nothing(driver, caplog) -> None:
    class Broken:
        def attempt_ended(self, event):
            raise RuntimeError("of the observer")

    notes = Notes()
    client = driver.client(Service(), observers=(Broken(), notes))
    for _ in range(3):
        driver.recognize(client, PNG)
    ours = [record for record in caplog.records if record.name == "nhncloud_ocr"]
    reports = [record for record in ours if record.levelno == logging.WARNING]
    assert len(reports) == 1
    assert "Broken" in reports[0].getMessage()
    assert kinds(notes).count("CallEnded") == 3


def test_one_that_raises_does_not_hide_the_calls_error(driver) -> None:
    class Broken:
        def call_ended(self, event):
            raise RuntimeError("of the observer")

    client = driver.client(Service(refusal(4000501)), observers=[Broken()])
    with pytest.raises(NoTextFoundError):
        driver.recognize(client, PNG)


def test_facts_are_frozen_and_hold_no_secret(driver) -> None:
    notes = Notes()
    url = f"https://example.com/{SECRET}.png"
    script = [
        success(texts=[{"inferTexts": [word(SECRET)]}]),
        refusal(4000502, message=SECRET),
        httpx.ReadError(SECRET),
    ]
    client = driver.client(Service(*script), observers=[notes], retry=ONCE)
    driver.recognize(client, image_url=url)
    driver.give_up(client, image_url=url)
    driver.give_up(client, image_url=url)
    for event in notes.told:
        for value in dataclasses.asdict(event).values():
            assert not [
                s for s in (SECRET, *KEYS.values(), "/") if s in str(value).replace("general/", "")
            ]
        with pytest.raises(AttributeError):
            event.call = 0


@pytest.mark.parametrize(
    "wrong", [object(), Notes, "log", print], ids=["object", "class", "text", "function"]
)
def test_what_is_no_observer_is_refused(driver, wrong) -> None:
    with pytest.raises(ConfigurationError, match="attempt_ended"):
        driver.client(Service(), observers=[wrong])


def test_copies_tell_the_same_observers(driver) -> None:
    notes = Notes()
    client = driver.client(Service(httpx.ConnectError("refused")), observers=[notes], retry=ONCE)
    with pytest.raises(OcrConnectionError):
        driver.recognize(client.with_options(timeout=3), PNG)
    assert kinds(notes)[-1] == "CallEnded"
