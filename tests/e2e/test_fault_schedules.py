"""What a client says about the bill is true, whatever a server does, over real sockets.

`nox -s fuzz` runs a thousand schedules; here a sample of them.
"""

import asyncio
import os
import random

import httpx
import pytest
from e2e.both_clients import KEYS, TRUST, both
from e2e.fault_schedules import STEPS, Schedule
from e2e.raw_server import RawServer
from hypothesis import given, settings
from hypothesis import strategies as st
from nhncloud_ocr import AsyncOcrClient, OcrClient, OcrError, RetryPolicy
from unit.support import PNG

CALLS = 4
SCHEDULES = int(os.environ.get("NHNCLOUD_OCR_SCHEDULES", "15"))  # for either client
schedules = st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=12)
policies = st.builds(
    RetryPolicy,
    attempts=st.integers(1, 4),
    backoff=st.just(0.0),
    retry_maybe_billed=st.booleans(),
    retry_rate_limit=st.booleans(),
)


def play(kind, names, policy):
    """Make some calls against the schedule, and hold each to what the server has billed."""
    schedule = Schedule(names)
    with RawServer(schedule) as server:
        options = {
            **KEYS,
            "base_url": server.url,
            "retry": policy,
            "verify": TRUST,
            "timeout": httpx.Timeout(0.2, connect=30),  # for the step that says nothing
        }
        if kind is OcrClient:
            with OcrClient(**options) as ocr:
                for _ in range(CALLS):
                    before = schedule.till.bills
                    error = None
                    try:
                        ocr.recognize(PNG)
                    except OcrError as exc:
                        error = exc
                    hold_to_the_bill(error, schedule.till.bills - before)
                usage = ocr.usage
        else:
            usage = asyncio.run(calls(options, schedule))
    assert schedule.till.bills <= usage.billed + usage.maybe_billed
    assert usage.attempts == usage.billed + usage.maybe_billed + usage.not_billed


async def calls(options, schedule):
    async with AsyncOcrClient(**options) as ocr:
        for _ in range(CALLS):
            before = schedule.till.bills
            error = None
            try:
                await ocr.recognize(PNG)
            except OcrError as exc:
                error = exc
            hold_to_the_bill(error, schedule.till.bills - before)
        return ocr.usage


def hold_to_the_bill(error, bills):
    if error is not None and bills:
        assert error.maybe_billed, f"billed {bills} times, and said: {error}"


@both
@settings(max_examples=SCHEDULES)
@given(names=schedules, policy=policies)
def test_bills_are_never_denied(kind, names, policy):
    play(kind, names, policy)


@both
@pytest.mark.parametrize("name", STEPS)
def test_each_step_by_itself(kind, name):
    for policy in (RetryPolicy(attempts=1), RetryPolicy(backoff=0, retry_maybe_billed=True)):
        play(kind, [name], policy)
    shuffled = random.Random(name).sample(sorted(STEPS), 6)
    play(kind, [name, *shuffled], RetryPolicy(attempts=3, backoff=0, retry_maybe_billed=True))
