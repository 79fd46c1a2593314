"""The SDK's rows: enough of them, and a client that says otherwise than the reply is found out."""

from __future__ import annotations

import json
from typing import Any

import attrs
import httpx
import pytest

from contract.drivers.caller import Target
from contract.drivers.image_host import Elsewhere
from contract.drivers.rows import ROWS
from contract.drivers.sdk import run_sdk
from contract.drivers.sdk_rows import expressible, of_each_kind, refused_locally
from contract.drivers.session import Session
from contract.judge import Judge


def test_the_sdk_can_express_much_of_the_table() -> None:
    rows = [row for row in ROWS if expressible(row)]
    assert len(rows) > 60
    assert len([row for row in rows if refused_locally(row)]) > 25
    # Those that it sends: each kind of outcome once, each that it refuses by itself.
    sent = list(of_each_kind(ROWS))
    assert {id(row.expect) for row in sent} == {id(row.expect) for row in rows}
    assert {row.name for row in rows if refused_locally(row)} <= {row.name for row in sent}


def test_a_client_that_misreads_a_reply_is_found_out(
    monkeypatch: pytest.MonkeyPatch, session: Session
) -> None:
    import nhncloud_ocr

    right: Any = nhncloud_ocr.OcrClient.recognize

    def wrong(self: object, *arguments: object, **more: object) -> object:
        result = right(self, *arguments, **more)
        return attrs.evolve(result, slices=99)

    monkeypatch.setattr(nhncloud_ocr.OcrClient, "recognize", wrong)
    assert next(run_sdk(session)).rule.name == "sdk-reads"


def test_a_reply_without_an_envelope_is_a_finding_of_the_reply_not_of_the_sdk(
    judge: Judge,
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=json.loads('{"header": {}}'))

    odd = Target("http://127.0.0.1", "a" * 16, "b" * 16, httpx.MockTransport(answer))
    with Session(odd, judge, Elsewhere()) as session:
        assert next(run_sdk(session)).rule.name == "schema-required"
