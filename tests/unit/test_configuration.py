"""Keys, base URL and options: checked when the client is made, with a message that says what to
do.
"""

import io
from urllib.parse import unquote

import httpx
import pytest
from nhncloud_ocr import ConfigurationError, NoTextFoundError, OcrResult
from unit.support import KEYS, PNG, Answer, Service, refusal, success

NAMES = ("app_key", "secret_key")


def refused(driver, **options):
    with pytest.raises(ConfigurationError) as caught:
        driver.client(Service(), **options)
    assert isinstance(caught.value, ValueError)
    return str(caught.value)


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_key_says_how_to_give_it(driver, name) -> None:
    said = refused(driver, **{name: None})
    assert f"{name}=" in said
    assert f"NHNCLOUD_OCR_{name.upper()}" in said


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("empty", ["", " ", "\t", "\n"])
def test_an_empty_key(driver, name, empty) -> None:
    assert name in refused(driver, **{name: empty})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "bad", ["{}\n", "{}\r\nX-Injected: 1", "\n{}", "{}\x00", "{}\x7f", "\x1b{}", "{} ", " {}"]
)
def test_control_characters_and_blanks_are_refused_and_not_shown(driver, name, bad) -> None:
    key = "sesame-0123456789"
    said = refused(driver, **{name: bad.format(key)})
    assert name in said
    assert key not in said


@pytest.mark.parametrize("bad", ["..", "."])
def test_an_app_key_cannot_climb_the_path(driver, bad) -> None:
    assert "app_key" in refused(driver, app_key=bad)


def test_a_secret_key_that_no_header_can_carry(driver) -> None:
    assert "secret_key" in refused(driver, secret_key="비밀-0123456789")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wrong", [3, b"bytes", ["key"], object()])
def test_only_strings_and_callables_are_keys(driver, name, wrong) -> None:
    assert name in refused(driver, **{name: wrong})


@pytest.mark.parametrize(
    "key", ["a/b", "a?b=c", "a#b", "../general", "a%2Fb", "한글", "a b", "a;b", "{appKey}"]
)
def test_an_app_key_stays_one_segment_of_the_path(driver, key) -> None:
    service = Service()
    driver.recognize(driver.client(service, app_key=key), PNG)
    path = service.requests[0].url.raw_path.decode()
    assert path.startswith("/v1.0/appkeys/")
    assert path.endswith("/general")
    assert path.count("/") == 4
    assert not set("?#") & set(path)
    assert unquote(path.split("/")[3]) == key


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("returned", ["", None, "key\n", 3])
def test_what_a_callable_returns_is_checked_at_the_call(driver, name, returned) -> None:
    service = Service()
    client = driver.client(service, **{name: lambda: returned})
    with pytest.raises(ConfigurationError, match=name):
        driver.recognize(client, PNG)
    assert service.requests == []


def test_what_a_callable_raises_comes_out(driver) -> None:
    def broken():
        raise LookupError("the vault is closed")

    with pytest.raises(LookupError, match="vault"):
        driver.recognize(driver.client(Service(), secret_key=broken), PNG)


def test_callables_are_not_asked_before_the_first_call(driver) -> None:
    def unasked():
        raise AssertionError

    driver.client(Service(), app_key=unasked, secret_key=unasked)


def test_keys_and_url_come_from_the_environment(driver, monkeypatch) -> None:
    monkeypatch.setenv("NHNCLOUD_OCR_APP_KEY", "from-env-app")
    monkeypatch.setenv("NHNCLOUD_OCR_SECRET_KEY", "from-env-secret")
    monkeypatch.setenv("NHNCLOUD_OCR_BASE_URL", "https://ocr.api.nhncloudservice.com/")
    service = Service()
    driver.recognize(driver.client(service, app_key=None, secret_key=None), PNG)
    [request] = service.requests
    assert (
        str(request.url) == "https://ocr.api.nhncloudservice.com/v1.0/appkeys/from-env-app/general"
    )
    assert request.headers["Authorization"] == "from-env-secret"


def test_arguments_win_over_the_environment(driver, monkeypatch) -> None:
    for name in ("APP_KEY", "SECRET_KEY"):
        monkeypatch.setenv(f"NHNCLOUD_OCR_{name}", "from-env")
    monkeypatch.setenv("NHNCLOUD_OCR_BASE_URL", "https://from-env.example")
    service = Service()
    driver.recognize(driver.client(service, base_url="https://given.example"), PNG)
    [request] = service.requests
    assert request.url.host == "given.example"
    assert KEYS["app_key"] in request.url.path
    assert request.headers["Authorization"] == KEYS["secret_key"]


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_variable_is_no_key(driver, monkeypatch, name) -> None:
    monkeypatch.setenv(f"NHNCLOUD_OCR_{name.upper()}", "")
    assert name in refused(driver, **{name: None})


def test_an_empty_variable_is_no_base_url(driver, monkeypatch) -> None:
    monkeypatch.setenv("NHNCLOUD_OCR_BASE_URL", "")
    service = Service()
    driver.recognize(driver.client(service), PNG)
    assert service.requests[0].url.host == "api-ocr.nhncloudservice.com"


