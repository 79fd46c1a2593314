"""The tree of errors: how each is caught, kept, sent between processes, and what it says."""

import copy
import pickle
import subprocess
import sys

import httpx
import nhncloud_ocr
import pytest
from nhncloud_ocr import (
    ApiError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ImageRejectedError,
    InvalidImageError,
    NoTextFoundError,
    OcrConnectionError,
    OcrError,
    OcrTimeoutError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    TransportError,
    UnexpectedResponseError,
)
from unit.support import ONCE, Answer, Service, refusal

PARENTS = {
    OcrError: (Exception,),
    ConfigurationError: (OcrError, ValueError),
    InvalidImageError: (OcrError, ValueError),
    TransportError: (OcrError,),
    OcrConnectionError: (TransportError, ConnectionError),
    OcrTimeoutError: (TransportError, TimeoutError),
    UnexpectedResponseError: (OcrError,),
    ApiError: (OcrError,),
    AuthenticationError: (ApiError,),
    PermissionDeniedError: (ApiError,),
    BadRequestError: (ApiError,),
    ImageRejectedError: (ApiError,),
    NoTextFoundError: (ApiError,),
    RateLimitError: (ApiError,),
    ServerError: (ApiError,),
}
API_ERRORS = [kind for kind in PARENTS if issubclass(kind, ApiError)]


@pytest.mark.parametrize("kind", PARENTS)
def test_the_tree(kind) -> None:
    assert kind.__bases__ == PARENTS[kind]


def test_every_error_of_the_package_is_in_the_tree() -> None:
    public = {getattr(nhncloud_ocr, name) for name in nhncloud_ocr.__all__}
    assert {
        each for each in public if isinstance(each, type) and issubclass(each, OcrError)
    } == set(PARENTS)


@pytest.mark.parametrize("kind", PARENTS)
def test_the_module_that_defines_the_errors_draws_the_tree(kind) -> None:
    import nhncloud_ocr._errors

    assert kind.__name__ in nhncloud_ocr._errors.__doc__


def attributes(error):
    kept = {**vars(error), "snippet": getattr(error, "snippet", None), "args": error.args}
    kept.pop("__notes__", None)
    return kept


REPLIES = {
    "refused": refusal(4010001, message="Invalid appKey or secretKey."),
    "gateway": refusal(4291000, 429, Retry_After="7"),
    "page": Answer(b"<html>\xff", 502, {"Content-Type": "text/html"}),
    "not the envelope": Answer(b"<html>\xff", 200, {"Content-Type": "text/html"}),
    "no text": refusal(4000501),
    "unknown code": refusal(1234567, message="그런 코드는 없음"),
    "no connection": httpx.ConnectError("refused"),
    "no time": httpx.ReadTimeout("slow"),
    "reset": httpx.ReadError(""),
    "undecodable": httpx.DecodingError("gzip"),
}


@pytest.mark.parametrize(
    "copied", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy]
)
@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_errors_pickle_with_equal_text_and_attributes(driver, reply, copied) -> None:
    error = driver.failure(reply)
    again = copied(error)
    assert type(again) is type(error)
    assert (str(again), repr(again)) == (str(error), repr(error))
    assert attributes(again) == attributes(error)


def test_errors_raised_before_sending_pickle_too(driver) -> None:
    client = driver.client(Service())
    for arguments in ((b"",), (b"text",)):
        with pytest.raises(InvalidImageError) as caught:
            driver.recognize(client, *arguments)
        again = pickle.loads(pickle.dumps(caught.value))
        assert (type(again), str(again), again.attempts) == (
            InvalidImageError,
            str(caught.value),
            0,
        )
    with pytest.raises(ConfigurationError) as caught:
        driver.client(Service(), app_key="")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("kind", PARENTS)
def test_callers_can_make_errors_for_their_own_tests(kind) -> None:
    error = kind("made up")
    assert str(error) == "made up"
    assert error.attempts == 0
    assert str(pickle.loads(pickle.dumps(error))) == "made up"
    assert kind("made up", attempts=3).attempts == 3


@pytest.mark.parametrize(
    ("reply", "advice"),
    [
        (refusal(4010001), "secret key"),
        (refusal(4010005), "permission"),
        (refusal(4000001), "base URL"),
        (refusal(4000003), "JPEG or PNG"),
        (refusal(4000505), "recognize_cropping"),
        (refusal(4000501), "on_no_text"),
        (refusal(4291000), "limit"),
        (refusal(5005001), "later"),
        (Answer(b"", 404), "base URL"),
        (Answer(b"<html>"), "base URL"),
        (httpx.ConnectError("refused"), "emulator"),
        (httpx.ReadTimeout("slow"), "billed"),
    ],
    ids=repr,
)
def test_the_message_says_what_to_do(sync, reply, advice) -> None:
    error = sync.failure(reply)
    assert advice in str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize("kind", API_ERRORS)
def test_a_service_error_without_a_message_still_tells_its_numbers(sync, kind) -> None:
    codes = {
        ApiError: 7,
        AuthenticationError: 401,
        PermissionDeniedError: 403,
        BadRequestError: 400,
    }
    codes |= {
        ImageRejectedError: 4131000,
        NoTextFoundError: 4000501,
        RateLimitError: 4291001,
        ServerError: 500,
    }
    error = sync.failure(refusal(codes[kind], message=""))
    assert type(error) is kind
    assert f"{codes[kind]}" in str(error)
    assert "200" in str(error)


def test_attempts_count_from_none_sent(driver) -> None:
    with pytest.raises(InvalidImageError) as caught:
        driver.recognize(driver.client(Service(), retry=ONCE), b"")
    assert caught.value.attempts == 0
    assert driver.failure(refusal(-1)).attempts == 1


def test_the_chained_cause_of_a_transport_error_is_what_httpx_raised(driver) -> None:
    error = driver.failure(httpx.ReadTimeout("slow"))
    assert isinstance(error.__cause__, httpx.ReadTimeout)
    assert isinstance(error, TimeoutError)


@pytest.mark.parametrize("kind", PARENTS)
def test_a_misspelt_attribute_is_refused(kind) -> None:
    with pytest.raises(TypeError, match="htp_status"):
        kind("made up", htp_status=200)


def test_attributes_are_given_by_keyword_and_survive_pickling() -> None:
    given = {
        "http_status": 429,
        "result_code": 4291000,
        "result_message": "slow down",
        "retry_after": "7",
        "attempts": 2,
    }
    again = pickle.loads(pickle.dumps(RateLimitError("made up", **given)))
    assert {name: getattr(again, name) for name in given} == given
    again = pickle.loads(pickle.dumps(OcrTimeoutError("made up", maybe_billed=False)))
    assert again.maybe_billed is False


def test_what_to_do_is_told_without_docstrings_too() -> None:
    program = (
        "import httpx, nhncloud_ocr\n"
        "service = httpx.MockTransport(lambda request: httpx.Response(401))\n"
        "client = nhncloud_ocr.OcrClient('an-app-key', 'a-secret-key', transport=service)\n"
        "try:\n"
        "    client.recognize(image_url='https://example.com/a.png')\n"
        "except nhncloud_ocr.AuthenticationError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-OO", "-c", program],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "Check the app key" in done.stdout
