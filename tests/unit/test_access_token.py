"""API v1.1 by an access token: what is sent, and how long a token is used."""

import asyncio
import base64
import json
import os
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import anyio
import httpx
import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr import (
    AccessToken,
    AsyncOcrClient,
    AuthenticationError,
    OcrClient,
    OcrConnectionError,
    OcrError,
    OcrTimeoutError,
    RetryPolicy,
    ServerError,
    UnexpectedResponseError,
)
from patience import PATIENCE
from unit import tokens
from unit.support import ONCE, PNG, Answer, FakeClock, answer
from unit.tokens import ACCESS_KEY, APP_KEY, TOKEN_URL, Realm, oauth_error

AT_ONCE = RetryPolicy(backoff=0)


@pytest.fixture
def now(monkeypatch):
    """The seconds of the tokens' clock, which stands still unless moved."""
    from nhncloud_ocr._auth.token_source import TokenSource

    clock = FakeClock()
    monkeypatch.setattr(TokenSource, "clock", staticmethod(lambda: clock.elapsed))
    return clock


def give_up(driver, client):
    return driver.give_up(client, PNG)


# --- what is sent ------------------------------------------------------------------------------


def test_a_call_is_one_of_v1_1_with_a_bearer_token(driver) -> None:
    realm = Realm()
    result = tokens.recognize(driver, tokens.client(driver, realm))
    assert result.attempts == 1
    (call,) = realm.calls
    assert call.url.path == f"/v1.1/appkeys/{APP_KEY}/general"
    assert call.headers["X-NHN-Authorization"] == "Bearer access-token-number-1"
    assert "Authorization" not in call.headers


def test_cropping_speaks_the_same_version(driver) -> None:
    realm = Realm()
    driver.recognize(tokens.client(driver, realm), PNG, cropping=True)
    assert realm.calls[0].url.path == f"/v1.1/appkeys/{APP_KEY}/general/cropping"


def test_a_token_is_asked_for_by_basic_authentication_and_a_form(driver) -> None:
    realm = Realm()
    tokens.recognize(driver, tokens.client(driver, realm))
    (request,) = realm.token_requests
    assert (request.method, str(request.url)) == ("POST", TOKEN_URL)
    known = base64.b64encode(":".join(ACCESS_KEY.values()).encode()).decode()
    assert request.headers["Authorization"] == f"Basic {known}"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert request.read() == b"grant_type=client_credentials"
    assert request.headers["User-Agent"].startswith("nhncloud-ocr/")


# --- how long a token is used ------------------------------------------------------------------


@pytest.mark.parametrize("expires_in", [86400, "86400", 86400.0, " 86400 "])
def test_a_token_is_fetched_once_and_renewed_before_it_ends(driver, now, expires_in) -> None:
    realm = Realm(expires_in=expires_in)
    client = tokens.client(driver, realm)
    for _ in range(3):
        tokens.recognize(driver, client)
    assert realm.counts == (1, 3)
    now.elapsed = 86400 - 61
    tokens.recognize(driver, client)
    assert realm.counts == (1, 4)
    now.elapsed = 86400 - 59
    tokens.recognize(driver, client)
    assert realm.counts == (2, 5)


def test_a_short_life_is_used_for_nine_tenths(driver, now) -> None:
    realm = Realm(expires_in=10)
    client = tokens.client(driver, realm)
    for now.elapsed, fetched in ((0, 1), (8.9, 1), (9.1, 2), (17.9, 2), (18.2, 3)):
        tokens.recognize(driver, client)
        assert realm.counts[0] == fetched


def test_a_token_of_no_life_serves_the_call_it_was_fetched_for(driver) -> None:
    realm = Realm(expires_in=0)
    client = tokens.client(driver, realm)
    assert tokens.recognize(driver, client).attempts == 1
    assert tokens.recognize(driver, client).attempts == 1
    assert realm.counts == (2, 2)


def test_a_refused_token_is_renewed_once_and_the_call_sent_again(driver) -> None:
    realm = Realm()
    client = tokens.client(driver, realm, retry=ONCE)
    tokens.recognize(driver, client)
    realm.end_all()
    assert tokens.recognize(driver, client).attempts == 2
    assert realm.counts == (2, 3)


