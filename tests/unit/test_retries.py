"""What is tried again and what is not, through both clients; time is only counted here."""

import random

import httpx
import pytest
from nhncloud_ocr import ConfigurationError, NoTextFoundError, RetryPolicy
from unit.support import PNG, Answer, FakeClock, Service, refusal, success

# What comes back; whether it is tried again by default; and with retry_maybe_billed=True.
ROWS = {
    "connection refused": (httpx.ConnectError("refused"), True, True),
    "no time to connect": (httpx.ConnectTimeout("slow"), True, True),
    "no free connection": (httpx.PoolTimeout("busy"), True, True),
    "the proxy refused": (httpx.ProxyError("403"), True, True),
    "unsupported protocol": (httpx.UnsupportedProtocol("gopher"), True, True),
    "read timeout": (httpx.ReadTimeout("slow"), False, True),
    "write timeout": (httpx.WriteTimeout("slow"), False, True),
    "reset while reading": (httpx.ReadError("reset"), False, True),
    "reset while writing": (httpx.WriteError("reset"), False, True),
    "closed without a reply": (httpx.RemoteProtocolError("disconnected"), False, True),
    "an OSError of the transport": (OSError("broken"), False, True),
    "429": (Answer(b"", 429), True, True),
    "429 with its code": (refusal(4291000, 429), True, True),
    "429 with a foreign code": (refusal(-1, 429), True, True),
    "429, the quota": (refusal(4291001, 429), False, False),
    "503": (Answer(b"<html>", 503), True, True),
    "503 with its code": (refusal(5030001, 503), True, True),
    "502": (Answer(b"", 502), False, True),
    "504": (refusal(5040001, 504), False, True),
    "500": (Answer(b"", 500), False, False),
    "520": (Answer(b"", 520), False, False),
    "599": (Answer(b"", 599), False, False),
    "400": (Answer(b"", 400), False, False),
    "401": (Answer(b"", 401), False, False),
    "403": (Answer(b"", 403), False, False),
    "408": (Answer(b"", 408), False, False),
    "413": (Answer(b"", 413), False, False),
    "code 5000503": (refusal(5000503), True, True),
    "code 4291000": (refusal(4291000), True, True),
    "code 4291001": (refusal(4291001), False, False),
    "code 4000006": (refusal(4000006), False, False),
    "code -1": (refusal(-1), False, False),
    "code 500": (refusal(500), False, False),
    "code 5005001": (refusal(5005001), False, False),
    "code 4010001": (refusal(4010001), False, False),
    "code 4000501": (refusal(4000501), False, False),
    "an unknown code": (refusal(1234567), False, False),
    "no envelope": (Answer(b"<html>"), False, False),
    "a redirect": (Answer(b"", 302, {"Location": "/"}), False, False),
    "an empty reply": (Answer(b"", 204), False, False),
}


@pytest.mark.parametrize("maybe_billed", [False, True], ids=["default", "retry_maybe_billed"])
@pytest.mark.parametrize(("reply", "default", "if_accepted"), ROWS.values(), ids=ROWS)
def test_row_by_row(driver, trying, clock, reply, default, if_accepted, maybe_billed) -> None:
    retried = if_accepted if maybe_billed else default
    client, service = trying(reply, retry=RetryPolicy(attempts=3, retry_maybe_billed=maybe_billed))
    error = driver.give_up(client)
    assert len(service.requests) == error.attempts == (3 if retried else 1)
    assert len(clock.sleeps) == (2 if retried else 0)


@pytest.mark.parametrize(("reply", "default", "if_accepted"), ROWS.values(), ids=ROWS)
def test_after_a_retry_the_next_reply_counts(driver, trying, reply, default, if_accepted) -> None:
    client, _ = trying(reply, success(), retry=RetryPolicy(retry_maybe_billed=True))
    if if_accepted:
        assert driver.recognize(client, PNG).attempts == 2
    else:
        assert driver.give_up(client).attempts == 1


def test_the_default_policy() -> None:
    assert RetryPolicy() == RetryPolicy(3, 0.5, 8.0, 60.0, None, False)


def test_by_default_three_attempts(driver, trying) -> None:
    client, service = trying(Answer(b"", 503))
    assert driver.give_up(client).attempts == len(service.requests) == 3


def test_the_last_error_is_raised(driver, trying) -> None:
    client, _ = trying(Answer(b"", 503), httpx.ConnectError("refused"), refusal(4000501))
    error = driver.give_up(client)
    assert type(error) is NoTextFoundError
    assert error.attempts == 3


