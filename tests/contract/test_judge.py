"""The judge on replies written by hand: what it must notice, and what it must leave alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from contract.judge import Judge, description
from contract.judge.exchange import (
    MULTIPART,
    Expectation,
    Picture,
    Received,
    Sent,
)
from contract.judge.rules import RULES, Finding, Severity

GENERAL, CROPPING = "recognizeGeneral", "recognizeGeneralCropping"
DATA = Path(__file__).parents[1] / "data"
PAGE = Picture("png", 400, 300)
GOOD: dict[str, Any] = {
    "header": {"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS"},
    "result": {
        "fileType": "png",
        "listOfInferTexts": [
            {"inferTexts": [{"value": "stella", "conf": 0.99}, {"value": " artois", "conf": 1}]}
        ],
        "listOfBoundingBoxes": [
            {
                "boundingBoxes": [
                    dict(
                        zip(["x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4"], corners, strict=True)
                    )
                    for corners in (
                        (32, 23, 65, 23, 65, 35, 32, 35),
                        (70, 23, 99, 24, 99, 36, 70, 35),
                    )
                ]
            }
        ],
    },
}
FAILURE = b'{"header":{"isSuccessful":false,"resultCode":-1,"resultMessage":"Unknown error."}}'


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(description.load())


def findings(
    judge: Judge,
    body: object = GOOD,
    *,
    status: int = 200,
    content_type: str = "application/json",
    operation: str = GENERAL,
    **sent: Any,
) -> list[Finding]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return judge(
        Sent("here", operation, MULTIPART, picture=sent.pop("picture", PAGE), **sent),
        Received(status, {"content-type": content_type}, raw),
    )


def names(found: list[Finding]) -> list[str]:
    return [finding.rule.name for finding in found]


def edited(old: str, new: str) -> bytes:
    text = json.dumps(GOOD)
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1).encode()


@pytest.mark.parametrize(("name", "operation"), [("general", GENERAL), ("cropping", CROPPING)])
def test_the_guides_own_samples_give_exactly_two_news(
    judge: Judge, name: str, operation: str
) -> None:
    body = (DATA / f"guide-{name}.json").read_bytes()
    found = findings(judge, body, operation=operation, picture=None)
    assert names(found) == ["trailing-comma", "pair-count"]
    assert {finding.severity(live=True) for finding in found} == {Severity.NEWS}
    assert found[0].where == "19:22"
    assert found[1].seen == "3 words, 1 boxes in line 0"


def test_a_good_reply_has_no_finding(judge: Judge) -> None:
    assert findings(judge) == []
    assert findings(judge, FAILURE, picture=None) == []
    assert findings(judge, content_type="application/json; charset=UTF-8") == []


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("strict-json", '"png"', "png"),
        ("strict-json", "}]}}", "}]}"),
        ("strict-json", '"png"', '"p\tng"'),
        ("trailing-comma", '"conf": 0.99}', '"conf": 0.99,}'),
        ("finite-number", "0.99", "NaN"),
        ("finite-number", "0.99", "1e999"),
        ("lone-surrogate", "stella", "\\ud83d"),
        ("repeated-key", '"fileType": "png"', '"fileType": "png", "fileType": "png"'),
        ("repeated-key", '"conf": 0.99', '"conf": 0.99, "conf": 0.99'),
        ("unknown-field", '"conf": 0.99', '"conf": 0.99, "angle": 1'),
        ("unknown-field", '"fileType"', '"resolution": "normal", "fileType"'),
        ("cropping-only", '"fileType"', '"slicesImages": 1, "fileType"'),
        ("schema-required", '"x1": 32, ', ""),
        ("schema-required", '"conf"', '"confidence"'),
        ("schema-type", "0.99", '"0.99"'),
        ("schema-type", "32", "null"),
        ("schema-type", '"stella"', "null"),
        ("schema-range", "0.99", "99"),
        ("schema-range", "0.99", "-0.01"),
        ("schema-coupling", '"resultCode": 0', '"resultCode": 4000001'),
        ("schema-coupling", "true", "false"),
        ("integer-form", '"resultCode": 0', '"resultCode": 0.0'),
        ("success-message", "SUCCESS", "OK"),
        ("file-type", '"png"', '"jpg"'),
        ("pair-count", '{"value": "stella", "conf": 0.99}, ', ""),
        ("pair-count", '"listOfBoundingBoxes": [', '"listOfBoundingBoxes": [{"boundingBoxes":[]},'),
        ("words", "stella", " "),
        ("coordinate", "32", "32.5"),
        ("corner-order", '"x2": 65', '"x2": -65'),
        ("inside-image", '"x2": 99, "y2": 24, "x3": 99', '"x2": 401, "y2": 24, "x3": 401'),
    ],
)
def test_a_defect_is_named(judge: Judge, rule: str, old: str, new: str) -> None:
    assert rule in names(findings(judge, edited(old, new)))


def test_a_defect_in_the_first_of_repeated_keys_is_seen(judge: Judge) -> None:
    for defect, rule in (("1.7", "range"), ('"0.99"', "type"), ("null", "type")):
        body = edited(
            '{"inferTexts": [{"value": "stella", "conf": 0.99},',
            f'{{"inferTexts": [{{"value": "stella", "conf": {defect}}}], "inferTexts": [',
        )
        found = findings(judge, body)
        assert names(found) == [f"schema-{rule}"]
        assert found[0].where.startswith("$.result.listOfInferTexts[0].inferTexts[0].conf")


def test_repeated_groups_that_pair_are_no_finding(judge: Judge) -> None:
    body = edited('"conf": 0.99}, ', '"conf": 0.99}], "inferTexts": [')
    assert findings(judge, body) == []


def test_words_in_reverse_and_words_of_two_lines_are_seen(judge: Judge) -> None:
    reply = json.loads(json.dumps(GOOD))
    boxes = reply["result"]["listOfBoundingBoxes"][0]["boundingBoxes"]
    boxes.reverse()
    assert names(findings(judge, reply)) == ["left-to-right"]
    boxes.reverse()
    boxes[1].update({f"y{corner}": boxes[1][f"y{corner}"] + 40 for corner in range(1, 5)})
    assert names(findings(judge, reply)) == ["one-line"]
    turned = Picture("png", 400, 300, upright=False)
    assert findings(judge, reply, picture=turned) == []


def test_corners_start_at_the_top_left_of_upright_text(judge: Judge) -> None:
    reply = json.loads(json.dumps(GOOD))
    box = reply["result"]["listOfBoundingBoxes"][0]["boundingBoxes"][0]
    corners = list(box.values())
    box.update(zip(box, corners[2:] + corners[:2], strict=True))
    assert names(findings(judge, reply)) == ["top-left-first"]
    assert findings(judge, reply, picture=Picture("png", 400, 300, upright=False)) == []


def test_only_general_has_its_boxes_inside_the_image(judge: Judge) -> None:
    small = Picture("png", 60, 60)
    assert names(findings(judge, picture=small)) == ["inside-image"] * 2
    reply = json.loads(json.dumps(GOOD))
    reply["result"]["slicesImages"] = 1
    assert findings(judge, reply, operation=CROPPING, picture=small) == []
    reply["result"]["slicesImages"] = 0
    assert names(findings(judge, reply, operation=CROPPING, picture=small)) == ["slices"]


@pytest.mark.parametrize(
    ("status", "code", "rule"),
    [
        (200, 4000501, None),
        (200, 4999999, "unknown-code"),
        (413, 4131000, None),
        (413, 4000003, "status-code-pair"),
        (400, 4010001, "status-code-pair"),
        (503, 5030009, "unknown-code"),
        (401, 4010001, "status"),
        (204, 0, "status"),
        (302, 0, "status"),
        (500, -1, "status"),
    ],
)
def test_statuses_and_codes_are_judged_as_pairs(
    judge: Judge, status: int, code: int, rule: str | None
) -> None:
    body = {"header": {"isSuccessful": False, "resultCode": code, "resultMessage": "No."}}
    assert names(findings(judge, body, status=status)) == ([rule] if rule else [])


def test_a_page_is_allowed_only_where_a_proxy_may_answer(judge: Judge) -> None:
    page = b"<html>413</html>"
    kind = "text/html; charset=utf-8"
    assert findings(judge, page, status=413, content_type=kind, page_allowed=True) == []
    assert names(findings(judge, page, status=413, content_type=kind)) == ["no-page"]
    assert names(findings(judge, page, content_type=kind, page_allowed=True)) == ["no-page"]


def test_an_expectation_is_held_against_the_outcome(judge: Judge) -> None:
    refused = Expectation(RULES["refuses-port"], accepted=False, codes=frozenset({400}))
    [finding] = findings(judge, expect=refused)
    assert finding.line() == (
        "recognizeGeneral: refuses-port [documented] an image URL with a port other than 80, 443, "
        "10000-12000 is refused; seen: HTTP 200 with resultCode 0 (SUCCESS), not one of [400] "
        "(call here)"
    )
    assert names(findings(judge, FAILURE, expect=refused)) == ["refuses-port"]
    accepted = Expectation(RULES["accepts-image"], accepted=True)
    assert names(findings(judge, FAILURE, expect=accepted)) == ["accepts-image"]
    assert findings(judge, expect=accepted) == []


def test_news_pass_unless_strict_and_documented_rules_break_live_too(judge: Judge) -> None:
    [unknown] = findings(judge, edited('"fileType"', '"resolution": "low", "fileType"'))
    assert unknown.severity() is Severity.NEWS
    assert unknown.severity(strict=True) is Severity.BREAK
    [inferred] = findings(judge, edited("32", "32.5"))
    assert inferred.severity() is Severity.BREAK
    assert inferred.severity(live=True) is Severity.NEWS
    [documented] = findings(judge, edited("0.99", "1.99"))
    assert documented.severity(live=True) is Severity.BREAK


def test_a_call_without_a_reply_is_a_finding(judge: Judge) -> None:
    found = judge(Sent("here", GENERAL, MULTIPART), Received(failure="ReadError"))
    assert names(found) == ["reply"]


@given(body=st.binary(max_size=200), status=st.sampled_from([200, 400, 413, 503, 204]))
def test_any_bytes_give_findings_and_never_raise(body: bytes, status: int) -> None:
    found = findings(Judge(description.load()), body, status=status)
    assert found, "no random bytes are a documented reply"


@given(data=st.data(), cut=st.integers(0, len(FAILURE) - 1))
def test_any_edit_of_a_reply_is_judged_without_raising(data: st.DataObject, cut: int) -> None:
    good = json.dumps(GOOD).encode()
    at = data.draw(st.integers(0, len(good)))
    inserted = data.draw(st.binary(max_size=4))
    findings(Judge(description.load()), good[:at] + inserted + good[at + cut :])
