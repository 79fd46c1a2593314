"""What a client says about the bill is true, whatever a server does, over real sockets.

`nox -s fuzz` runs a thousand schedules; here a sample of them.
"""

import asyncio
import os
import random

import httpx
import pytest
from e2e.both_clients import KEYS, TRUST, both
from e2e.fault_schedules import STEPS, Schedule, image_of
from e2e.raw_server import RawServer
from hypothesis import given, settings, strategies as st
from nhncloud_ocr import AsyncOcrClient, OcrClient, OcrError, RetryPolicy
from patience import PATIENCE

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
            "timeout": httpx.Timeout(0.2, connect=PATIENCE),  # for the step that says nothing
        }
        errors = {}
        if kind is OcrClient:
            usage = calls(options, errors)
        else:
            usage = asyncio.run(async_calls(options, errors))
    # The server has closed: by now it has billed what came late, too.
    bills = schedule.till.bills
    for call, error in errors.items():
        assert error.maybe_billed or not bills[call], f"billed {bills[call]} times, said: {error}"
    assert bills.total() <= usage.billed + usage.maybe_billed
    assert usage.attempts == usage.billed + usage.maybe_billed + usage.not_billed


def calls(options, errors):
    with OcrClient(**options) as ocr:
        for call in range(CALLS):
            try:
                ocr.recognize(image_of(call))
            except OcrError as exc:
                errors[call] = exc
        return ocr.usage


async def async_calls(options, errors):
    async with AsyncOcrClient(**options) as ocr:
        for call in range(CALLS):
            try:
                await ocr.recognize(image_of(call))
            except OcrError as exc:
                errors[call] = exc
        return ocr.usage


@both
@settings(max_examples=SCHEDULES)
@given(names=schedules, policy=policies)
def test_bills_are_never_denied(kind, names, policy) -> None:
    play(kind, names, policy)


@both
@pytest.mark.parametrize("name", STEPS)
def test_each_step_by_itself(kind, name) -> None:
    for policy in (RetryPolicy(attempts=1), RetryPolicy(backoff=0, retry_maybe_billed=True)):
        play(kind, [name], policy)
    shuffled = random.Random(name).sample(sorted(STEPS), 6)
    play(kind, [name, *shuffled], RetryPolicy(attempts=3, backoff=0, retry_maybe_billed=True))
