"""The life of a client: options, sharing, closing, threads and event loops, for both kinds."""

import asyncio
import gc
import inspect
import pickle
import threading
import weakref

import httpx
import pytest
from nhncloud_ocr import AsyncOcrClient, ConfigurationError, OcrClient, OcrError, RetryPolicy
from unit.support import KEYS, PNG, Answer, Service, refusal, success


class Below(httpx.MockTransport):
    """A transport that counts how often it is closed."""

    closed = 0

    def close(self):
        self.closed += 1

    async def aclose(self):
        self.closed += 1


@pytest.fixture
def below():
    return Below(Service())


@pytest.fixture
def client(driver, below):
    return driver.kind(**KEYS, transport=below)


def test_closing_closes_the_transport_and_twice_is_fine(driver, client, below) -> None:
    driver.recognize(client, PNG)
    driver.close(client)
    assert below.closed >= 1
    driver.close(client)


def test_closing_twice_at_once_is_fine() -> None:
    class Slow(Below):
        async def aclose(self):
            await asyncio.sleep(0)
            self.closed += 1

    async def work():
        client = AsyncOcrClient(**KEYS, transport=Slow(Service()))
        await client.recognize(PNG)
        await asyncio.gather(client.aclose(), client.aclose())

    asyncio.run(work())


def test_closing_that_failed_can_be_repeated() -> None:
    class Failing(Below):
        async def aclose(self):
            await super().aclose()
            if self.closed == 1:
                raise OSError("cut")

    async def work():
        below = Failing(Service())
        client = AsyncOcrClient(**KEYS, transport=below)
        await client.recognize(PNG)
        with pytest.raises(OSError, match="cut"):
            await client.aclose()
        await client.aclose()
        return below.closed

    assert asyncio.run(work()) == 2


def test_closing_before_any_call_is_fine(driver, client, below) -> None:
    driver.close(client)
    assert below.closed >= 1


def test_a_closed_client_says_so(driver, client) -> None:
    driver.close(client)
    with pytest.raises(Exception, match=r"(?i)closed") as caught:
        driver.recognize(client, PNG)
    assert isinstance(caught.value, (OcrError, RuntimeError))


def test_a_context_closes_the_client(driver, client, below) -> None:
    if driver.kind is OcrClient:
        with client as inside:
            inside.recognize(PNG)
    else:

        async def use():
            async with client as inside:
                await inside.recognize(PNG)

        driver.run(use())
    assert below.closed >= 1


def test_closing_a_clone_does_not_close_the_original(driver, client, below) -> None:
    clone = client.with_options(timeout=3)
    driver.recognize(clone, PNG)
    driver.close(clone)
    assert below.closed == 0
    assert driver.recognize(client, PNG).text == "stella"


def test_a_clone_has_the_other_options_and_the_original_keeps_its_own(driver) -> None:
    service = Service(refusal(4000501))
    client = driver.client(service, timeout=20)
    clone = client.with_options(
        app_key="another-app-key",
        secret_key="another-secret",
        timeout=3,
        retry=RetryPolicy(attempts=1),
    ).with_options(on_no_text="empty")
    assert type(clone) is driver.kind
    assert driver.recognize(clone, PNG).lines == ()
    assert driver.give_up(client).result_code == 4000501
    first, second = service.requests
    assert "another-app-key" in first.url.path
    assert first.headers["Authorization"] == "another-secret"
    assert first.extensions["timeout"]["read"] == 3
    assert KEYS["app_key"] in second.url.path
    assert second.headers["Authorization"] == KEYS["secret_key"]
    assert second.extensions["timeout"]["read"] == 20


@pytest.mark.parametrize(
    "wrong",
    [{"app_key": ""}, {"secret_key": "x\n"}, {"timeout": -1}, {"retry": 3}, {"on_no_text": "what"}],
    ids=str,
)
def test_options_are_checked_again(client, wrong) -> None:
    with pytest.raises(ConfigurationError):
        client.with_options(**wrong)


def test_a_clone_keeps_the_clock(driver, trying, clock) -> None:
    client, _ = trying(Answer(b"", 503), success())
    driver.recognize(client.with_options(timeout=3), PNG)
    assert len(clock.sleeps) == 1


