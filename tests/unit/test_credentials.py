"""Which credentials a client has, keys that callables know, and kinds that people write."""

import asyncio
import functools
import inspect
import pickle
import threading

import httpx
import pytest
from nhncloud_ocr import (
    Access,
    AccessToken,
    AsyncOcrClient,
    AuthenticationError,
    ConfigurationError,
    Credentials,
    OcrClient,
    RetryPolicy,
    SecretKey,
)
from patience import PATIENCE
from unit import tokens
from unit.support import KEYS, ONCE, PNG, Driver, Service, refusal, success
from unit.tokens import ACCESS_KEY, APP_KEY, TOKEN_URL, Realm

V1_0 = {"APP_KEY": "from-env-app-key", "SECRET_KEY": "from-env-secret"}
V1_1 = {
    "APP_KEY": "from-env-app-key",
    "USER_ACCESS_KEY_ID": ACCESS_KEY["user_access_key_id"],
    "SECRET_ACCESS_KEY": ACCESS_KEY["secret_access_key"],
    "TOKEN_URL": TOKEN_URL,
}


@pytest.fixture
def environment(monkeypatch):
    def put(**names):
        for name, value in names.items():
            monkeypatch.setenv(f"NHNCLOUD_OCR_{name}", value)

    return put


def path_of_a_call(driver, transport, *keys, **options):
    client = driver.kind(*keys, transport=transport, **options)
    driver.recognize(client, PNG)
    return (transport.calls if isinstance(transport, Realm) else SEEN)[-1].url.path


SEEN: list[httpx.Request] = []


def secret_key_service():
    def handler(request):
        SEEN.append(request)
        return success().response()

    return httpx.MockTransport(handler)


# --- which ones --------------------------------------------------------------------------------


def test_two_keys_are_short_for_a_secret_key(driver) -> None:
    for given in ({}, {"credentials": SecretKey(**KEYS)}):
        keys = () if given else tuple(KEYS.values())
        path = path_of_a_call(driver, secret_key_service(), *keys, **given)
        assert path == f"/v1.0/appkeys/{KEYS['app_key']}/general"
        assert SEEN[-1].headers["Authorization"] == KEYS["secret_key"]
        assert "X-NHN-Authorization" not in SEEN[-1].headers


def test_the_environment_gives_an_access_token(driver, environment) -> None:
    environment(**V1_1)
    assert path_of_a_call(driver, Realm()).startswith("/v1.1/appkeys/from-env-app-key/")


def test_a_secret_key_in_the_environment_comes_first(driver, environment) -> None:
    environment(**V1_1, SECRET_KEY="from-env-secret")
    assert path_of_a_call(driver, secret_key_service()).startswith("/v1.0/")


def test_an_empty_secret_key_in_the_environment_is_none(driver, environment) -> None:
    environment(**V1_1, SECRET_KEY="")
    assert path_of_a_call(driver, Realm()).startswith("/v1.1/")


def test_given_keys_win_over_an_access_key_in_the_environment(driver, environment) -> None:
    environment(**V1_1)
    path = path_of_a_call(driver, secret_key_service(), *KEYS.values())
    assert path == f"/v1.0/appkeys/{KEYS['app_key']}/general"


def test_a_given_app_key_goes_with_the_access_key_of_the_environment(driver, environment) -> None:
    environment(**V1_1)
    path = path_of_a_call(driver, Realm(), "another-app-key-1")
    assert path == "/v1.1/appkeys/another-app-key-1/general"


def test_given_credentials_win_over_the_environment(driver, environment) -> None:
    environment(**V1_0)
    path = path_of_a_call(driver, Realm(), credentials=tokens.credentials())
    assert path == f"/v1.1/appkeys/{APP_KEY}/general"