def test_a_token_that_is_refused_again_is_an_error(driver) -> None:
    realm = Realm()
    client = tokens.client(driver, realm)
    realm.valid = frozenset()
    realm.valid = type("Nothing", (set,), {"add": lambda *_: None})()
    error = give_up(driver, client)
    assert isinstance(error, AuthenticationError)
    assert (error.result_code, error.attempts) == (4010006, 2)
    assert realm.counts == (2, 2)


def test_renewing_does_not_use_up_the_retries(driver) -> None:
    realm = Realm()
    client = tokens.client(driver, realm, retry=AT_ONCE)
    tokens.recognize(driver, client)
    realm.end_all()
    busy = iter([False, True, True])
    usual = realm.handler

    def sometimes_busy(request):
        if str(request.url) != TOKEN_URL and next(busy, False):
            return httpx.Response(503)
        return usual(request)

    realm.handler = sometimes_busy
    assert tokens.recognize(driver, client).attempts == 4  # refused, busy, busy, done


def test_a_token_that_cannot_be_renewed_is_used_until_it_ends(driver, now) -> None:
    realm = Realm(None, oauth_error(503), expires_in=1000)
    client = tokens.client(driver, realm, retry=ONCE)
    tokens.recognize(driver, client)
    now.elapsed = 960
    for _ in range(5):
        tokens.recognize(driver, client)
    assert realm.counts == (2, 6)  # not one more request for each call
    now.elapsed = 1001
    assert isinstance(give_up(driver, client), ServerError)


# --- shared ------------------------------------------------------------------------------------


def test_200_calls_of_16_threads_fetch_one_token() -> None:
    realm = Realm()
    with (
        OcrClient(credentials=tokens.credentials(), transport=realm) as ocr,
        ThreadPoolExecutor(16) as threads,
    ):
        assert len(list(threads.map(lambda _: ocr.recognize(PNG), range(200)))) == 200
        assert realm.counts == (1, 200)
        realm.end_all()
        attempts = [r.attempts for r in threads.map(lambda _: ocr.recognize(PNG), range(200))]
    assert realm.counts[0] == 2
    assert set(attempts) <= {1, 2}


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_500_tasks_fetch_one_token(backend) -> None:
    realm = Realm()

    async def main():
        async with AsyncOcrClient(credentials=tokens.credentials(), transport=realm) as ocr:
            for expected in (1, 2):
                async with anyio.create_task_group() as tasks:
                    for _ in range(500):
                        tasks.start_soon(ocr.recognize, PNG)
                assert realm.counts[0] == expected
                realm.end_all()

    anyio.run(main, backend=backend)


def test_sync_and_async_clients_and_copies_share_what_one_object_fetched(sync) -> None:
    realm = Realm()
    shared = tokens.credentials()
    with OcrClient(credentials=shared, transport=realm) as ocr:
        ocr.recognize(PNG)
        ocr.with_options(timeout=5).recognize(PNG)
        other = ocr.with_options(app_key="another-app-key-1")
        other.recognize(PNG)

    async def main():
        async with AsyncOcrClient(credentials=shared, transport=realm) as ocr:
            await asyncio.gather(*[ocr.recognize(PNG) for _ in range(3)])

    asyncio.run(main())
    asyncio.run(main())
    assert realm.counts == (1, 9)
    assert realm.calls[2].url.path == "/v1.1/appkeys/another-app-key-1/general"


@pytest.mark.parametrize("cancelled", [0, 1, 2])
def test_the_end_of_one_waiting_task_ends_nobody_elses_wait(cancelled) -> None:
    """Of the one that asked first, too; and there is one token request all the same."""
    realm = Realm()

    async def main():
        asked, go_on = asyncio.Event(), asyncio.Event()

        async def hold():
            asked.set()
            await go_on.wait()

        realm.before_token = hold
        async with AsyncOcrClient(credentials=tokens.credentials(), transport=realm) as ocr:
            tasks = [asyncio.create_task(ocr.recognize(PNG)) for _ in range(3)]
            await asked.wait()
            tasks[cancelled].cancel()
            with pytest.raises(asyncio.CancelledError):
                await tasks[cancelled]
            go_on.set()
            del tasks[cancelled]
            return await asyncio.gather(*tasks)

    assert len(asyncio.run(main())) == 2
    assert realm.counts == (1, 2)