def test_one_attempt_means_no_retry(driver, trying, clock) -> None:
    client, service = trying(Answer(b"", 503), retry=RetryPolicy(attempts=1))
    assert driver.give_up(client).attempts == len(service.requests) == 1
    assert clock.sleeps == []


def test_full_jitter_below_a_doubling_bound(driver, trying, clock) -> None:
    client, _ = trying(Answer(b"", 503), retry=RetryPolicy(attempts=8))
    driver.give_up(client)  # chance is always 1 here: the bounds themselves
    assert clock.sleeps == [0.5, 1, 2, 4, 8, 8, 8]


@pytest.mark.parametrize("chance", [0.0, 0.25, 0.5])
def test_jitter_is_drawn_from_zero_up(driver, trying, clock, chance) -> None:
    clock.random = lambda: chance
    client, _ = trying(Answer(b"", 503), retry=RetryPolicy(attempts=4, backoff=1, max_backoff=2))
    driver.give_up(client)
    assert clock.sleeps == [chance, 2 * chance, 2 * chance]


def test_thousands_of_attempts_overflow_nothing(driver, trying, clock) -> None:
    client, service = trying(Answer(b"", 503), retry=RetryPolicy(attempts=1030))
    driver.give_up(client)
    assert len(service.requests) == 1030  # 2.0 ** 1024 would be no float
    assert set(clock.sleeps[10:]) == {8.0}


def test_no_attempt_starts_after_the_deadline(driver, trying, clock) -> None:
    client, service = trying(Answer(b"", 503), retry=RetryPolicy(attempts=100, deadline=10))
    error = driver.give_up(client)
    assert clock.sleeps == [0.5, 1, 2, 4]  # the next, of 8 s, would pass the deadline
    assert error.attempts == len(service.requests) == 5


def test_the_time_that_attempts_take_counts_against_the_deadline(driver, clock) -> None:
    def slow(request):
        clock.elapsed += 6
        return Answer(b"", 503).response()

    client = driver.client(slow, retry=RetryPolicy(attempts=100, deadline=10))
    clock.set(client)
    assert driver.give_up(client).attempts == 2


def test_a_deadline_of_nothing_is_one_attempt(driver, trying) -> None:
    client, _ = trying(Answer(b"", 503), retry=RetryPolicy(deadline=0))
    assert driver.give_up(client).attempts == 1


@pytest.mark.parametrize("seed", range(200))
def test_the_documented_policy_outlasts_a_deploy_of_60_s(sync, seed) -> None:
    """Refused connections and 503s in turn, for 60 s of a clock that sleeping alone moves."""
    assert "RetryPolicy(attempts=40, deadline=180.0)" in RetryPolicy.__doc__
    clock = FakeClock(random.Random(seed).random)

    def deploying(request):
        if clock.elapsed >= 60:
            return success().response()
        if random.Random(clock.elapsed).random() < 0.5:
            raise httpx.ConnectError("refused")
        return Answer(b"", 503).response()

    client = sync.client(deploying, retry=RetryPolicy(attempts=40, deadline=180.0))
    clock.set(client)
    assert sync.recognize(client, PNG).text == "stella"


@pytest.mark.parametrize(
    "arguments",
    [
        {"attempts": 0},
        {"attempts": -1},
        {"backoff": -1},
        {"max_backoff": -0.1},
        {"max_retry_after": -1},
        {"deadline": -1},
        {"backoff": float("nan")},
    ],
    ids=str,
)
def test_a_policy_that_makes_no_sense_is_refused(arguments) -> None:
    with pytest.raises(ConfigurationError, match="RetryPolicy"):
        RetryPolicy(**arguments)


def test_a_policy_is_frozen() -> None:
    with pytest.raises(AttributeError):
        RetryPolicy().attempts = 4


@pytest.mark.parametrize("wrong", [3, {"attempts": 3}, "3"])
def test_only_a_policy_is_a_policy(driver, wrong) -> None:
    with pytest.raises(ConfigurationError, match="RetryPolicy"):
        driver.client(Service(), retry=wrong)


def test_what_a_broken_sleep_raises_comes_out(driver, trying, clock) -> None:
    class Stop(BaseException):
        pass

    def interrupted(seconds):
        raise Stop

    client, service = trying(Answer(b"", 503))
    clock.sleep = interrupted
    clock.set(client)
    with pytest.raises(Stop):
        driver.recognize(client, PNG)
    assert len(service.requests) == 1
