"""Retry-After: how long the service asks to wait, and when that is too long."""

import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr import RateLimitError, RetryPolicy, ServerError
from unit.support import PNG, Answer, FakeClock, Service, refusal, success

# Retry-After as sent, at the epoch 1,800,000,000 (Fri, 15 Jan 2027 08:00:00 GMT); the seconds
# slept.
RETRY_AFTER = {
    "seconds": ("7", 7.0),
    "zero": ("0", 0.0),
    "the longest": ("60", 60.0),
    "blanks": (" 7 ", 7.0),
    "a date": ("Fri, 15 Jan 2027 08:00:30 GMT", 30.0),
    "a date long past": ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
    "words": ("soon", 0.5),
    "negative": ("-3", 0.5),
    "empty": ("", 0.5),
    "hexadecimal": ("0x10", 0.5),
    "a list": ("7, 8", 0.5),
    "not a number": ("nan", 0.5),
    "infinite": ("inf", 0.5),
    "exponent": ("1e1", 0.5),
    "a date without sense": ("Fri, 99 Foo 2027 08:00:30 GMT", 0.5),
    "a date beyond the calendar": ("Fri, 15 Jan 99999 08:00:30 GMT", 0.5),
}
TOO_LONG = {
    "seconds": "61",
    "an hour": "3600",
    "a huge number": "9" * 400,
    "a date": "Fri, 15 Jan 2027 08:01:01 GMT",
}


@pytest.mark.parametrize(("sent", "slept"), RETRY_AFTER.values(), ids=RETRY_AFTER)
@pytest.mark.parametrize("refused", [refusal(4291000, 429), Answer(b"", 503)], ids=["429", "503"])
def test_retry_after_is_heeded_and_garbage_is_not(
    driver, trying, clock, refused, sent, slept
) -> None:
    client, _ = trying(Answer(refused.body, refused.status, {"Retry-After": sent}), success())
    assert driver.recognize(client, PNG).attempts == 2
    assert clock.sleeps == [pytest.approx(slept)]


@pytest.mark.parametrize("sent", TOO_LONG.values(), ids=TOO_LONG)
def test_a_retry_after_beyond_the_limit_ends_the_retries(driver, trying, clock, sent) -> None:
    client, service = trying(Answer(b"", 429, {"Retry-After": sent}), success())
    error = driver.give_up(client)
    assert type(error) is RateLimitError
    assert error.retry_after == sent
    assert (len(service.requests), clock.sleeps) == (1, [])


def test_the_limit_of_retry_after_is_the_callers(driver, trying, clock) -> None:
    client, _ = trying(
        Answer(b"", 429, {"Retry-After": "3600"}),
        success(),
        retry=RetryPolicy(max_retry_after=3600),
    )
    assert driver.recognize(client, PNG).attempts == 2
    assert clock.sleeps == [3600]


def test_retry_after_makes_nothing_retried_that_was_not(driver, trying, clock) -> None:
    client, service = trying(Answer(b"", 500, {"Retry-After": "1"}), success())
    assert type(driver.give_up(client)) is ServerError
    assert (len(service.requests), clock.sleeps) == (1, [])


DATES = [
    "Fri, ",
    "15 ",
    "Jan ",
    "2027 ",
    "08:00:30 ",
    "GMT",
    "-0000",
    "+9999",
    ":",
    "-",
    ".",
    "99999",
    "(",
    " ",
]
headers = st.text(st.characters(min_codepoint=32, max_codepoint=126)) | st.lists(
    st.sampled_from(DATES)
).map("".join)


@given(headers)
def test_no_header_breaks_the_call(sync, header) -> None:
    clock = FakeClock()
    client = sync.client(
        Service(Answer(b"", 503, {"Retry-After": header})), retry=RetryPolicy(attempts=2)
    )
    clock.set(client)
    error = sync.give_up(client)
    assert type(error) is ServerError
    assert error.retry_after == header
    assert all(0 <= slept <= 60 for slept in clock.sleeps)