def test_a_thread_that_is_interrupted_leaves_the_fetch_to_another() -> None:
    realm = Realm()
    asked, go_on = threading.Event(), threading.Event()

    def interrupted_once():
        realm.before_token = lambda: None
        asked.set()
        go_on.wait(PATIENCE)
        raise KeyboardInterrupt

    realm.before_token = interrupted_once
    with (
        OcrClient(credentials=tokens.credentials(), transport=realm) as ocr,
        ThreadPoolExecutor(2) as threads,
    ):
        first = threads.submit(ocr.recognize, PNG)
        assert asked.wait(PATIENCE)
        second = threads.submit(ocr.recognize, PNG)
        go_on.set()
        assert isinstance(first.exception(PATIENCE), KeyboardInterrupt)
        assert second.result(PATIENCE).attempts == 1
    assert realm.counts == (1, 1)


def test_an_event_loop_that_ends_leaves_the_fetch_to_another() -> None:
    realm = Realm()
    shared = tokens.credentials()

    async def left():
        asked = asyncio.Event()

        async def hold():
            realm.before_token = lambda: None
            asked.set()
            await asyncio.Event().wait()

        realm.before_token = hold
        call = asyncio.create_task(
            AsyncOcrClient(credentials=shared, transport=realm).recognize(PNG)
        )
        await asked.wait()
        call.cancel()

    asyncio.run(left())
    with OcrClient(credentials=shared, transport=realm) as ocr:
        ocr.recognize(PNG)
    assert realm.counts == (1, 1)


def test_a_sync_call_inside_of_the_loop_that_fetches_does_not_wait_for_it() -> None:
    """It would wait for ever, as the loop stands still meanwhile."""
    realm = Realm()
    shared = tokens.credentials()

    async def main():
        asked, go_on = asyncio.Event(), asyncio.Event()

        async def hold():
            realm.before_token = lambda: None
            asked.set()
            await go_on.wait()

        realm.before_token = hold
        async with AsyncOcrClient(credentials=shared, transport=realm) as ocr:
            call = asyncio.create_task(ocr.recognize(PNG))
            await asked.wait()
            with OcrClient(credentials=shared, transport=realm) as blocking:
                blocking.recognize(PNG)
            go_on.set()
            await call

    asyncio.run(main())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_process_waits_for_nobody_of_its_parent() -> None:
    realm = Realm()
    asked, go_on = threading.Event(), threading.Event()

    def hold():
        realm.before_token = lambda: None
        asked.set()
        go_on.wait(PATIENCE)

    realm.before_token = hold
    with (
        OcrClient(credentials=tokens.credentials(), transport=realm) as ocr,
        ThreadPoolExecutor(1) as threads,
    ):
        call = threads.submit(ocr.recognize, PNG)
        assert asked.wait(PATIENCE)
        child = os.fork()
        if child == 0:
            done = 1
            try:
                done = 0 if ocr.recognize(PNG).lines else 1
            finally:
                os._exit(done)
        _, status = os.waitpid(child, 0)
        go_on.set()
        call.result(PATIENCE)
    assert status == 0


# --- time --------------------------------------------------------------------------------------


@pytest.fixture
def held():
    """A realm whose first token request waits until it is let go."""
    realm = Realm()
    realm.asked, realm.go_on = threading.Event(), threading.Event()

    def hold():
        realm.before_token = lambda: None
        realm.asked.set()
        assert realm.go_on.wait(PATIENCE)

    realm.before_token = hold
    yield realm
    realm.go_on.set()


def test_a_call_waits_for_the_token_of_another_as_long_as_it_has_time(held) -> None:
    with (
        OcrClient(credentials=tokens.credentials(), transport=held) as ocr,
        ThreadPoolExecutor(1) as threads,
    ):
        first = threads.submit(ocr.recognize, PNG)
        assert held.asked.wait(PATIENCE)
        with pytest.raises(OcrTimeoutError, match="total_timeout") as caught:
            ocr.recognize(PNG, total_timeout=0.01)
        assert not caught.value.maybe_billed
        assert caught.value.attempts == 0
        held.go_on.set()
        assert first.result(PATIENCE).attempts == 1
    assert held.counts == (1, 1)


