"""Keys that are wrong, and other mistakes of the caller."""

import os
import pickle
from urllib.parse import quote

import httpx
import pytest
from e2e.both_clients import both, recognize
from e2e.secrets.canary import ONCE, outcome
from nhncloud_ocr import ConfigurationError, OcrResult
from unit.support import PNG, page

ENVIRON = os.environ
SERVICE = httpx.MockTransport(lambda request: httpx.Response(200, json=page()))

MISCONFIGURED = {
    "line break in the app key": lambda kind: kind(app_key=ENVIRON["NHNCLOUD_OCR_APP_KEY"] + "\n"),
    "line break in the secret key": lambda kind: kind(
        secret_key=ENVIRON["NHNCLOUD_OCR_SECRET_KEY"] + "\r\nX: y"
    ),
    "Korean secret key": lambda kind: kind(secret_key=ENVIRON["NHNCLOUD_OCR_SECRET_KEY"] + "가"),
    "bytes for a key": lambda kind: kind(ENVIRON["NHNCLOUD_OCR_APP_KEY"].encode()),
    "a list for a key": lambda kind: kind(secret_key=[ENVIRON["NHNCLOUD_OCR_SECRET_KEY"]]),
    "both keys, one bad": lambda kind: kind(
        ENVIRON["NHNCLOUD_OCR_APP_KEY"] + "\0", ENVIRON["NHNCLOUD_OCR_SECRET_KEY"], retry=ONCE
    ),
    "http to a far host": lambda kind: kind(base_url="http://ocr.example.com"),
    "bad URL beside keys and a proxy": lambda kind: kind(
        ENVIRON["NHNCLOUD_OCR_APP_KEY"],
        ENVIRON["NHNCLOUD_OCR_SECRET_KEY"],
        base_url="http://ocr.example.com",
        proxy=f"http://user:{quote(ENVIRON['NHNCLOUD_OCR_SECRET_KEY'], safe='')}@proxy.example:1",
    ),
    "bad timeout beside keys": lambda kind: kind().with_options(
        app_key=ENVIRON["NHNCLOUD_OCR_APP_KEY"],
        secret_key=ENVIRON["NHNCLOUD_OCR_SECRET_KEY"],
        timeout=-1,
    ),
    "no timeout": lambda kind: kind(timeout=-1),
    "no policy": lambda kind: kind(retry=3),
    "no choice": lambda kind: kind(on_no_text="shrug"),
    "password of a proxy": lambda kind: kind(
        proxy=f"gopher://user:{quote(ENVIRON['NHNCLOUD_OCR_SECRET_KEY'], safe='')}@proxy.example:1"
    ),
    "proxy that is no URL": lambda kind: kind(
        proxy=f"http://user:{ENVIRON['NHNCLOUD_OCR_SECRET_KEY']}@proxy:port"
    ),
    "bad key of another client": lambda kind: kind().with_options(
        app_key=ENVIRON["NHNCLOUD_OCR_APP_KEY"] + "\t"
    ),
}


@both
@pytest.mark.parametrize("make", MISCONFIGURED.values(), ids=MISCONFIGURED.keys())
def test_no_bad_argument_is_repeated(kind, canary, make) -> None:
    got = outcome(make, kind)
    assert isinstance(got, ConfigurationError)
    assert canary.leaks(got) == []


CALLABLES = {
    "line break in the app key": {"app_key": lambda: ENVIRON["NHNCLOUD_OCR_APP_KEY"] + "\n"},
    "line break in the secret key": {
        "secret_key": lambda: ENVIRON["NHNCLOUD_OCR_SECRET_KEY"] + "\n"
    },
    "bytes for the app key": {"app_key": lambda: ENVIRON["NHNCLOUD_OCR_APP_KEY"].encode()},
    "bytes for the secret key": {"secret_key": lambda: ENVIRON["NHNCLOUD_OCR_SECRET_KEY"].encode()},
    "Korean secret key": {"secret_key": lambda: ENVIRON["NHNCLOUD_OCR_SECRET_KEY"] + "가"},
    "two keys": {
        "app_key": lambda: (ENVIRON["NHNCLOUD_OCR_APP_KEY"], ENVIRON["NHNCLOUD_OCR_SECRET_KEY"])
    },
}


@both
@pytest.mark.parametrize("keys_given", CALLABLES.values(), ids=CALLABLES.keys())
def test_no_bad_key_of_a_callable_is_repeated(kind, canary, keys_given) -> None:
    got = outcome(recognize, kind, **keys_given, transport=SERVICE)
    assert isinstance(got, ConfigurationError)
    assert canary.leaks(got) == []


@both
def test_a_client_shows_no_key_and_is_not_pickled(kind, canary) -> None:
    client = kind(lambda: ENVIRON["NHNCLOUD_OCR_APP_KEY"], retry=ONCE)
    assert canary.leaks(client, client.with_options(timeout=3), vars(client)) == []
    with pytest.raises(TypeError) as caught:
        pickle.dumps(client)
    assert canary.leaks(caught.value) == []


@both
def test_what_the_user_got_wrong_shows_no_key(kind, canary, tmp_path) -> None:
    for image in (
        "http://example.com/a.png",
        tmp_path / "missing.png",
        b"text",
        b"",
        17,
        None,
        PNG[:9],
    ):
        got = outcome(recognize, kind, image, transport=SERVICE)
        assert isinstance(got, (Exception, OcrResult))
        assert canary.leaks(got) == []
