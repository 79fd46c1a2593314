"""The page's reader of replies beside the SDK's: the same bytes, the same words and boxes."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from browser.conftest import Open
from hypothesis import HealthCheck, given, settings, strategies as st
from nhncloud_ocr import OcrClient, OcrError
from playwright.sync_api import Page

HEADER = '"header":{"isSuccessful":true,"resultCode":0,"resultMessage":"SUCCESS"}'
CORNERS = ("x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4")


@pytest.fixture
def shown(open_page: Open) -> Page:
    return open_page()


def by_page(shown: Page, body: str) -> Any:
    """What the page's reader makes of a body; None if it is no JSON to it."""
    return shown.evaluate(
        """async (body) => {
            const { read } = await import("./json_pairs.js");
            try { return read(body).lines; } catch { return null; }
        }""",
        body,
    )


def by_sdk(body: str) -> Any:
    """What the SDK makes of it; None if it refuses it."""
    transport = httpx.MockTransport(
        lambda request: httpx.Response(
            200, content=body.encode(), headers={"Content-Type": "application/json"}
        )
    )
    with OcrClient("a" * 16, "b", transport=transport, precheck=False) as ocr:
        try:
            read = ocr.recognize(b"\x89PNG\r\n\x1a\n")
        except OcrError:
            return None
    return [
        [
            {
                "text": word.text,
                "confidence": word.confidence,
                "box": word.box and [getattr(word.box, name) for name in CORNERS],
            }
            for word in line.words
        ]
        for line in read.lines
    ]


numbers = st.integers(-10, 5000) | st.floats(-1, 5000, width=32).filter(lambda x: x == x)
text_of_word = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    [",]", ",}", '",]"', "합계", "\\u0041", 'a"b', "\u2028", "x" * 50]
)


@st.composite
def words(draw: st.DrawFn) -> str:
    escaped = json.dumps(draw(text_of_word), ensure_ascii=draw(st.booleans()))
    return (
        f'{{"value":{escaped},"conf":{draw(st.sampled_from(["1", "0.5", "0.97", "1.0", "9e-1"]))}}}'
    )


@st.composite
def boxes(draw: st.DrawFn) -> str:
    members = (f'"{name}":{json.dumps(draw(numbers))}' for name in CORNERS)
    return f"{{{','.join(members)}}}"


def groups(key: str, member: st.SearchStrategy[str], comma: str) -> st.SearchStrategy[str]:
    """An object that has a list under a key, once or several times."""
    group = st.lists(member, max_size=3).map(
        lambda each: f'"{key}":[{",".join(each)}{comma if each else ""}]'
    )
    return st.lists(group, min_size=1, max_size=3).map(lambda each: f"{{{','.join(each)}}}")


@st.composite
def bodies(draw: st.DrawFn) -> str:
    comma = draw(st.sampled_from(["", ",", " , \n"]))
    texts = draw(st.lists(groups("inferTexts", words(), comma), max_size=3))
    shapes = draw(st.lists(groups("boundingBoxes", boxes(), comma), max_size=3))
    return (
        f'{{{HEADER},"result":{{"fileType":"png","listOfInferTexts":[{",".join(texts)}],'
        f'"listOfBoundingBoxes":[{",".join(shapes)}]{comma}}}}}'
    )


@settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=bodies())
def test_both_readers_agree(shown: Page, body: str) -> None:
    expected = by_sdk(body)
    if expected is not None:
        assert by_page(shown, body) == expected


@settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    value=st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_any_json_is_read_as_the_browser_reads_it(shown: Page, value: object) -> None:
    body = json.dumps(value, indent=1)
    assert shown.evaluate(
        """async (body) => {
            const { parse, Pairs } = await import("./json_pairs.js");
            const plain = (value) => value instanceof Pairs
                ? Object.fromEntries(value.map(([key, inner]) => [key, plain(inner)]))
                : Array.isArray(value) ? value.map(plain) : value;
            return JSON.stringify(plain(parse(body))) === JSON.stringify(JSON.parse(body));
        }""",
        body,
    )


@pytest.mark.parametrize(
    "body",
    [
        *("", "{", "[,]", "[1,,2]", "{,}", "{1:2}", '{"a"}', '{"a":}', "01", "1.", "+1", "'a'"),
        *('"\n"', '"\\x"', "nul", "[1] 2", "NaN", "[" * 1000, '{"a":1]', "\ufeff[]", '"\\u12"'),
    ],
)
def test_what_is_no_json_is_refused(shown: Page, body: str) -> None:
    assert by_page(shown, body) is None


def test_a_long_text_is_no_trouble(shown: Page) -> None:
    word = '{"value":"' + "a" * 5_000_000 + '","conf":1}'
    body = f'{{{HEADER},"result":{{"listOfInferTexts":[{{"inferTexts":[{word}]}}]}}}}'
    assert len(by_page(shown, body)[0][0]["text"]) == 5_000_000