@pytest.mark.parametrize("name", ["USER_ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "APP_KEY"])
def test_half_an_access_key_says_what_is_missing(driver, environment, name) -> None:
    environment(**{key: value for key, value in V1_1.items() if key != name})
    with pytest.raises(ConfigurationError, match=f"NHNCLOUD_OCR_{name}"):
        driver.kind()


def test_a_bad_token_url_in_the_environment_is_refused(driver, environment) -> None:
    environment(**{**V1_1, "TOKEN_URL": "http://oauth.example"})
    with pytest.raises(ConfigurationError, match="token_url"):
        driver.kind()


@pytest.mark.parametrize("keys", [("an-app-key-of-16",), (None, "a-secret-key")])
def test_credentials_and_keys_do_not_go_together(driver, keys) -> None:
    with pytest.raises(ConfigurationError, match="not both"):
        driver.kind(*keys, credentials=tokens.credentials())
    client = driver.kind(credentials=tokens.credentials())
    with pytest.raises(ConfigurationError, match="not both"):
        client.with_options(
            credentials=tokens.credentials(),
            **dict(zip(("app_key", "secret_key"), keys, strict=False)),
        )


@pytest.mark.parametrize("wrong", ["a-key", ("app", "secret"), SecretKey, object(), 3])
def test_what_is_no_credentials_is_refused(driver, wrong) -> None:
    with pytest.raises(ConfigurationError, match="credentials must be"):
        driver.kind(credentials=wrong)


def test_a_copy_may_have_others(driver) -> None:
    realm = Realm()
    client = driver.kind(*KEYS.values(), transport=realm)
    copy = client.with_options(credentials=tokens.credentials())
    driver.recognize(copy, PNG)
    assert realm.calls[-1].url.path.startswith("/v1.1/")
    back = copy.with_options(**KEYS)
    with pytest.raises(KeyError, match=r"(?i)x-nhn-authorization"):
        driver.recognize(back, PNG)  # the realm knows v1.1 alone
    assert realm.calls[-1].url.path.startswith("/v1.0/")


def test_a_copy_of_another_secret_key_needs_both_keys(driver) -> None:
    client = driver.kind(credentials=tokens.credentials())
    with pytest.raises(ConfigurationError, match="app_key"):
        client.with_options(secret_key="a-secret-key")


# --- keys that callables know ------------------------------------------------------------------


def test_keys_are_asked_before_each_attempt(driver) -> None:
    keys = iter(["one", "two", "three"])
    service = Service(refusal(5000503), success())
    client = driver.kind(
        lambda: f"app-{next(keys)}",
        KEYS["secret_key"],
        transport=httpx.MockTransport(service),
        retry=RetryPolicy(backoff=0),
    )
    driver.recognize(client, PNG)
    driver.recognize(client, PNG)
    assert [r.url.path.split("/")[3] for r in service.requests] == [
        "app-one",
        "app-two",
        "app-three",
    ]


class Asynchronously:
    """A callable object whose call is a coroutine function."""

    async def __call__(self):
        return await coroutine_function()


async def coroutine_function():
    await asyncio.sleep(0)
    return "a-secret-key-of-an-async-vault"


@pytest.mark.parametrize(
    "source",
    [
        coroutine_function,
        functools.partial(coroutine_function),
        lambda: coroutine_function(),
        Asynchronously(),
    ],
)
def test_coroutine_functions_are_awaited_by_the_async_client_alone(source) -> None:
    client = Driver(AsyncOcrClient)
    service = Service()
    client.recognize(client.client(service, secret_key=source), PNG)
    client.shut()
    assert service.requests[0].headers["Authorization"] == "a-secret-key-of-an-async-vault"
    with (
        OcrClient(KEYS["app_key"], source, transport=httpx.MockTransport(service)) as ocr,
        pytest.raises(ConfigurationError, match=r"secret_key.*AsyncOcrClient"),
    ):
        ocr.recognize(PNG)


@pytest.mark.parametrize(
    "name", ["app_key", "user_access_key_id", "secret_access_key", "secret_key"]
)
def test_no_callable_runs_in_the_event_loop(name) -> None:
    asked = []

    def source():
        asked.append(threading.get_ident())
        return "a-key-that-a-callable-knows"

    async def main():
        loop_thread = threading.get_ident()
        if name == "secret_key":
            given = SecretKey(KEYS["app_key"], source)
            transport = secret_key_service()
        else:
            keys = {"app_key": APP_KEY, **ACCESS_KEY, name: source}
            given, transport = AccessToken(**keys, token_url=TOKEN_URL), Realm()
        async with AsyncOcrClient(credentials=given, transport=transport) as ocr:
            await ocr.recognize(PNG)
        return loop_thread

    assert asyncio.run(main()) not in asked
    assert len(asked) == 1


def test_a_callable_that_waits_does_not_hold_up_the_event_loop() -> None:
    let_go = threading.Event()

    def slow():
        assert let_go.wait(PATIENCE)
        return "a-secret-key-of-32-characters-...."

    async def main():
        transport = secret_key_service()
        async with AsyncOcrClient(KEYS["app_key"], slow, transport=transport) as ocr:
            call = asyncio.create_task(ocr.recognize(PNG))
            for _ in range(3):
                await asyncio.sleep(0)
            let_go.set()  # which a loop that waits would never reach
            await call

    asyncio.run(main())


def test_what_the_callable_of_an_access_key_raises_comes_out(driver) -> None:
    def broken():
        raise LookupError("the vault is closed")

    client = driver.kind(
        credentials=tokens.credentials(secret_access_key=broken), transport=Realm()
    )
    with pytest.raises(LookupError, match="vault"):
        driver.recognize(client, PNG)


@pytest.mark.parametrize("name", ["user_access_key_id", "secret_access_key"])
@pytest.mark.parametrize("wrong", ["", " ", "a\n", None, 3])
def test_a_wrong_part_of_an_access_key_is_named(name, wrong) -> None:
    with pytest.raises(ConfigurationError, match=name) as caught:
        AccessToken(APP_KEY, **{**ACCESS_KEY, name: wrong})
    assert "access-key" not in str(caught.value)


def test_an_id_with_a_colon_could_not_be_told_from_the_secret() -> None:
    with pytest.raises(ConfigurationError, match="colon"):
        AccessToken(APP_KEY, "an:id", "a-secret")


# --- kinds of one's own ------------------------------------------------------------------------


class Vault(Credentials):
    """Its token comes from somewhere else, by the client's own connections."""

    def __init__(self):
        self.token = None
        self.threads = []

    def access(self, send):
        self.threads.append(threading.get_ident())
        if self.token is None:
            request = httpx.Request(
                "GET", "https://vault.example/token", headers={"X-Key": "k" * 20}
            )
            self.token = send(request).json()["token"]
        return Access("v1.1", APP_KEY, {"X-NHN-Authorization": f"Bearer {self.token}"})

    def refused(self, access, error):
        self.token = None
        return True


def vault_transport(issued, good):
    def handler(request):
        if request.url.host == "vault.example":
            assert request.headers["X-Key"] == "k" * 20
            issued.append(f"token-of-the-vault-{len(issued)}")
            return httpx.Response(200, json={"token": issued[-1]})
        token = request.headers["X-NHN-Authorization"].removeprefix("Bearer ")
        return (success() if token == good else refusal(4010006)).response()

    return httpx.MockTransport(handler)


def test_a_kind_of_ones_own_serves_both_clients(driver) -> None:
    issued = []
    vault = Vault()
    transport = vault_transport(issued, "token-of-the-vault-1")
    client = driver.kind(credentials=vault, transport=transport, retry=ONCE)
    assert driver.recognize(client, PNG).attempts == 2
    assert len(issued) == 2
    if driver.kind is AsyncOcrClient:
        assert threading.get_ident() not in vault.threads
    error = driver.give_up(
        driver.kind(credentials=Vault(), transport=vault_transport([], ""), retry=ONCE), PNG
    )
    assert isinstance(error, AuthenticationError)
    assert error.attempts == 2


def test_a_version_that_nobody_knows_is_refused_before_anything_is_sent(driver) -> None:
    class Future(Credentials):
        def access(self, send):
            return Access("v9.9", APP_KEY, {})

    service = Service()
    client = driver.kind(credentials=Future(), transport=httpx.MockTransport(service))
    with pytest.raises(ConfigurationError, match=r"v1\.0, v1\.1"):
        driver.recognize(client, PNG)
    assert service.requests == []


def test_nothing_of_it_is_shown_or_pickled() -> None:
    access = Access("v1.0", APP_KEY, {"Authorization": "a-secret-key"})
    for each in (access, SecretKey(**KEYS), tokens.credentials()):
        assert repr(each).endswith("(***)")
        with pytest.raises(TypeError, match="not pickled"):
            pickle.dumps(each)


def test_the_documented_signatures() -> None:
    assert [*inspect.signature(SecretKey).parameters] == ["app_key", "secret_key"]
    parameters = inspect.signature(AccessToken).parameters
    assert [*parameters] == ["app_key", *ACCESS_KEY, "token_url"]
    assert parameters["token_url"].kind is inspect.Parameter.KEYWORD_ONLY