@pytest.mark.parametrize(
    ("base_url", "sent"),
    [
        ("https://example.com", "https://example.com/v1.0/"),
        ("https://example.com/", "https://example.com/v1.0/"),
        ("https://example.com:8443", "https://example.com:8443/v1.0/"),
        ("https://example.com/ocr/gateway/", "https://example.com/ocr/gateway/v1.0/"),
        ("http://127.0.0.1:9/", "http://127.0.0.1:9/v1.0/"),
        ("http://127.8.8.8:9/", "http://127.8.8.8:9/v1.0/"),
        ("http://localhost:9/", "http://localhost:9/v1.0/"),
        ("http://[::1]:9/", "http://[::1]:9/v1.0/"),
    ],
)
def test_base_urls_that_work(driver, base_url, sent) -> None:
    service = Service()
    driver.recognize(driver.client(service, base_url=base_url), PNG)
    assert str(service.requests[0].url) == f"{sent}appkeys/{KEYS['app_key']}/general"


@pytest.mark.parametrize(
    "base_url",
    [
        "http://example.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://192.168.0.1",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://[2001:db8::1]",
        "ftp://example.com",
        "example.com",
        "//example.com",
        "https://",
        "https:///path",
        "https://exa mple.com:port",
        "https://example.com:99999",
        "https://user:pw@example.com",
        "https://example.com?key=1",
        "https://example.com/#here",
        "https://[::1",
        "not a url",
        3,
        b"https://example.com",
    ],
)
def test_base_urls_that_do_not(driver, base_url) -> None:
    said = refused(driver, base_url=base_url)
    assert "base_url" in said
    assert "pw" not in said


def test_a_bad_base_url_in_the_environment_is_refused_too(driver, monkeypatch) -> None:
    monkeypatch.setenv("NHNCLOUD_OCR_BASE_URL", "http://example.com")
    assert "https" in refused(driver)


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf"), "10", (1, 2)])
def test_timeouts_are_positive_seconds(driver, bad) -> None:
    assert "timeout" in refused(driver, timeout=bad)
    service = Service()
    client = driver.client(service)
    with pytest.raises(ConfigurationError, match="timeout"):
        driver.recognize(client, PNG, timeout=bad)
    with pytest.raises(ConfigurationError, match="timeout"):
        client.with_options(timeout=bad)
    assert service.requests == []


def test_a_bad_timeout_of_a_call_leaves_the_file_unread(driver) -> None:
    file = io.BytesIO(PNG)
    with pytest.raises(ConfigurationError, match="timeout"):
        driver.recognize(driver.client(Service()), file, timeout=-1)
    assert file.tell() == 0


def waited(driver, *, call=None, **options):
    service = Service()
    driver.recognize(driver.client(service, **options), PNG, timeout=call)
    return service.requests[0].extensions["timeout"]


def test_the_default_read_timeout_is_above_the_services_own_60_s(driver) -> None:
    timeout = waited(driver)
    assert timeout["connect"] == 10
    assert timeout["read"] == 75


def test_timeouts_per_client_and_per_call(driver) -> None:
    everywhere = dict.fromkeys(("connect", "read", "write", "pool"), 3.0)
    assert waited(driver, timeout=3) == everywhere
    assert waited(driver, timeout=100, call=3) == everywhere
    assert waited(driver, call=httpx.Timeout(3)) == everywhere


def test_an_httpx_timeout_is_taken_whole(driver) -> None:
    timeout = httpx.Timeout(None, connect=1.5, read=90)
    assert waited(driver, timeout=timeout) == {
        "connect": 1.5,
        "read": 90,
        "write": None,
        "pool": None,
    }


def test_a_calls_timeout_is_that_calls_alone(driver) -> None:
    service = Service()
    client = driver.client(service, timeout=20)
    driver.recognize(client, PNG, timeout=3, cropping=True)
    driver.recognize(client, PNG)
    assert [request.extensions["timeout"]["read"] for request in service.requests] == [3, 20]


@pytest.mark.parametrize("bad", ["ignore", None, True, ""])
def test_on_no_text_is_one_of_two_words(driver, bad) -> None:
    assert "on_no_text" in refused(driver, on_no_text=bad)


def test_on_no_text_raises_by_default(driver) -> None:
    assert type(driver.failure(refusal(4000501))) is NoTextFoundError


@pytest.mark.parametrize("cropping", [False, True])
def test_on_no_text_empty_gives_a_page_without_lines(driver, cropping) -> None:
    nothing = refusal(4000501)
    result = driver.read(nothing, cropping=cropping, on_no_text="empty")
    assert type(result) is OcrResult
    assert (result.lines, result.words, result.text, result.boxes) == ((), (), "", ())
    assert (result.raw, result.attempts) == (nothing.body, 1)


def test_on_no_text_empty_hides_no_other_failure(driver) -> None:
    client = driver.client(Service(refusal(4000502)), on_no_text="empty")
    assert driver.give_up(client).result_code == 4000502


def test_on_no_text_empty_counts_attempts(trying, driver) -> None:
    client, _ = trying(Answer(b"", 503), refusal(4000501), on_no_text="empty")
    assert driver.recognize(client, PNG).attempts == 2


def test_a_success_without_words_is_no_failure(driver) -> None:
    assert driver.read(success(texts=[], boxes=[])).lines == ()


@pytest.mark.parametrize(
    "proxy", ["gopher://proxy:70", "no url at all", "http://user:hunter2@[::1", "://hunter2@x"]
)
def test_a_proxy_that_makes_no_sense_is_refused_without_showing_its_password(driver, proxy) -> None:
    with pytest.raises(ConfigurationError) as caught:
        driver.kind(**KEYS, proxy=proxy)
    assert "proxy" in str(caught.value)
    assert "hunter2" not in repr(caught.value)
