"""The code table, row by row: what an answer of the service raises, and in which order it is looked
up.
"""

import json

import pytest
from nhncloud_ocr import (
    ApiError,
    AuthenticationError,
    BadRequestError,
    ImageRejectedError,
    NoTextFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    UnexpectedResponseError,
)
from nhncloud_ocr._codes import CODE_RANGES, CODES, PAIRS, STATUSES, verdict
from nhncloud_ocr._errors import Again
from unit.support import Answer, answer, envelope, page, refusal

# The design's words, against which the table is held.
DESIGN_CODES = {
    ServerError: [-1, 500, 5000503],
    BadRequestError: [400, 404, 405, 415, 4000001, 4000005, 4041007],
    AuthenticationError: [401, 4010001, 4010002, 4010004, 4010006],
    PermissionDeniedError: [403, 4010003, 4010005, 4010007, 4031007],
    ImageRejectedError: [4000002, 4000003, 4000004, 4000502, 4000503, 4000504, 4000505, 4131000],
    NoTextFoundError: [4000501],
    RateLimitError: [4000006, 4291000, 4291001],
}
DESIGN_RANGES = {
    BadRequestError: [4000000, 4000007, 4000500, 4009999],
    AuthenticationError: [4010000, 4010008, 4019999],
    PermissionDeniedError: [4030000, 4031006, 4039999],
    RateLimitError: [4290000, 4290999, 4299999],
    ServerError: [5000000, 5000001, 5000005, 5005001, 5005003, 5020001, 5999999],
    ApiError: [
        1,
        -2,
        7,
        200,
        402,
        429,
        502,
        503,
        3999999,
        4020000,
        4029999,
        4040000,
        4130999,
        4131001,
        4289999,
        2**63,
    ],
}
DESIGN_STATUSES = {
    AuthenticationError: [401],
    PermissionDeniedError: [403],
    ImageRejectedError: [413],
    RateLimitError: [429],
    BadRequestError: [400, 402, 404, 405, 408, 409, 415, 418, 422, 451, 499],
    ServerError: [500, 501, 502, 503, 504, 511, 520, 529, 599],
}
ALWAYS_RETRIED = {429, 503, 5000503, 4291000}


def rows(table):
    return [(number, kind) for kind, numbers in table.items() for number in numbers]


@pytest.mark.parametrize(("code", "kind"), rows(DESIGN_CODES) + rows(DESIGN_RANGES))
def test_codes_below_http_400(sync, code, kind) -> None:
    error = sync.failure(refusal(code, message="because"))
    assert type(error) is kind
    assert (error.http_status, error.result_code, error.result_message) == (200, code, "because")
    assert str(code) in str(error)


@pytest.mark.parametrize(("status", "kind"), rows(DESIGN_STATUSES))
def test_statuses_without_an_envelope(sync, status, kind) -> None:
    error = sync.failure(Answer(b"<html>no</html>", status, {"Content-Type": "text/html"}))
    assert type(error) is kind
    assert (error.http_status, error.result_code, error.result_message) == (status, None, "")
    assert str(status) in str(error)


@pytest.mark.parametrize(("status", "kind"), rows(DESIGN_STATUSES))
def test_from_400_on_the_status_decides_and_not_the_code(sync, status, kind) -> None:
    other = 5000001 if status < 500 else 4010001
    error = sync.failure(refusal(other, status))
    assert type(error) is kind
    assert (error.http_status, error.result_code) == (status, other)


@pytest.mark.parametrize(("status", "kind"), rows(DESIGN_STATUSES))
def test_from_400_on_a_success_in_the_body_is_no_success(sync, status, kind) -> None:
    error = sync.failure(answer(page(), status))
    assert type(error) is kind
    assert error.http_status == status


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [(400, 4000006, PermissionDeniedError), (429, 4291001, RateLimitError)],
)
def test_exact_pairs_come_first(sync, status, code, kind) -> None:
    assert type(sync.failure(refusal(code, status))) is kind
    assert verdict(status, code).again is Again.NO


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (
            400,
            4000003,
            BadRequestError,
        ),  # the gateway's "Invalid URI", in the service an invalid file type
        (400, 4000007, BadRequestError),
        (403, 4031007, PermissionDeniedError),
        (404, 4041007, BadRequestError),
        (413, 4131000, ImageRejectedError),
        (429, 4291000, RateLimitError),
        (502, 5020001, ServerError),
        (503, 5030001, ServerError),
        (504, 5040001, ServerError),
    ],
)
def test_the_gateways_documented_refusals(driver, status, code, kind) -> None:
    error = driver.failure(refusal(code, status))
    assert type(error) is kind
    assert error.result_code == code


