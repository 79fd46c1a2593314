"""Whatever the keys hold, they arrive as one path segment and one header, or are refused here."""

from urllib.parse import unquote

import httpx
import pytest
from e2e.both_clients import both, recognize
from e2e.raw_server import HEAD_END, OK, RawServer
from hypothesis import given, strategies as st
from nhncloud_ocr import ConfigurationError, OcrClient
from unit.support import PNG, page

SECRET = "a-secret-key-of-32-characters-...."
APP_KEYS = [
    *(
        "a/b",
        "/",
        "a/../../other",
        "..%2f..",
        "a?b=c",
        "a#b",
        "%2e%2e",
        "100%",
        "a b",
        "앱키",
        "a;b",
        "a\\b",
        "...",
    ),
    *(
        "x/general?y=",
        "a HTTP/1.1",
        "@evil.example",
        "//evil.example/",
        "hidden-app-key",
        "https://evil.example",
    ),
]
CONTROL = ["\n", "\r\n", "\t", "\0", "\x1b", "\x7f", "\x85", "\u2028", "\ud800"]


def sent(kind, app_key, secret_key=SECRET):
    """Request line and headers of one call, as they came over the wire."""
    heads = []

    def script(connection):
        heads.append(connection.read_request().split(HEAD_END)[0])
        connection.send(OK)

    with RawServer(script) as server:
        recognize(kind, app_key=app_key, secret_key=secret_key, base_url=f"{server.url}/base")
    first, *headers = heads[0].split(b"\r\n")
    return first, [tuple(header.split(b": ", 1)) for header in headers]


@both
@pytest.mark.parametrize("app_key", APP_KEYS)
def test_an_app_key_is_one_segment_of_the_path(kind, app_key) -> None:
    request_line, headers = sent(kind, app_key)
    method, target, version = request_line.split(b" ")
    assert (method, version) == (b"POST", b"HTTP/1.1")
    before, base, api, literal, segment, operation = target.decode("ascii").split("/")
    assert (before, base, api, literal, operation) == ("", "base", "v1.0", "appkeys", "general")
    assert unquote(segment) == app_key
    assert not set(segment) & set("?#\\;@:")
    assert [value.split(b":")[0] for name, value in headers if name.lower() == b"host"] == [
        b"127.0.0.1"
    ]


@both
@pytest.mark.parametrize(
    "secret_key", ["a: b", "Bearer x", 'quo"ted', "a,b;c", "%0d%0aX-Evil: 1", "\\r\\nX-Evil: 1"]
)
def test_a_secret_key_is_the_value_of_one_header(kind, secret_key) -> None:
    _, headers = sent(kind, "an-app-key-of-16", secret_key)
    assert [value for name, value in headers if name.lower() == b"authorization"] == [
        secret_key.encode()
    ]
    assert b"X-Evil" not in [name for name, _ in headers]


@both
@pytest.mark.parametrize("character", CONTROL, ids=ascii)
@pytest.mark.parametrize("which", ["app_key", "secret_key"])
@pytest.mark.parametrize(
    "given_as", [lambda key: key, lambda key: lambda: key], ids=["string", "callable"]
)
def test_a_key_with_a_control_character_is_refused_before_anything_is_sent(
    kind, character, which, given_as
) -> None:
    keys = {
        "app_key": "an-app-key",
        "secret_key": SECRET,
        which: given_as(f"a{character}X-Evil: 1"),
    }
    with (
        RawServer(lambda connection: connection.hold()) as server,
        pytest.raises(ConfigurationError, match=which),
    ):
        recognize(kind, **keys, base_url=server.url)
    assert server.connections == 0


@both
@pytest.mark.parametrize("app_key", [".", "..", " a", "a ", "", " "])
def test_an_app_key_that_a_path_would_lose_is_refused(kind, app_key) -> None:
    with pytest.raises(ConfigurationError, match="app_key"):
        recognize(kind, app_key=app_key, secret_key=SECRET)


@given(app_key=st.text(min_size=1, max_size=40), secret_key=st.text(min_size=1, max_size=40))
def test_any_two_keys_arrive_whole_or_are_refused(app_key, secret_key) -> None:
    requests = []

    def service(request):
        requests.append(request)
        return httpx.Response(200, json=page())

    try:
        with OcrClient(app_key, secret_key, transport=httpx.MockTransport(service)) as ocr:
            ocr.recognize(PNG)
    except ConfigurationError:
        assert not requests
        return
    [request] = requests
    segments = request.url.raw_path.split(b"/")
    assert len(segments) == 5
    assert unquote(segments[3].decode("ascii")) == app_key
    assert [value for name, value in request.headers.raw if name.lower() == b"authorization"] == [
        secret_key.encode()
    ]
    assert request.url.host == "api-ocr.nhncloudservice.com"
