"""The keys and the token of API v1.1, and what is sent for a token: shown nowhere."""

import base64
import json
import logging
import pickle

import httpx
import pytest
from e2e.both_clients import both, recognize
from e2e.raw_server import HEAD_END, RawServer, http
from e2e.secrets import canary as canaries
from e2e.secrets.canary import ONCE, outcome
from e2e.secrets.test_exceptions import FAILURES
from nhncloud_ocr import AccessToken, OcrClient, OcrError, RetryPolicy
from unit.support import envelope, page

TOKEN_PATH = "/oauth2/token/create"
KEYS = {
    "APP_KEY": "canaryapp7f3c9a51",
    "USER_ACCESS_KEY_ID": "canary-id7f3c9a51",
    "SECRET_ACCESS_KEY": "canary secret+key&e08b4d26",
}
TOKEN = "canary.token/7f3c9a51=="
BASIC = base64.b64encode(f"{KEYS['USER_ACCESS_KEY_ID']}:{KEYS['SECRET_ACCESS_KEY']}".encode())


@pytest.fixture
def keys(monkeypatch):
    monkeypatch.delenv("NHNCLOUD_OCR_SECRET_KEY", raising=False)
    monkeypatch.delenv("NHNCLOUD_OCR_BASE_URL", raising=False)
    for name, value in KEYS.items():
        monkeypatch.setenv(f"NHNCLOUD_OCR_{name}", value)
    monkeypatch.setattr(canaries, "SONGS", (*canaries.SONGS, BASIC.decode()[:24]))


def told(request):
    """All that a server knows of a request."""
    return json.dumps(
        [
            str(request.url),
            dict(request.headers),
            request.read().decode("latin-1"),
            *_decoded(request),
        ]
    )


def _decoded(request):
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    return [base64.b64decode(rest).decode()] if scheme == "Basic" else []


def token_reply(**more):
    return {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 86400, **more}


TOKEN_REPLIES = {
    "a token": lambda request: httpx.Response(200, json=token_reply()),
    "a token in a page": lambda request: httpx.Response(200, html=f"<pre>{token_reply()}</pre>"),
    "a token of another type": lambda request: httpx.Response(
        200, json=token_reply(token_type="mac")
    ),
    "a bad life": lambda request: httpx.Response(200, json=token_reply(expires_in=TOKEN)),
    "an echo": lambda request: httpx.Response(
        200, json=token_reply(access_token=None, x=told(request))
    ),
    "a refusal": lambda request: httpx.Response(
        401, json={"error": "invalid_client", "error_description": told(request)}
    ),
    "a refusal whose word is a key": lambda request: httpx.Response(
        400, json={"error": KEYS["USER_ACCESS_KEY_ID"], "error_description": told(request)}
    ),
    "a page": lambda request: httpx.Response(404, html=told(request)),
    "a failure": lambda request: httpx.Response(503, html=told(request)),
    "busy": lambda request: httpx.Response(429, headers={"Retry-After": told(request)}),
    "a redirect": lambda request: httpx.Response(302, headers={"Location": str(request.url)}),
}
CALL_REPLIES = {
    "success": lambda request: httpx.Response(200, json=page()),
    "refused token": lambda request: httpx.Response(200, json=envelope(4010006, told(request))),
    "refusal": lambda request: httpx.Response(200, json=envelope(4010007, told(request))),
    "page": lambda request: httpx.Response(502, html=told(request)),
    "page with 200": lambda request: httpx.Response(200, html=told(request)),
}


def service(for_token, for_call):
    def handler(request):
        return (for_token if request.url.path == TOKEN_PATH else for_call)(request)

    return httpx.MockTransport(handler)


@both
@pytest.mark.parametrize("name", TOKEN_REPLIES)
def test_replies_of_the_token_endpoint(kind, name, canary) -> None:
    transport = service(TOKEN_REPLIES[name], CALL_REPLIES["success"])
    came = outcome(recognize, kind, transport=transport, retry=ONCE)
    assert isinstance(came, OcrError) or name == "a token"
    assert canary.leaks(came) == []


