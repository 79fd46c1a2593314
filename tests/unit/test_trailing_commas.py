"""Trailing commas are forgiven, and what only looks like one inside recognised text is left
alone.
"""

import json

import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr import UnexpectedResponseError
from unit.support import Answer, page, word

LOOKALIKES = [
    ",]",
    ", }",
    '",]"',
    "a,\n]",
    "1, 2, ]",
    '\\",}',
    "\\",
    '\\\\",]',
    ",",
    "]",
    "[1,]",
    '{"a": 1,}',
    ",\t}",
]


def with_trailing_comma(reply):
    """The reply in compact JSON, with one comma too many at its end: only the forgiving pass reads
    it.
    """
    body = json.dumps(reply, ensure_ascii=False)
    assert body.endswith("}}")
    return (body[:-1] + ",}").encode()


@pytest.mark.parametrize("text", LOOKALIKES)
def test_text_that_looks_like_a_trailing_comma_is_verbatim(sync, text) -> None:
    sent = page(texts=[{"inferTexts": [word(text)]}])
    assert sync.read(Answer(with_trailing_comma(sent))).words[0].text == text


@given(st.text(st.sampled_from('",]}[{\\ \n:a'), max_size=30))
def test_no_text_is_changed_by_forgiving_a_comma_elsewhere(sync, text) -> None:
    sent = page(texts=[{"inferTexts": [word(text)]}], note=text)
    result = sync.read(Answer(with_trailing_comma(sent)))
    assert result.words[0].text == text
    assert result.extra == {"note": text}


@pytest.mark.parametrize("blank", ["", " ", "\n", "\r\n\t  "])
@pytest.mark.parametrize("closing", ["}", "]"])
def test_white_space_may_stand_before_the_bracket(sync, closing, blank) -> None:
    strange = {"}": f'{{"a": 1,{blank}}}', "]": f"[1,{blank}]"}[closing]
    body = json.dumps(page(strange="HERE")).replace('"HERE"', strange)
    assert sync.read(Answer(body.encode())).extra == {"strange": {"}": {"a": 1}, "]": [1]}[closing]}


@pytest.mark.parametrize(
    "broken", ["[1,,]", "[,]", "{,}", "[,1]", "[1 2,]", '{"a":,}', '{"a",}', "[1,\u00a0]", "[1,}"]
)
def test_nothing_else_is_forgiven(sync, broken) -> None:
    body = json.dumps(page(strange="HERE")).replace('"HERE"', broken)
    assert type(sync.failure(Answer(body.encode()))) is UnexpectedResponseError


HOSTILE = {
    "commas": b"," * 200_000,
    "commas and blanks": b", " * 100_000,
    "a comma and blanks": b"[1," + b" " * 200_000 + b"x",
    "a string without an end": b'["' + b"a" * 200_000,
    "escapes without an end": b'["' + b'\\"' * 100_000,
    "escapes without an end, the last one half": b'"' + b'\\"' * 300_000 + b"\\",
    "backslashes": b'["' + b"\\" * 200_001,
    "quotes": b'"' * 200_001,
    "opening brackets": b"[" * 200_000,
    "closing brackets": b",]" * 100_000,
    "nothing at all, 10 MB of it": b" " * 10_000_000,
    "an object of blanks, 10 MB": b'{"header":' + b" " * 10_000_000 + b"}",
    "quotes, 10 MB": b'"' * 10_000_000,
    "lists, each with a comma too many": b"[" + b"[1,]," * 300_000 + b"]",
    "commas too many inside a string": b'["' + b",]" * 500_000 + b'",]',
    "strings and a comma too many": b"[" + b'"",' * 500_000 + b"]",
    "halves of a surrogate pair": b'["' + b"\\ud800" * 300_000 + b'",]',
    "objects": b"[" + b"{}," * 300_000 + b"{}]",
    "a key of many": b"{" + b'"header":0,' * 300_000 + b'"header":0}',
    "keys, each of them another": b"{%b}" % b",".join(b'"%d":0' % n for n in range(300_000)),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_bytes_end_in_an_error(sync, body) -> None:
    """Of 200 kB: what takes quadratic time over them would not end while anybody looks on."""
    assert type(sync.failure(Answer(body))) is UnexpectedResponseError
