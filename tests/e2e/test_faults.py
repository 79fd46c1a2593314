"""Each fault of the emulator as a caller of the SDK sees it, over a socket and in process."""

from threading import Event
from typing import Any, NamedTuple

import httpx
import nhncloud_ocr as sdk
import pytest
from e2e.both_clients import both, recognize
from nhncloud_ocr import OcrResult, RetryPolicy
from nhncloud_ocr_emulator import Call, Emulator, Fault
from patience import PATIENCE
from unit.support import PNG


class Row(NamedTuple):
    """What a fault means to a caller; `attributes` are those of the error."""

    fault: Fault
    error: type[sdk.OcrError]
    attributes: dict[str, object]


def billed(fault: Fault, error: type[sdk.OcrError]) -> Row:
    """The reply is lost on its way back: trying again may cost."""
    return Row(fault, error, {"maybe_billed": True})


def refused(fault: Fault, error: type[sdk.OcrError], status: int, code: int, **more: object) -> Row:
    """The service says no."""
    return Row(fault, error, {"http_status": status, "result_code": code, **more})


ROWS = [
    billed(Fault(latency=60), sdk.OcrTimeoutError),
    billed(Fault(slow_body=600), sdk.OcrTimeoutError),
    billed(Fault(reset="before"), sdk.OcrConnectionError),
    billed(Fault(reset="during"), sdk.OcrConnectionError),
    billed(Fault(truncated=True), sdk.OcrConnectionError),
    refused(Fault(status=400), sdk.BadRequestError, 400, -1),
    refused(Fault(status=429, retry_after=7), sdk.RateLimitError, 429, 4291000, retry_after="7"),
    refused(Fault(status=429, result_code=4291001), sdk.RateLimitError, 429, 4291001),
    refused(Fault(status=502), sdk.ServerError, 502, 5020001),
    refused(Fault(status=503, retry_after="2"), sdk.ServerError, 503, 5030001, retry_after="2"),
    refused(Fault(status=520), sdk.ServerError, 520, -1),
    refused(Fault(status=599), sdk.ServerError, 599, -1),
    refused(Fault(result_code=-1), sdk.ServerError, 200, -1),
    refused(Fault(result_code=4010001), sdk.AuthenticationError, 200, 4010001),
    refused(Fault(result_code=4000501), sdk.NoTextFoundError, 200, 4000501),
    refused(Fault(result_code=5000503), sdk.ServerError, 200, 5000503),
    refused(Fault(result_code=7654321), sdk.ApiError, 200, 7654321),
    Row(
        Fault(html=True),
        sdk.UnexpectedResponseError,
        {"http_status": 200, "content_type": "text/html"},
    ),
    Row(Fault(html=True, status=502), sdk.ServerError, {"http_status": 502}),
    Row(Fault(status=204), sdk.UnexpectedResponseError, {"http_status": 204}),
    Row(Fault(status=302), sdk.UnexpectedResponseError, {"http_status": 302}),
]
HARMLESS = [
    Fault(),
    Fault(latency=0.01),
    Fault(slow_body=0.05),
    Fault(reset="after"),
    Fault(repeated_keys="texts"),
    Fault(repeated_keys="both"),
    Fault(trailing_commas=True),
    Fault(repeated_keys="both", trailing_commas=True),
    Fault(retry_after=3),
]

in_process = pytest.mark.parametrize("in_process", [False, True], ids=["http", "in process"])


def call(kind: Any, emulator: Emulator, in_process: bool, **options: Any) -> OcrResult:
    """One call that patience does not hold up and that is not tried again unless asked."""
    way = (
        {"transport": emulator.transport}
        if in_process
        else {"base_url": emulator.base_url, "verify": False}
    )
    keys = {"app_key": emulator.app_key, "secret_key": emulator.secret_key}
    return recognize(kind, PNG, **{"retry": RetryPolicy(attempts=1), **keys, **way, **options})


@pytest.fixture
def arrived(ocr_emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Event:
    """Set when the emulator has taken down a call."""
    event = Event()
    record = ocr_emulator.calls.record

    def record_and_tell(call: Call) -> None:
        record(call)
        event.set()

    monkeypatch.setattr(ocr_emulator.calls, "record", record_and_tell)
    return event


@both
@in_process
@pytest.mark.parametrize("row", ROWS, ids=lambda row: repr(row.fault))
def test_a_fault_is_its_documented_error(
    kind: Any, in_process: bool, row: Row, ocr_emulator: Emulator, arrived: Event
) -> None:
    ocr_emulator.faults.add(row.fault)
    impatient = row.error is sdk.OcrTimeoutError
    timeout = httpx.Timeout(PATIENCE, read=0.1) if impatient else None
    with pytest.raises(row.error) as caught:
        call(kind, ocr_emulator, in_process, timeout=timeout)
    assert arrived.wait(PATIENCE)  # which who gives up may do before
    assert type(caught.value) is row.error
    assert {name: getattr(caught.value, name) for name in row.attributes} == row.attributes
    assert len(ocr_emulator.calls) == 1
    assert call(kind, ocr_emulator, in_process).lines  # and the next call works


@both
@in_process
@pytest.mark.parametrize("fault", HARMLESS, ids=repr)
def test_what_loses_nothing_changes_no_result(
    kind: Any, in_process: bool, fault: Fault, ocr_emulator: Emulator
) -> None:
    plain = call(kind, ocr_emulator, in_process)
    ocr_emulator.faults.add(fault)
    strange = call(kind, ocr_emulator, in_process)
    assert [[word.text for word in line.words] for line in strange.lines] == [
        [word.text for word in line.words] for line in plain.lines
    ]
    assert [word.box for word in strange.words] == [word.box for word in plain.words]
    assert strange.text == plain.text


@both
@in_process
def test_a_burst_of_503s_is_outlasted(kind: Any, in_process: bool, ocr_emulator: Emulator) -> None:
    ocr_emulator.faults.add(status=503, times=2)
    result = call(kind, ocr_emulator, in_process, retry=RetryPolicy(attempts=3, backoff=0))
    assert result.attempts == 3
    assert [each.status for each in ocr_emulator.calls] == [503, 503, 200]


@both
@in_process
def test_no_second_bill_unasked(kind: Any, in_process: bool, ocr_emulator: Emulator) -> None:
    ocr_emulator.faults.add(reset="during", times=2)
    with pytest.raises(sdk.OcrConnectionError):
        call(kind, ocr_emulator, in_process, retry=RetryPolicy(attempts=3, backoff=0))
    assert len(ocr_emulator.calls) == 1
    accepted = RetryPolicy(attempts=3, backoff=0, retry_maybe_billed=True)
    assert call(kind, ocr_emulator, in_process, retry=accepted).attempts == 2
