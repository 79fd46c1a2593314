"""The pace against a limit, in a time of its own: nothing waits."""

import heapq
import random

import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr_toolkit.bulk.pace import Pace


def simulate(images, rate, burst, latency, seed=1):
    """Send so many images at a service that lets `rate` a second through, `burst` at once.

    Returns seconds taken, and the share of calls that were refused.
    """
    now = [0.0]
    chance = random.Random(seed)
    pace = Pace(clock=lambda: now[0])
    permits, since = float(burst), 0.0
    under_way = []
    left, done, refused = images, 0, 0
    while done < images:
        delay = pace.delay() if left else float("inf")
        if delay == 0:
            begun = pace.begin()
            left -= 1
            permits = min(burst, permits + (now[0] - since) * rate)
            since = now[0]
            admitted = permits >= 1
            permits -= admitted
            ends = now[0] + (latency * chance.uniform(0.5, 1.5) if admitted else 0.005)
            heapq.heappush(under_way, (ends, chance.random(), begun, admitted))
        elif under_way and under_way[0][0] <= now[0] + delay:
            now[0], _, begun, admitted = heapq.heappop(under_way)
            pace.end(begun, "answered" if admitted else "refused")
            done += admitted
            left += not admitted
            refused += not admitted
        else:
            now[0] += delay + 1e-9
    return now[0], refused / (images + refused)


@pytest.mark.parametrize("latency", [0.002, 0.01, 0.15])
@pytest.mark.parametrize("seed", range(3))
def test_a_limit_is_found_and_used(latency, seed) -> None:
    seconds, refused = simulate(1000, 40, 40, latency, seed)
    assert 960 / 40 / seconds >= 0.9  # the burst comes on top
    assert refused <= 0.15


@given(
    rate=st.floats(1, 100),
    burst=st.integers(1, 60),
    latency=st.floats(0.001, 2),
    seed=st.integers(0, 100),
)
def test_every_image_gets_through_whatever_the_limit(rate, burst, latency, seed) -> None:
    seconds, refused = simulate(100, rate, burst, latency, seed)
    assert refused < 0.6
    assert seconds < 10 + 10 * (100 / rate + 100 * latency)


def paced(**options):
    now = [100.0]
    return now, Pace(clock=lambda: now[0], **options)


def test_the_first_call_goes_alone() -> None:
    _, pace = paced()
    begun = pace.begin()
    assert pace.delay() == float("inf")
    pace.end(begun, "answered")
    pace.begin()
    pace.begin()
    assert pace.delay() == float("inf")


def test_a_service_that_is_away_is_tried_with_one_call_at_a_time() -> None:
    now, pace = paced()
    for _ in range(10):
        pace.end(pace.begin(), "answered")
    under_way = [pace.begin() for _ in range(5)]
    for begun in under_way:
        pace.end(begun, "away")
    assert pace.is_away
    assert 0 < pace.delay() <= 1
    now[0] += 1
    probe = pace.begin()
    assert pace.delay() == float("inf")
    now[0] += 0.1
    pace.end(probe, "away")
    assert pace.delay() > 1
    now[0] += 5
    probe = pace.begin()
    now[0] += 0.1
    pace.end(probe, "answered")
    assert not pace.is_away
    assert pace.silence() == 0


def test_one_lost_reply_is_bad_luck_and_three_are_an_outage() -> None:
    now, pace = paced()
    for _ in range(10):
        pace.end(pace.begin(), "answered")
    for expected in (False, False, True):
        now[0] += 1
        pace.end(pace.begin(), "lost")
        assert pace.is_away is expected


def test_refusals_of_one_round_trip_are_one_message() -> None:
    now, pace = paced()
    for _ in range(20):
        pace.end(pace.begin(), "answered")
    under_way = [pace.begin() for _ in range(16)]
    now[0] += 0.1
    pace.end(under_way[0], "refused")
    after_one = pace.delay()
    for begun in under_way[1:]:
        pace.end(begun, "refused")
    assert pace.delay() <= max(after_one, 0.1) + 1e-9


def test_a_known_limit_is_kept() -> None:
    now, pace = paced(per_second=10)
    begun = []
    for _ in range(30):
        delay = pace.delay()
        now[0] += delay
        pace.end(pace.begin(), "answered")
        begun.append(now[0])
    assert begun[-1] - begun[0] >= 2.8