@pytest.mark.parametrize("status", [200, 201, 226, 299])
def test_any_2xx_failure_is_looked_up_by_its_code(sync, status) -> None:
    assert type(sync.failure(refusal(4000501, status))) is NoTextFoundError


@pytest.mark.parametrize("result", [None, {}, {"fileType": "png"}, page()["result"]])
def test_a_failure_is_a_failure_whatever_result_comes_with_it(sync, result) -> None:
    assert type(sync.failure(answer(envelope(4000501, result=result)))) is NoTextFoundError


def test_an_envelope_that_contradicts_itself_has_no_code_from_400_on(sync) -> None:
    body = json.dumps(envelope(-1)).replace("-1", "0").encode()
    error = sync.failure(Answer(body, 401))
    assert type(error) is AuthenticationError
    assert error.result_code is None
    assert type(sync.failure(Answer(body))) is UnexpectedResponseError


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"\xff", b"{", b'{"header": 3}'])
def test_from_400_on_any_body_will_do(sync, body) -> None:
    assert type(sync.failure(Answer(body, 403))) is PermissionDeniedError


def test_retry_after_is_as_sent(sync) -> None:
    assert (
        sync.failure(refusal(4291001, 429, Retry_After="Soon, please")).retry_after
        == "Soon, please"
    )
    assert sync.failure(refusal(4000501)).retry_after is None


def test_the_table_says_what_the_design_says() -> None:
    assert {code: row.error for code, row in CODES.items()} == dict(rows(DESIGN_CODES))
    assert {pair: row.error for pair, row in PAIRS.items()} == {
        (400, 4000006): PermissionDeniedError,
        (429, 4291001): RateLimitError,
    }
    for status, row in STATUSES.items():
        assert status in DESIGN_STATUSES[row.error]
    assert {row.verdict.error for row in CODE_RANGES} == set(DESIGN_RANGES) - {ApiError}


@pytest.mark.parametrize(
    ("status", "code"), [(s, None) for s in STATUSES] + [(200, c) for c in CODES] + [*PAIRS]
)
def test_what_the_table_retries_cannot_have_been_billed(status, code) -> None:
    """4291001 is the quota: trying again does not help."""
    found = verdict(status, code)
    if {status, code} & ALWAYS_RETRIED and code != 4291001:
        assert (found.again, found.maybe_billed, found.retryable) == (Again.YES, False, True)
    elif status in (502, 504):
        assert (found.again, found.maybe_billed) == (Again.IF_MAYBE_BILLED, True)
    elif code == 4000006 and status == 200:
        assert (found.again, found.maybe_billed) == (Again.IF_RATE_LIMITED, False)
    else:
        assert found.again is Again.NO


def test_every_status_has_a_verdict_and_few_are_retried() -> None:
    retried = {
        429: (Again.YES, False),
        503: (Again.YES, False),
        502: (Again.IF_MAYBE_BILLED, True),
        504: (Again.IF_MAYBE_BILLED, True),
    }
    for status in range(100, 600):
        found = verdict(status, 4123456)
        again, maybe_billed = retried.get(status, (Again.NO, status < 400 or status >= 500))
        assert (found.again, found.maybe_billed) == (again, maybe_billed)
        assert (found.error is ApiError) == (status < 400)


@pytest.mark.parametrize("code", [-1, 500, 5000001, 5005001, 5005002, 5005003, 5999999, 1234567])
def test_a_failed_inference_may_have_been_billed(sync, code) -> None:
    error = sync.failure(refusal(code))
    assert error.maybe_billed is True
    assert "may have been billed" in str(error)


@pytest.mark.parametrize("code", [400, 401, 415, 4000001, 4000006, 4000503, 4010001, 4131000])
def test_what_was_refused_was_not(sync, code) -> None:
    error = sync.failure(refusal(code))
    assert error.maybe_billed is False
    assert "billed" not in str(error)


def test_nobody_says_whether_a_picture_without_text_is_billed(sync) -> None:
    assert sync.failure(refusal(4000501)).maybe_billed is True


@pytest.mark.parametrize(
    ("code", "status", "retryable"),
    [
        (4000006, 200, True),
        (4291000, 429, True),
        (4291001, 429, False),
        (5000503, 200, True),
        (-1, 200, True),
        (4000503, 200, True),
        (4000504, 200, True),
        (4000002, 200, False),
        (4000501, 200, False),
        (4010001, 200, False),
        (4000006, 400, False),
    ],
)
def test_it_says_whether_waiting_may_help(sync, code, status, retryable) -> None:
    assert sync.failure(refusal(code, status)).retryable is retryable
