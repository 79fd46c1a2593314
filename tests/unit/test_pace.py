"""`max_per_second`: attempts wait for their moment, copies and threads together."""

from itertools import pairwise

import pytest
from nhncloud_ocr import ConfigurationError, RetryPolicy
from unit.support import PNG, Answer, Service, success


def sent_at(clock):
    """A service that notes the moments of its requests."""
    moments = []

    def serve(request):
        moments.append(clock.elapsed)
        return success().response()

    return serve, moments


def test_attempts_are_evenly_spaced(driver, clock) -> None:
    serve, moments = sent_at(clock)
    client = driver.client(serve, max_per_second=4)
    clock.set(client)
    for _ in range(5):
        driver.recognize(client, PNG)
    assert moments == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_copies_keep_to_it_together(driver, clock) -> None:
    serve, moments = sent_at(clock)
    client = driver.client(serve, max_per_second=2)
    clock.set(client)
    copy = client.with_options(timeout=3)
    for each in (client, copy, client):
        driver.recognize(each, PNG)
    assert [b - a for a, b in pairwise(moments)] == [0.5, 0.5]


def test_time_that_passed_without_calls_is_not_saved_up(driver, clock) -> None:
    serve, moments = sent_at(clock)
    client = driver.client(serve, max_per_second=10)
    clock.set(client)
    driver.recognize(client, PNG)
    clock.elapsed += 60
    driver.recognize(client, PNG)
    driver.recognize(client, PNG)
    assert moments[2] - moments[1] == pytest.approx(0.1)


def test_retries_keep_to_it(driver, clock) -> None:
    client = driver.client(
        Service(Answer(b"", 503), success()),
        max_per_second=1,
        retry=RetryPolicy(backoff=0),
    )
    clock.set(client)
    driver.recognize(client, PNG)
    assert clock.elapsed == 1.0


@pytest.mark.parametrize("wrong", [0, -1, float("inf"), float("nan"), "4"])
def test_what_is_no_pace_is_refused(driver, wrong) -> None:
    with pytest.raises(ConfigurationError, match="max_per_second"):
        driver.client(Service(), max_per_second=wrong)