@both
@pytest.mark.parametrize("name", CALL_REPLIES)
def test_replies_to_a_call(kind, name, canary) -> None:
    transport = service(TOKEN_REPLIES["a token"], CALL_REPLIES[name])
    assert canary.leaks(outcome(recognize, kind, transport=transport, retry=ONCE)) == []


@both
@pytest.mark.parametrize("failing", ["token", "call"])
@pytest.mark.parametrize("name", FAILURES)
def test_exceptions_of_the_transport(kind, name, failing, canary) -> None:
    raising = FAILURES[name]
    handlers = {"token": TOKEN_REPLIES["a token"], "call": CALL_REPLIES["success"]}

    def raises(request):
        # Those of v1.0 tell the header Authorization, which a call of v1.1 has not.
        request.headers.setdefault("Authorization", request.headers.get("X-NHN-Authorization", ""))
        return raising(request)

    handlers[failing] = raises
    transport = service(handlers["token"], handlers["call"])
    assert canary.leaks(outcome(recognize, kind, transport=transport, retry=ONCE)) == []


@both
def test_over_the_wire_no_log_has_them(kind, canary, monkeypatch) -> None:
    """Of httpcore neither, which logs the headers of replies, and of exceptions what they say."""

    def script(connection):
        head = connection.read_request()
        seen = head.split(HEAD_END)[0].decode("latin-1")
        path = seen.split()[1]
        header = "X-Seen: " + " ".join(seen.split("\r\n"))
        if path == TOKEN_PATH:
            connection.send(http(json.dumps(token_reply()).encode(), header))
        else:
            connection.send(http(json.dumps(page()).encode(), header))

    with RawServer(script) as server:
        monkeypatch.setenv("NHNCLOUD_OCR_TOKEN_URL", f"{server.url}{TOKEN_PATH}")
        came = outcome(recognize, kind, base_url=server.url, retry=ONCE)
    assert canary.leaks(came) == []


@both
@pytest.mark.parametrize("name", ["user_access_key_id", "secret_access_key"])
def test_a_key_that_cannot_be_one(kind, name, canary, monkeypatch) -> None:
    monkeypatch.setenv(f"NHNCLOUD_OCR_{name.upper()}", KEYS[name.upper()] + "\n")
    assert canary.leaks(outcome(kind)) == []


@both
def test_a_callable_that_fails_after_another_gave_its_key(kind, canary) -> None:
    def broken():
        raise LookupError("closed")

    given = AccessToken(KEYS["APP_KEY"], lambda: KEYS["USER_ACCESS_KEY_ID"], broken)
    transport = service(TOKEN_REPLIES["a token"], CALL_REPLIES["success"])
    came = outcome(recognize, kind, credentials=given, transport=transport)
    assert isinstance(came, LookupError)
    assert canary.leaks(came) == []


def test_what_holds_them_shows_none(canary) -> None:
    transport = service(TOKEN_REPLIES["a token"], CALL_REPLIES["success"])
    given = AccessToken(*KEYS.values())
    with OcrClient(credentials=given, transport=transport) as ocr:
        result = ocr.recognize(b"\x89PNG\r\n\x1a\n")
        held = [ocr, given, vars(given), vars(vars(given)["_source"]), vars(ocr), result]
        assert canary.leaks(*held) == []
        kept = [each for name, each in vars(given).items() if name != "token_url"]
        for each in (given, *kept):
            with pytest.raises(TypeError):
                pickle.dumps(each)


def test_the_log_of_a_token_request_tells_no_more_than_of_a_call(canary, caplog) -> None:
    transport = service(TOKEN_REPLIES["a failure"], CALL_REPLIES["success"])
    retry = RetryPolicy(backoff=0)
    outcome(recognize, OcrClient, transport=transport, retry=retry)
    ours = [record for record in caplog.records if record.name.startswith("nhncloud_ocr")]
    assert canary.leaks() == []
    assert all(record.levelno == logging.DEBUG for record in ours)
