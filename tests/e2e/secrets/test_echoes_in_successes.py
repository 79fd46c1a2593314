"""A success that echoes the keys: the bytes stay as they came, all else does without."""

import copy
import json
import pickle

import httpx
import pytest
from e2e.both_clients import both, recognize
from e2e.secrets.canary import echo, through
from nhncloud_ocr import OcrResult
from unit.support import box, page, word


def escaped(text):
    return "".join(f"\\u{ord(character):04x}" for character in text)


def answering(write):
    """The handler of a service whose success is written by a function of the echo."""
    return lambda request: httpx.Response(200, content=write(echo(request)))


def spelt(text, **reply):
    """A reply in which HERE is a text that somebody spelt."""
    return json.dumps(page(**reply), ensure_ascii=False).replace("HERE", text)


def json_inside(text):
    return json.dumps(text, ensure_ascii=False)[1:-1]


ECHOES = {
    "unknown field of the result": lambda e: spelt(json_inside(e), path="HERE"),
    "name of an unknown field": lambda e: spelt(json_inside(e), **{"HERE": 1}),
    "deep in an unknown field": lambda e: spelt(json_inside(e), path={"a": [{"b": ["HERE"]}]}),
    "in escapes": lambda e: spelt(escaped(e), path="HERE"),
    "in escapes for non-ASCII": lambda e: spelt(json.dumps(e)[1:-1], path="HERE"),
    "word": lambda e: spelt(
        json_inside(e),
        texts=[{"inferTexts": [word("total"), word("HERE")]}],
        boxes=[{"boundingBoxes": [box(), box(70)]}],
    ),
    "file type": lambda e: spelt(json_inside(e)).replace('"png"', f'"{json_inside(e)}"'),
    "field of a word": lambda e: spelt(
        json_inside(e), texts=[{"inferTexts": [{**word(), "path": "HERE"}]}]
    ),
    "message": lambda e: spelt(json_inside(e)).replace("SUCCESS", json_inside(e)),
    "beside repeated keys": lambda e: spelt(json_inside(e), path="HERE").replace(
        '"inferTexts": [', '"inferTexts": [], "inferTexts": ['
    ),
}


@both
@pytest.mark.parametrize("write", ECHOES.values(), ids=ECHOES)
def test_no_success_brings_a_key_out(kind, canary, write) -> None:
    got = through(kind, answering(write))
    assert isinstance(got, OcrResult)
    assert got.words[0].confidence == 0.99
    assert canary.leaks(got, copy.deepcopy(got), pickle.loads(pickle.dumps(got)).raw) == []


@both
def test_the_bytes_of_a_success_stay_as_they_came(kind, canary) -> None:
    sent = []

    def handler(request):
        sent.append(spelt(json_inside(echo(request)), path="HERE").encode())
        return httpx.Response(200, content=sent[0])

    got = through(kind, handler)
    assert bytes(got.raw) == sent[0]
    again = pickle.loads(pickle.dumps(got))
    assert again == got
    assert type(again.raw) is bytes
    assert OcrResult.from_raw(again.raw).extra == got.extra


@both
def test_the_other_words_of_a_page_with_an_echo_are_verbatim(kind, canary) -> None:
    texts = [{"inferTexts": [word(' "a\\'), word("HERE"), word("한글")]}]
    got = through(kind, answering(lambda e: spelt(json_inside(e), texts=texts)))
    assert [got.words[0].text, got.words[2].text] == [' "a\\', "한글"]
    assert "***" in got.words[1].text


@both
def test_a_key_that_is_spelt_like_a_documented_field_loses_no_word(kind) -> None:
    """Masking it would leave no page: the unknown fields go instead."""
    service = httpx.MockTransport(lambda request: httpx.Response(200, json=page(more="inferTexts")))
    keys = {"app_key": "inferTexts", "secret_key": "a-secret-key"}
    got = recognize(kind, transport=service, **keys)
    assert (got.text, got.extra) == ("stella", {})
