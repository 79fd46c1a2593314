"""What calls have cost: counted per attempt, over all copies, and told by every error."""

import asyncio
import pickle
import threading

import httpx
import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr import OcrClient, OcrError, RetryPolicy, Usage
from unit.support import KEYS, ONCE, PNG, Answer, Service, refusal, success

LOST = httpx.ReadTimeout("slow")
REFUSED = httpx.ConnectError("refused")
BUSY = Answer(b"", 503)
ALWAYS = RetryPolicy(attempts=9, retry_maybe_billed=True, retry_rate_limit=True)


def counted(client):
    usage = client.usage
    return usage.billed, usage.maybe_billed, usage.not_billed


def test_a_new_client_has_used_nothing(driver) -> None:
    assert driver.client(Service()).usage == Usage()


def test_a_result_is_billed(driver) -> None:
    client = driver.client(Service())
    driver.recognize(client, PNG)
    usage = client.usage
    assert (usage.calls, usage.attempts) == (1, 1)
    assert counted(client) == (1, 0, 0)
    assert usage.bytes_sent == len(PNG)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (success(), (1, 0, 0)),
        (LOST, (0, 1, 0)),
        (httpx.RemoteProtocolError("closed"), (0, 1, 0)),
        (Answer(b"<html>"), (0, 1, 0)),
        (Answer(b"", 502), (0, 1, 0)),
        (Answer(b"", 500), (0, 1, 0)),
        (refusal(-1), (0, 1, 0)),
        (refusal(5005003), (0, 1, 0)),
        (refusal(4000501), (0, 1, 0)),
        (REFUSED, (0, 0, 1)),
        (httpx.ProxyError("403"), (0, 0, 1)),
        (BUSY, (0, 0, 1)),
        (Answer(b"", 429), (0, 0, 1)),
        (refusal(5000503), (0, 0, 1)),
        (refusal(4000006), (0, 0, 1)),
        (refusal(4010001), (0, 0, 1)),
        (refusal(4000002), (0, 0, 1)),
    ],
    ids=str,
)
def test_each_attempt_is_counted_once(driver, reply, expected) -> None:
    client = driver.client(Service(reply), retry=ONCE)
    try:
        driver.recognize(client, PNG)
    except OcrError as error:
        assert error.maybe_billed is (expected == (0, 1, 0))
    assert counted(client) == expected


def test_no_text_as_an_empty_result_may_have_been_billed(driver) -> None:
    client = driver.client(Service(refusal(4000501)), on_no_text="empty")
    assert driver.recognize(client, PNG).words == ()
    assert counted(client) == (0, 1, 0)


def test_what_was_refused_here_is_no_call(driver) -> None:
    client = driver.client(Service())
    assert driver.give_up(client, b"").maybe_billed is False
    assert client.usage == Usage()


def test_an_unsent_image_has_no_bytes_and_a_url_none(driver, trying) -> None:
    client, _ = trying(REFUSED, BUSY, success())
    driver.recognize(client, PNG)
    assert client.usage.bytes_sent == 2 * len(PNG)
    driver.recognize(client, image_url="https://example.com/a.png")
    assert client.usage.bytes_sent == 2 * len(PNG)


def test_an_error_speaks_of_all_attempts(driver, trying) -> None:
    """The first may have been billed; that the last was not does not change it."""
    client, _ = trying(LOST, REFUSED, retry=RetryPolicy(attempts=2, retry_maybe_billed=True))
    error = driver.give_up(client)
    assert type(error.__cause__) is httpx.ConnectError
    assert (error.attempts, error.maybe_billed) == (2, True)
    assert "may have been billed" in str(error)
    assert "Nothing was billed" not in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.maybe_billed, again.retryable) == (str(error), True, True)


def test_an_error_of_the_service_speaks_of_all_attempts(driver, trying) -> None:
    client, _ = trying(LOST, refusal(4010001), retry=RetryPolicy(retry_maybe_billed=True))
    error = driver.give_up(client)
    assert (error.result_code, error.maybe_billed) == (4010001, True)
    assert "may have been billed" in str(error)


def test_seconds_are_those_of_the_attempts(driver, trying, clock) -> None:
    def slowly(request):
        clock.elapsed += 2.5
        return success().response() if clock.elapsed > 5 else BUSY.response()

    client = driver.client(slowly, retry=RetryPolicy(attempts=3, backoff=0))
    clock.set(client)
    driver.recognize(client, PNG)
    assert client.usage.seconds == 7.5


def test_copies_count_together(driver) -> None:
    client = driver.client(Service())
    copy = client.with_options(timeout=3)
    driver.recognize(client, PNG)
    driver.recognize(copy, PNG)
    assert client.usage == copy.usage
    assert client.usage.billed == 2


def test_a_call_that_is_cut_short_after_sending_may_have_been_billed(driver) -> None:
    class Stop(BaseException):
        pass

    def cut(request):
        raise Stop

    client = driver.client(cut)
    with pytest.raises(Stop):
        driver.recognize(client, PNG)
    assert counted(client) == (0, 1, 0)


def test_a_cancelled_task_may_have_been_billed() -> None:
    from nhncloud_ocr import AsyncOcrClient

    async def main():
        sent = asyncio.Event()

        async def never(request):
            sent.set()
            await asyncio.Event().wait()

        client = AsyncOcrClient(**KEYS, transport=httpx.MockTransport(never))
        task = asyncio.create_task(client.recognize(PNG))
        await sent.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert counted(client) == (0, 1, 0)
        await client.aclose()

    asyncio.run(main())


def test_threads_lose_no_count() -> None:
    client = OcrClient(**KEYS, transport=httpx.MockTransport(Service()))

    def work():
        for _ in range(50):
            client.recognize(PNG)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (client.usage.calls, client.usage.billed) == (400, 400)


def test_a_snapshot_is_frozen_and_does_not_change(driver) -> None:
    client = driver.client(Service())
    before = client.usage
    driver.recognize(client, PNG)
    assert before == Usage()
    with pytest.raises(AttributeError):
        before.calls = 1  # type: ignore[misc]


def test_a_rate_limit_in_http_200_is_tried_again_when_asked(driver, trying, clock) -> None:
    client, service = trying(refusal(4000006), success(), retry=RetryPolicy(retry_rate_limit=True))
    assert driver.recognize(client, PNG).attempts == 2
    assert len(clock.sleeps) == 1
    client, service = trying(refusal(4000006), success())
    error = driver.give_up(client)
    assert (len(service.requests), error.retryable) == (1, True)


@given(
    st.lists(st.sampled_from([LOST, REFUSED, BUSY, refusal(4000006), refusal(4010001), success()]))
)
def test_the_counts_of_any_history_add_up(sync, script) -> None:
    class Bills(Service):
        bills = 0

        def __call__(self, request):
            self.bills += self.script[min(len(self.requests), len(self.script) - 1)] in (
                LOST,
                success(),
            )
            return super().__call__(request)

    service = Bills(*script)
    policy = RetryPolicy(attempts=9, backoff=0, retry_maybe_billed=True, retry_rate_limit=True)
    client = sync.client(service, retry=policy)
    try:
        sync.recognize(client, PNG)
        said = True
    except OcrError as error:
        said = error.maybe_billed
    usage = client.usage
    assert usage.attempts == usage.billed + usage.maybe_billed + usage.not_billed
    assert usage.attempts == len(service.requests)
    assert service.bills <= usage.billed + usage.maybe_billed
    assert said or not service.bills