def test_a_repr_shows_where_and_not_who(driver, client) -> None:
    shown = repr(client)
    assert driver.kind.__name__ in shown
    assert "https://api-ocr.nhncloudservice.com" in shown
    assert not [key for key in KEYS.values() if key in shown]


def test_a_client_with_keys_is_not_pickled(client) -> None:
    with pytest.raises(TypeError):
        pickle.dumps(client)


def test_one_client_serves_many_threads() -> None:
    client = OcrClient(**KEYS, transport=httpx.MockTransport(Service()))
    found = []

    def work():
        found.extend(client.recognize(PNG).text for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["stella"] * 160


def test_one_async_client_serves_many_tasks(driver) -> None:
    client = AsyncOcrClient(**KEYS, transport=httpx.MockTransport(Service()))

    async def work():
        return await asyncio.gather(*(client.recognize(PNG) for _ in range(200)))

    assert [result.text for result in asyncio.run(work())] == ["stella"] * 200


def test_an_async_client_that_nobody_uses_any_more_goes_before_its_loop() -> None:
    async def work():
        client = AsyncOcrClient(**KEYS, transport=httpx.MockTransport(Service()))
        await client.recognize(PNG)
        gone = weakref.ref(client)
        del client
        gc.collect()
        return gone() is None

    assert asyncio.run(work())


def test_an_async_client_works_in_one_event_loop_after_another() -> None:
    client = AsyncOcrClient(**KEYS, transport=httpx.MockTransport(Service()))
    for _ in range(3):
        assert asyncio.run(client.recognize(PNG)).text == "stella"
    asyncio.run(client.aclose())


def signature(method):
    return [(p.name, p.kind, p.default) for p in inspect.signature(method).parameters.values()]


COMMON = ["__init__", "recognize", "recognize_cropping", "with_options", "__repr__"]


@pytest.mark.parametrize("name", COMMON)
def test_the_two_clients_are_called_alike(name) -> None:
    assert signature(getattr(OcrClient, name)) == signature(getattr(AsyncOcrClient, name))


def public(kind):
    return {name for name in dir(kind) if not name.startswith("_")}


def test_the_two_clients_offer_the_same() -> None:
    assert public(OcrClient) - {"close"} == public(AsyncOcrClient) - {"aclose"}


def test_the_documented_signature() -> None:
    for method in (OcrClient.recognize, OcrClient.recognize_cropping):
        _, image, *more = inspect.signature(method).parameters.values()
        assert (image.name, image.default) == ("image", None)
        assert [(each.name, each.default) for each in more] == [
            ("image_url", None),
            ("timeout", None),
            ("total_timeout", None),
        ]
        assert {each.kind for each in more} == {inspect.Parameter.KEYWORD_ONLY}
    options = {
        **dict.fromkeys(
            ("app_key", "secret_key", "credentials", "base_url", "timeout", "total_timeout")
        ),
        **{"retry": RetryPolicy(), "precheck": True, "on_no_text": "raise"},
        **{"proxy": None, "verify": True, "transport": None},
        **{"max_per_second": None, "observers": ()},
    }
    parameters = inspect.signature(OcrClient).parameters.values()
    assert {each.name: each.default for each in parameters} == options
    assert [each.name for each in parameters if each.kind is not each.KEYWORD_ONLY] == [
        "app_key",
        "secret_key",
    ]


def test_both_clients_say_the_same_of_the_same_reply() -> None:
    for reply in (success(), refusal(4010001), Answer(b"<html>"), Answer(b"", 503)):
        told = []
        for kind in (OcrClient, AsyncOcrClient):
            client = kind(
                **KEYS, transport=httpx.MockTransport(Service(reply)), retry=RetryPolicy(attempts=1)
            )
            try:
                returned = client.recognize(PNG)
                result = asyncio.run(returned) if inspect.iscoroutine(returned) else returned
                told.append(result.to_dict())
            except OcrError as error:
                told.append((type(error), str(error)))
        assert told[0] == told[1]