def test_a_call_that_runs_out_of_time_fails_nobody_else() -> None:
    """It asked for the token that others wait for; one of them asks again."""
    realm = Realm(httpx.ReadTimeout("slow"), None)
    asked, go_on = threading.Event(), threading.Event()

    def hold():
        realm.before_token = lambda: None
        asked.set()
        assert go_on.wait(PATIENCE)

    realm.before_token = hold
    client = OcrClient(credentials=tokens.credentials(), transport=realm)
    with client as ocr, ThreadPoolExecutor(2) as threads:
        clock = FakeClock()
        hurried = ocr.with_options(total_timeout=5, retry=ONCE)
        clock.set(hurried)
        first = threads.submit(hurried.recognize, PNG)
        assert asked.wait(PATIENCE)
        second = threads.submit(ocr.with_options(retry=ONCE).recognize, PNG)
        clock.elapsed = 10.0
        go_on.set()
        assert isinstance(first.exception(PATIENCE), OcrTimeoutError)
        assert second.result(PATIENCE).attempts == 1
    assert realm.counts == (2, 1)


def test_an_async_call_waits_for_a_token_as_long_as_it_has_time() -> None:
    realm = Realm()

    async def main():
        go_on = asyncio.Event()
        realm.before_token = go_on.wait
        async with AsyncOcrClient(credentials=tokens.credentials(), transport=realm) as ocr:
            patient = asyncio.create_task(ocr.recognize(PNG))
            with pytest.raises(OcrTimeoutError, match="total_timeout"):
                await ocr.recognize(PNG, total_timeout=0.01)
            go_on.set()
            assert (await patient).attempts == 1

    asyncio.run(main())
    assert realm.counts == (1, 1)


# --- failures of the token endpoint ------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 418, 429])
def test_a_refusal_says_what_to_do(driver, clock, status) -> None:
    realm = Realm(oauth_error(status))
    client = tokens.client(driver, realm)
    clock.set(client)
    error = give_up(driver, client)
    assert isinstance(error, AuthenticationError)
    assert (error.http_status, error.result_code, error.attempts) == (status, None, 0)
    assert error.result_message == "invalid_client"
    assert "Nothing was billed" in str(error)
    assert ("token_url" if status in (404, 405) else "") in str(error)
    if status in (400, 401, 403):
        assert "secret access key" in str(error)
    assert realm.counts == (3 if status == 429 else 1, 0)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 599])
def test_a_failing_endpoint_is_tried_again_by_the_policy(driver, clock, status) -> None:
    realm = Realm(oauth_error(status))
    client = tokens.client(driver, realm)
    clock.set(client)
    error = give_up(driver, client)
    assert isinstance(error, ServerError)
    assert (error.http_status, error.attempts) == (status, 0)
    assert "nothing was billed" in str(error)
    assert realm.counts == (3, 0)
    assert clock.sleeps == [0.5, 1.0]


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (httpx.ConnectError("refused"), OcrConnectionError),
        (httpx.ReadError("reset"), OcrConnectionError),
        (httpx.ReadTimeout("slow"), OcrTimeoutError),
        (httpx.RemoteProtocolError("cut"), OcrConnectionError),
    ],
)
def test_a_lost_reply_was_not_billed_and_is_tried_again(driver, clock, failure, kind) -> None:
    realm = Realm(failure)
    client = tokens.client(driver, realm)
    clock.set(client)
    error = give_up(driver, client)
    assert type(error) is kind
    assert not error.maybe_billed
    assert error.attempts == 0
    assert "may have been billed" not in str(error)
    assert "oauth.example" in str(error)
    assert realm.counts == (3, 0)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_what_fails_for_a_while_costs_no_call(driver, clock) -> None:
    realm = Realm(oauth_error(503), httpx.ReadTimeout("slow"), None)
    client = tokens.client(driver, realm)
    clock.set(client)
    assert tokens.recognize(driver, client).attempts == 1
    assert realm.counts == (3, 1)


def test_the_wait_is_what_the_endpoint_asks_for(driver, clock) -> None:
    realm = Realm(oauth_error(429, Retry_After="7"), None)
    client = tokens.client(driver, realm)
    clock.set(client)
    tokens.recognize(driver, client)
    assert clock.sleeps == [7.0]


