"""Every arrangement that the pairing rules allow passes, with the picture known, live or not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import accumulate, pairwise

import pytest

from contract.judge import Judge
from contract.judge.exchange import MULTIPART, Picture, Received, Sent
from contract.judge.reading import CORNERS
from contract.judge.rules import Severity

GENERAL, CROPPING = "recognizeGeneral", "recognizeGeneralCropping"
PAGE = Picture("png", 400, 300)
# Two visual lines, of three words and of two: the word, and where it begins.
WORDS = (
    ("stella", 32, 23),
    ("artois", 90, 24),
    ("belgium", 150, 23),
    ("한글", 30, 60),
    ("영수증", 80, 61),
)
LINES = (3, 2)  # words of each visual line


def texts(start: int, end: int) -> str:
    said = [{"value": value, "conf": 0.9 + index / 100} for index, (value, *_) in enumerate(WORDS)]
    return f'"inferTexts":{json.dumps(said[start:end], ensure_ascii=False)}'


def boxes(start: int, end: int) -> str:
    found = [
        dict(zip(CORNERS, (x, y, x + 40, y, x + 40, y + 12, x, y + 12), strict=True))
        for _, x, y in WORDS[start:end]
    ]
    return f'"boundingBoxes":{json.dumps(found)}'


def groups(counts: tuple[int, ...]) -> list[tuple[int, int]]:
    return list(pairwise(accumulate(counts, initial=0)))


def reply(outer: list[tuple[list[str], list[str]]], operation: str) -> bytes:
    """A success; each outer index with its groups of words and its groups of boxes."""
    words = ",".join("{" + ",".join(found) + "}" for found, _ in outer)
    areas = ",".join("{" + ",".join(found) + "}" for _, found in outer)
    slices = ',"slicesImages":1' if operation == CROPPING else ""
    return (
        '{"header":{"isSuccessful":true,"resultCode":0,"resultMessage":"SUCCESS"},"result":'
        f'{{"fileType":"png","listOfInferTexts":[{words}],"listOfBoundingBoxes":[{areas}]{slices}}}}}'
    ).encode()


def arrangements() -> Iterator[tuple[str, list[tuple[list[str], list[str]]]]]:
    lines, one, each = groups(LINES), [(0, 5)], groups((1, 1, 1, 1, 1))
    yield "an outer index a line", [([texts(*line)], [boxes(*line)]) for line in lines]
    empty = [([texts(0, 0)], [boxes(0, 0)])]
    alone = [([texts(*line)], [boxes(*line)]) for line in lines]
    yield "an empty cell at the end", alone + empty
    yield "empty cells between", [empty[0], alone[0], empty[0], alone[1]]
    for name, words, areas in (
        ("the guide's form", lines, one),
        ("both repeat", lines, lines),
        ("boxes alone repeat", one, lines),
        ("a group a word", each, one),
        ("both a group a word", each, each),
        ("boxes a group a word", one, each),
        ("empty groups among the words", [(0, 0), *lines, (0, 0)], one),
        ("empty groups on both sides", [(0, 0), *lines], [(0, 0), *lines]),
    ):
        yield name, [([texts(*part) for part in words], [boxes(*part) for part in areas])]
    yield (
        "the guide's form, then a line of its own",
        [
            ([texts(0, 2), texts(2, 3)], [boxes(0, 3)]),
            ([texts(3, 5)], [boxes(3, 5)]),
        ],
    )
    yield "the guide's sample: three words, one box", [([texts(0, 2), texts(2, 3)], [boxes(0, 1)])]


@pytest.mark.parametrize("live", [False, True], ids=["under test", "live"])
@pytest.mark.parametrize("operation", [GENERAL, CROPPING])
@pytest.mark.parametrize(("name", "outer"), list(arrangements()), ids=lambda value: str(value)[:40])
def test_an_allowed_arrangement_passes(
    judge: Judge,
    name: str,
    outer: list[tuple[list[str], list[str]]],
    operation: str,
    live: bool,
) -> None:
    found = judge(
        Sent(name, operation, MULTIPART, picture=PAGE),
        Received(200, {"content-type": "application/json"}, reply(outer, operation)),
    )
    breaks = [f.line() for f in found if f.severity(live=live) is Severity.BREAK]
    assert breaks == []


def test_what_does_not_pair_without_a_repeated_key_is_still_a_break(judge: Judge) -> None:
    body = reply([([texts(0, 3)], [boxes(0, 2)])], GENERAL)
    sent = Sent("here", GENERAL, MULTIPART, picture=PAGE)
    [finding] = judge(sent, Received(200, {"content-type": "application/json"}, body))
    assert finding.rule.name == "pair-count"
    assert finding.severity() is Severity.BREAK
