"""The rules about what was read: what they must notice, and what may be true and must pass."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from contract.drivers.rows.pictures import KNOWN, LONG, VERY_TALL, VERY_WIDE, facts
from contract.judge import Judge, description
from contract.judge.exchange import MULTIPART, Picture, Received, Sent
from contract.judge.history import History
from contract.judge.reading import CORNERS
from contract.judge.rules import RULES, Finding, Severity, Source

GENERAL, CROPPING = "recognizeGeneral", "recognizeGeneralCropping"
PAGE = Picture("png", 400, 300)
Item = tuple[str, float, tuple[float, float, float, float]]  # text, conf, edges


def reply(
    lines: Sequence[Sequence[Item]], *, kind: str = "png", slices: int | None = None
) -> bytes:
    texts = [
        {"inferTexts": [{"value": text, "conf": conf} for text, conf, _ in line]} for line in lines
    ]
    areas = [
        {
            "boundingBoxes": [
                dict(
                    zip(
                        CORNERS,
                        map(int, (left, top, right, top, right, bottom, left, bottom)),
                        strict=True,
                    )
                )
                for _, _, (left, top, right, bottom) in line
            ]
        }
        for line in lines
    ]
    result: dict[str, object] = {
        "fileType": kind,
        "listOfInferTexts": texts,
        "listOfBoundingBoxes": areas,
    }
    if slices is not None:
        result["slicesImages"] = slices
    header = {"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS"}
    return json.dumps({"header": header, "result": result}).encode()


def judged(judge: Judge, body: bytes, picture: Picture, operation: str = GENERAL) -> list[Finding]:
    sent = Sent("here", operation, MULTIPART, picture=picture)
    return judge(sent, Received(200, {"content-type": "application/json"}, body))


def row(*texts: str, conf: float = 0.9, top: int = 10) -> list[Item]:
    return [
        (text, conf, (10 + 60 * index, top, 60 + 60 * index, top + 20))
        for index, text in enumerate(texts)
    ]


def as_it_stands(picture: Picture) -> list[list[Item]]:
    lines: dict[int, list[Item]] = {}
    for index, word in enumerate(picture.words):
        edges = (word.left, word.top, word.right, word.bottom)
        lines.setdefault(word.line, []).append((word.text, 0.9 + index % 9 / 100, edges))
    return list(lines.values())


def known(name: str) -> Picture:
    picture = facts(name)
    assert picture is not None
    assert picture.words
    return picture


@pytest.mark.parametrize("name", [*KNOWN, LONG, VERY_TALL, VERY_WIDE])
def test_a_picture_read_as_it_stands_has_no_finding(judge: Judge, name: str) -> None:
    picture = known(name)
    lines = as_it_stands(picture)
    assert judged(judge, reply(lines, kind=picture.kind), picture) == []
    assert judged(judge, reply(lines, kind=picture.kind, slices=2), picture, CROPPING) == []


def test_slices_may_have_a_frame_of_their_own_and_repeat_what_overlaps(judge: Judge) -> None:
    picture = known(LONG)
    lines = as_it_stands(picture)
    cut = picture.height // 2
    own_frame = [
        [
            (text, conf, (left, top - cut, right, bottom - cut))
            for text, conf, (left, top, right, bottom) in line
        ]
        for line in lines[6:]
    ]
    assert judged(judge, reply([*lines[:6], *own_frame], slices=2), picture, CROPPING) == []
    twice = [*lines[:7], *lines[6:]]
    assert judged(judge, reply(twice, slices=2), picture, CROPPING) == []


@given(misread=st.sets(st.integers(0, 11), max_size=2))
def test_a_few_misread_words_are_no_finding(misread: set[int]) -> None:
    judge = Judge(description.load())
    picture = known("garden.png")
    lines = as_it_stands(picture)
    at = 0
    for line in lines:
        for index, (_, conf, edges) in enumerate(line):
            if at in misread:
                line[index] = (f"misread{at}", conf, edges)
            at += 1
    assert judged(judge, reply(lines), picture) == []


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("decoded-text", "한\ufffd글"),
        ("decoded-text", "한글".encode().decode("cp1252", "replace").replace("\ufffd", "\x9d")),
        ("printable-text", "a\x85b"),
        ("literal-text", "\\ud55c\\uae00"),
        ("literal-text", "%ED%95%9C%EA%B8%80"),
        ("one-word", "stella artois"),
        ("blank-after", "stella "),
        ("composed-text", "\u1112\u1161\u11ab"),
    ],
)
def test_text_that_no_picture_shows_is_noticed(judge: Judge, rule: str, value: str) -> None:
    found = [finding.rule.name for finding in judged(judge, reply([row(value, "x")]), PAGE)]
    assert found
    assert set(found) <= {rule, "decoded-text", "printable-text"}


@pytest.mark.parametrize(
    "text",
    [
        "?",
        "???",
        "&lt;",
        "\\n",
        "AÇÃO",
        "Ã",
        "ÄÖ",
        "100%",
        "C:\\new",
        " 한글",
        "naïve",
        "R&D",
        "%20",
    ],
)
def test_what_a_picture_may_really_show_is_no_finding(judge: Judge, text: str) -> None:
    assert judged(judge, reply([row(text, "and", "more")]), PAGE) == []
    assert judged(judge, reply([row(text)]), replace(PAGE, text=text)) == []


def test_question_marks_in_the_place_of_all_words_are_noticed(judge: Judge) -> None:
    [finding] = judged(judge, reply([row("???", "??", "????")]), PAGE)
    assert finding.rule.name == "decoded-text"
    assert judged(judge, reply([row("?", "?", "?")]), PAGE) == []


def test_canned_answers_are_not_judged_for_what_they_say(judge: Judge) -> None:
    canned = Judge(judge.description, canned=True)
    body = reply([row("stella", "artois", "belgium")])
    assert judged(judge, body, known("garden.png")) != []
    assert judged(canned, body, replace(known("garden.png"), full=False)) == []


def learned(history: History, judge: Judge, body: bytes, picture: Picture) -> list[Finding]:
    sent = Sent("here", GENERAL, MULTIPART, picture=picture)
    received = Received(200, {"content-type": "application/json"}, body)
    return history.learn(judge.examine(sent, received))


def test_a_confidence_that_never_varies_is_noticed_over_many_pictures_only(judge: Judge) -> None:
    history, found = History(), []
    for number in range(6):
        picture = replace(PAGE, text=f"picture {number}")
        body = reply([row(*(f"{number}{word}" for word in "abcdef"), conf=0.5)] * 2)
        body = body.replace(b'"y1": 10', b'"y1": 11', 6)  # no word twice at one place
        found.append([finding.rule.name for finding in learned(history, judge, body, picture)])
    assert found[:3] == [[], [], []]
    assert found[-1] == ["conf-varies"]
    two_words = History()
    assert learned(two_words, judge, reply([row("a", "b", conf=1)]), PAGE) == []


def test_boxes_on_a_coarse_grid_are_noticed_over_many_words_only(judge: Judge) -> None:
    found: dict[int, list[str]] = {}
    for off in (0, 3):
        history = History()
        for number in range(4):
            words = row(*(f"{number}{word}" for word in "abcdefghijkl"))
            words = [(text, conf, (a + off, b, c, d)) for text, conf, (a, b, c, d) in words]
            picture = replace(PAGE, width=900, text=f"picture {number}")
            body = reply([words]).replace(b"0.9", f"0.{90 + number}".encode())
            findings = learned(history, judge, body, picture)
            found.setdefault(off, []).extend(finding.rule.name for finding in findings)
    assert found == {0: ["single-pixels"], 3: []}


def test_one_pictures_words_for_another_are_noticed(judge: Judge) -> None:
    history = History()
    body = reply([row("stella", "artois", "belgium")])
    first, second = (replace(PAGE, text=text) for text in ("one", "two"))
    assert learned(history, judge, body, first) == []
    assert learned(history, judge, body, first) == []
    [finding] = learned(history, judge, body, second)
    assert finding.rule.name == "own-words"
    assert learned(History(), judge, body, PAGE) == []


def test_pictures_of_one_word_are_compared_with_longer_ones(judge: Judge) -> None:
    history = History()
    for name in ("tag.png", *KNOWN):
        picture = known(name)
        body = reply(as_it_stands(picture), kind=picture.kind)
        assert learned(history, judge, body, picture) == []


def test_what_is_only_inferred_of_a_text_is_news_with_live() -> None:
    for name in ("decoded-text", "literal-text", "conf-varies", "top-to-bottom", "once"):
        finding = Finding(RULES[name], GENERAL, "", "")
        assert finding.severity(live=True) is Severity.NEWS
        assert finding.severity() is Severity.BREAK
    assert RULES["reads-the-image"].source is Source.DOCUMENTED
