"""Every exception of httpx becomes an error of the tree, which tells whether trying again may
cost.
"""

import httpx
import pytest
from nhncloud_ocr import (
    ConfigurationError,
    OcrConnectionError,
    OcrError,
    OcrTimeoutError,
    UnexpectedResponseError,
)
from nhncloud_ocr._http.failures import failure
from unit.support import KEYS, ONCE, PNG, Service

REQUEST = httpx.Request("POST", "http://127.0.0.1/")
NOT_SENT = {
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
}


def exceptions_of_httpx():
    found = {
        each
        for each in vars(httpx).values()
        if isinstance(each, type) and issubclass(each, Exception)
    }
    return sorted(found, key=lambda each: each.__name__)


def make(kind):
    if issubclass(kind, httpx.HTTPStatusError):
        return kind("told", request=REQUEST, response=httpx.Response(500, request=REQUEST))
    try:
        return kind("told")
    except TypeError:  # StreamConsumed and its like have a text of their own
        return kind()


@pytest.mark.parametrize("kind", exceptions_of_httpx())
def test_every_exception_class_of_httpx_is_mapped(driver, kind) -> None:
    assert isinstance(failure(make(kind)), OcrError)
    error = driver.failure(make(kind))
    assert isinstance(error, OcrError)
    assert str(error)


@pytest.mark.parametrize(
    "kind", [k for k in exceptions_of_httpx() if issubclass(k, httpx.TransportError)]
)
def test_transport_errors_through_both_clients(driver, kind) -> None:
    error = driver.failure(make(kind))
    assert isinstance(
        error, OcrTimeoutError if issubclass(kind, httpx.TimeoutException) else OcrConnectionError
    )
    assert error.maybe_billed is (kind not in NOT_SENT)
    assert isinstance(
        error, TimeoutError if issubclass(kind, httpx.TimeoutException) else ConnectionError
    )
    assert kind.__name__ in str(error)
    assert "told" in str(error)
    assert type(error.__cause__) is kind
    assert error.__cause__.request.method == "POST"
    assert KEYS["app_key"] not in str(error.__cause__.request.url)
    assert error.attempts == 1


@pytest.mark.parametrize("kind", [httpx.DecodingError, httpx.TooManyRedirects])
def test_a_reply_that_cannot_be_read_is_unexpected(driver, kind) -> None:
    assert type(driver.failure(kind("told"))) is UnexpectedResponseError


def test_an_invalid_url_is_a_matter_of_configuration(driver) -> None:
    assert type(driver.failure(httpx.InvalidURL("told"))) is ConfigurationError


@pytest.mark.parametrize("kind", [ConnectionResetError, BrokenPipeError, OSError, TimeoutError])
def test_an_oserror_of_an_injected_transport_is_a_lost_reply(driver, kind) -> None:
    error = driver.failure(kind("told"))
    assert type(error) is (OcrTimeoutError if kind is TimeoutError else OcrConnectionError)
    assert error.maybe_billed


def test_an_oserror_is_told_as_it_tells_itself(driver) -> None:
    assert "(ConnectionRefusedError: [Errno 111] Connection refused)" in str(
        driver.failure(ConnectionRefusedError(111, "Connection refused"))
    )


class Own(Exception):
    """What no library raises."""


@pytest.mark.parametrize("kind", [Own, KeyError, AssertionError])
def test_a_bug_in_an_injected_transport_is_not_hidden(driver, kind) -> None:
    with pytest.raises(kind, match="told"):
        driver.failure(kind("told"))


def test_a_note_can_be_added_to_what_came_up(driver) -> None:
    noted = Own("told")
    noted.add_note("below")
    with pytest.raises(Own) as caught:
        driver.failure(noted)
    caught.value.add_note("above")


def test_a_subclass_of_an_httpx_exception_counts_as_its_parent(driver) -> None:
    class MyTimeout(httpx.ConnectTimeout):
        def __init__(self):
            super().__init__("told")

    error = driver.failure(MyTimeout())
    assert type(error) is OcrTimeoutError
    assert not error.maybe_billed


def test_a_body_that_ends_early_is_a_lost_reply(driver) -> None:
    class Broken(httpx.SyncByteStream, httpx.AsyncByteStream):
        def __iter__(self):
            yield b'{"header"'
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body"
            )

        async def __aiter__(self):
            for chunk in self:
                yield chunk

    client = driver.client(lambda request: httpx.Response(200, stream=Broken()), retry=ONCE)
    with pytest.raises(OcrConnectionError) as caught:
        driver.recognize(client, PNG)
    assert caught.value.maybe_billed


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_body_that_is_not_compressed_as_it_says_is_unexpected(driver, encoding) -> None:
    def handler(request):
        response = httpx.Response(200, content=b"not compressed at all")
        response.headers["Content-Encoding"] = encoding
        return response

    with pytest.raises(UnexpectedResponseError) as caught:
        driver.recognize(driver.client(handler, retry=ONCE), PNG)
    assert caught.value.raw == b"not compressed at all"


def test_a_compressed_reply_is_read(driver) -> None:
    import gzip

    good = Service().script[0].body

    def handler(request):
        assert "gzip" in request.headers["Accept-Encoding"]
        response = httpx.Response(200)
        response.stream, response.headers["Content-Encoding"] = (
            httpx.ByteStream(gzip.compress(good)),
            "gzip",
        )
        return response

    result = driver.recognize(driver.client(handler), PNG)
    assert (result.text, result.raw) == ("stella", good)