def test_all_who_waited_get_the_failure_of_one_request() -> None:
    realm = Realm(oauth_error(401))

    async def main():
        async with AsyncOcrClient(credentials=tokens.credentials(), transport=realm) as ocr:
            return await asyncio.gather(
                *[ocr.recognize(PNG) for _ in range(50)], return_exceptions=True
            )

    errors = asyncio.run(main())
    assert {type(error) for error in errors} == {AuthenticationError}
    assert len({id(error) for error in errors}) == 50
    assert realm.counts == (1, 0)


GOOD = {"access_token": "access-token-number-1", "token_type": "Bearer", "expires_in": 86400}


@pytest.mark.parametrize(
    "reply",
    [
        Answer(b"<html>Welcome</html>", headers={"Content-Type": "text/html"}),
        Answer(b""),
        Answer(b"[" * 100_000),
        Answer(b"", status=204),
        Answer(b"", status=302),
        answer([GOOD]),
        *(
            answer({**GOOD, **wrong})
            for wrong in (
                {"access_token": None},
                {"access_token": ""},
                {"access_token": "two words"},
                {"access_token": "line\r\nX-Injected: 1"},
                {"access_token": "토큰"},
                {"access_token": ["access-token-number-1"]},
                {"token_type": "mac"},
                {"token_type": None},
                {"expires_in": "soon"},
                {"expires_in": -1},
                {"expires_in": True},
                {"expires_in": 1e300},
                {"expires_in": [1]},
            )
        ),
        Answer(b'{"access_token":"access-token-number-1","token_type":"Bearer","expires_in":NaN}'),
    ],
)
def test_another_reply_is_no_token(driver, reply) -> None:
    realm = Realm(reply)
    error = give_up(driver, tokens.client(driver, realm))
    assert isinstance(error, UnexpectedResponseError)
    assert "access-token-number-1" not in repr((error.__dict__, str(error), error.raw))
    assert realm.counts == (1, 0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
TOKEN_LIKE = st.fixed_dictionaries(
    {}, optional={"access_token": JSON, "token_type": JSON | st.just("Bearer"), "expires_in": JSON}
)


@given(
    body=st.binary() | TOKEN_LIKE.map(lambda value: json.dumps(value).encode()),
    status=st.sampled_from([200, 201, 204, 302, 400, 401, 429, 500, 599]),
)
def test_whatever_the_endpoint_sends_ends_in_a_result_or_an_error_of_the_tree(
    sync, body, status
) -> None:
    realm = Realm(Answer(body, status))
    client = tokens.client(sync, realm, retry=ONCE)
    try:
        tokens.recognize(sync, client)
    except OcrError:
        assert len(realm.token_requests) in (1, 2)  # a token that the service does not know


@pytest.mark.parametrize("reply", [{**GOOD, "token_type": "bearer"}, {**GOOD, "more": 1}])
def test_what_rfc_6749_allows_besides_is_taken(driver, reply) -> None:
    realm = Realm(answer(reply))
    realm.valid.add("access-token-number-1")
    tokens.recognize(driver, tokens.client(driver, realm))


def test_without_a_life_a_token_is_used_until_it_is_refused(driver, now) -> None:
    realm = Realm(answer({key: GOOD[key] for key in ("access_token", "token_type")}))
    realm.valid.add("access-token-number-1")
    client = tokens.client(driver, realm)
    tokens.recognize(driver, client)
    now.elapsed = 1e9
    tokens.recognize(driver, client)
    assert realm.counts == (1, 2)


# --- construction ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["http://oauth.example/create", "oauth.example", "ftp://a/b", 3, ""]
)
def test_a_token_url_must_be_safe(url) -> None:
    with pytest.raises(ValueError, match="token_url"):
        AccessToken(APP_KEY, **ACCESS_KEY, token_url=url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/a", "http://localhost/a", "http://[::1]/a"])
def test_plain_http_goes_to_loopback(url) -> None:
    AccessToken(APP_KEY, **ACCESS_KEY, token_url=url)


def test_it_is_neither_shown_nor_pickled() -> None:
    shared = tokens.credentials()
    assert repr(shared) == "AccessToken(***)"
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(shared)
