"""A reply that is not the documented envelope: one error that says where, and never what it
held.
"""

import json
import pickle

import pytest
from nhncloud_ocr import ApiError, OcrResult, UnexpectedResponseError
from unit.support import ONCE, PNG, Answer, Service, answer, box, envelope, page, refusal, word

SECRET = "900101-1234567"  # what a recognised identity card might hold


def changed(old, new):
    """The plainest success, one piece of its text replaced."""
    body = json.dumps(page(texts=[{"inferTexts": [word(SECRET)]}]))
    assert body.count(old) == 1
    return body.replace(old, new).encode()


def put(path, value):
    """The plainest success with another value at the path; DELETED takes the key away."""
    reply = page(texts=[{"inferTexts": [word(SECRET)]}])
    target = reply
    for key in path[:-1]:
        target = target[key]
    if value is DELETED:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return json.dumps(reply).encode()


DELETED = object()
HEADER = ("header",)
RESULT = ("result",)
WORD = ("result", "listOfInferTexts", 0, "inferTexts", 0)
BOX = ("result", "listOfBoundingBoxes", 0, "boundingBoxes", 0)

NOT_JSON = {
    "empty": b"",
    "blank": b" \n",
    "HTML": b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>",
    "text": b"OK",
    "cut short": json.dumps(page()).encode()[:-20],
    "two documents": json.dumps(page()).encode() * 2,
    "a comma alone": b",",
    "commas in a row": changed('"png",', '"png",,'),
    "a leading comma": changed('{"fileType"', '{,"fileType"'),
    "single quotes": json.dumps(page()).replace('"', "'").encode(),
    "a comment": json.dumps(page()).encode() + b"// done",
    "invalid UTF-8": changed('"png"', '"p?g"').replace(b"?", b"\xff"),
    "UTF-16": json.dumps(page()).encode("utf-16"),
    "a raw line break in a string": changed('"png"', '"p\ng"'),
    "NaN": changed("0.99", "NaN"),
    "Infinity": changed("0.99", "Infinity"),
    "-Infinity": changed("0.99", "-Infinity"),
    "deep nesting": b"[" * 100_000 + b"]" * 100_000,
    "deep nesting in an unknown field": changed(
        '"fileType"', f'"x":{"[" * 100_000}{"]" * 100_000},"fileType"'
    ),
    "deep nesting in a place for words": changed(
        '"inferTexts": [', f'"inferTexts": [{"[" * 9999}{"]" * 9999},'
    ),
}

OTHER_JSON = {
    "null": b"null",
    "a string": b'"SUCCESS"',
    "a list": b"[]",
    "an empty object": b"{}",
    "another API": b'{"status": "ok"}',
    "no header": put(HEADER, DELETED),
    "header is null": put(HEADER, None),
    "header is a list": put(HEADER, []),
    "no isSuccessful": put((*HEADER, "isSuccessful"), DELETED),
    "isSuccessful is a number": put((*HEADER, "isSuccessful"), 1),
    "isSuccessful is a string": put((*HEADER, "isSuccessful"), "true"),
    "no resultCode": put((*HEADER, "resultCode"), DELETED),
    "resultCode is a string": put((*HEADER, "resultCode"), "0"),
    "resultCode is a boolean": put((*HEADER, "resultCode"), False),
    "resultCode is a fraction": put((*HEADER, "resultCode"), 0.5),
    "resultCode is null": put((*HEADER, "resultCode"), None),
    "resultMessage is a number": put((*HEADER, "resultMessage"), 0),
    "success with a failure's code": put((*HEADER, "resultCode"), -1),
    "failure with the success's code": put((*HEADER, "isSuccessful"), False),
    "no result": put(RESULT, DELETED),
    "result is null": put(RESULT, None),
    "result is a list": put(RESULT, [1]),
    "result is a string": put(RESULT, SECRET),
    "result is a number": put(RESULT, 7),
    "result is empty": put(RESULT, {}),
    "no texts": put((*RESULT, "listOfInferTexts"), DELETED),
    "texts are an object": put((*RESULT, "listOfInferTexts"), {}),
    "texts are null": put((*RESULT, "listOfInferTexts"), None),
    "a line is a list": put((*RESULT, "listOfInferTexts", 0), []),
    "a line without its words": put((*RESULT, "listOfInferTexts", 0), {}),
    "the words are null": put((*WORD[:-1],), None),
    "a word is a string": put(WORD, SECRET),
    "a word is null": put(WORD, None),
    "a word without text": put((*WORD, "value"), DELETED),
    "a word's text is a number": put((*WORD, "value"), 900101),
    "a word's text is null": put((*WORD, "value"), None),
    "a word without conf": put((*WORD, "conf"), DELETED),
    "conf is a string": put((*WORD, "conf"), "0.9"),
    "conf is a boolean": put((*WORD, "conf"), True),
    "conf is null": put((*WORD, "conf"), None),
    "conf is infinite": changed("0.99", "1e999"),
    "conf is a list": put((*WORD, "conf"), [1]),
    "no boxes": put((*RESULT, "listOfBoundingBoxes"), DELETED),
    "boxes are null": put((*RESULT, "listOfBoundingBoxes"), None),
    "a line of boxes without any": put((*RESULT, "listOfBoundingBoxes", 0), {"x": 1}),
    "a box is a list": put(BOX, [1, 2, 3, 4, 5, 6, 7, 8]),
    "a box without a corner": put((*BOX, "y4"), DELETED),
    "a coordinate is a string": put((*BOX, "x1"), "32"),
    "a coordinate is a boolean": put((*BOX, "x1"), True),
    "a coordinate is null": put((*BOX, "x1"), None),
    "a coordinate is infinite": changed('"x1": 32', '"x1": -1e999'),
    "fileType is a number": put((*RESULT, "fileType"), 3),
    "no fileType": put((*RESULT, "fileType"), DELETED),
}

REPEATED = {
    "header": changed('{"header"', '{"header": {}, "header"'),
    "header, the same twice": changed(
        '"result":', f'"header": {json.dumps(envelope()["header"])}, "result":'
    ),
    "result": changed('"result":', '"result": {}, "result":'),
    "isSuccessful": changed('"isSuccessful"', '"isSuccessful": true, "isSuccessful"'),
    "resultCode": changed('"resultCode"', '"resultCode": 0, "resultCode"'),
    "resultMessage": changed('"resultMessage"', '"resultMessage": "", "resultMessage"'),
    "fileType": changed('"fileType"', '"fileType": "png", "fileType"'),
    "listOfInferTexts": changed('"listOfInferTexts"', '"listOfInferTexts": [], "listOfInferTexts"'),
    "listOfBoundingBoxes": changed(
        '"listOfBoundingBoxes"', '"listOfBoundingBoxes": [], "listOfBoundingBoxes"'
    ),
    "value": changed('"value"', '"value": "x", "value"'),
    "conf": changed('"conf"', '"conf": 1, "conf"'),
    **{name: changed(f'"{name}"', f'"{name}": 1, "{name}"') for name in box()},
}


@pytest.mark.parametrize("depth", [10, 300, 700, 900, 3000])
def test_an_unknown_field_nests_too_deep_or_can_be_pickled(sync, depth) -> None:
    """How deep it may nest depends on the interpreter."""
    answer = Answer(changed('"fileType"', f'"x":{"[" * depth}{"]" * depth},"fileType"'))
    try:
        result = sync.read(answer)
    except UnexpectedResponseError as error:
        assert depth >= 300
        assert error.raw == answer.body
    else:
        assert pickle.loads(pickle.dumps(result)) == result


@pytest.mark.parametrize("body", [*NOT_JSON.values()], ids=NOT_JSON)
def test_what_is_no_json_is_told_so(sync, body) -> None:
    error = sync.failure(Answer(body))
    assert type(error) is UnexpectedResponseError
    assert "JSON" in str(error) or "nesting" in str(error) or "finite" in str(error)


@pytest.mark.parametrize("body", [*OTHER_JSON.values()], ids=OTHER_JSON)
def test_json_that_is_not_the_envelope_is_refused_with_the_path_that_failed(sync, body) -> None:
    error = sync.failure(Answer(body))
    assert type(error) is UnexpectedResponseError
    assert "$" in str(error) or "header" in str(error)
    assert SECRET not in str(error) + repr(error)


@pytest.mark.parametrize("body", [*REPEATED.values()], ids=REPEATED)
def test_a_documented_key_that_may_not_repeat_is_refused(sync, body) -> None:
    assert type(sync.failure(Answer(body))) is UnexpectedResponseError


def test_slices_may_not_repeat_in_a_cropping_reply(sync) -> None:
    body = (
        json.dumps(page(slicesImages=2))
        .replace('"slicesImages"', '"slicesImages": 2, "slicesImages"')
        .encode()
    )
    assert type(sync.failure(Answer(body), cropping=True)) is UnexpectedResponseError
    assert sync.read(Answer(body)).extra == {"slicesImages": 2}  # unknown there: the last wins


@pytest.mark.parametrize("slices", [None, "2", 1.5, True])
def test_slices_are_an_integer(sync, slices) -> None:
    assert (
        type(sync.failure(answer(page(slicesImages=slices)), cropping=True))
        is UnexpectedResponseError
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.result.listOfInferTexts[0].inferTexts[0].conf", put((*WORD, "conf"), SECRET)),
        ("$.result.listOfInferTexts[0].inferTexts[0].value", put((*WORD, "value"), 900101)),
        ("$.result.listOfBoundingBoxes[0].boundingBoxes[0].y3", put((*BOX, "y3"), SECRET)),
        ("$.result.fileType", put((*RESULT, "fileType"), [SECRET])),
        ("$.header.resultCode", put((*HEADER, "resultCode"), SECRET)),
    ],
)
def test_the_text_gives_the_json_path_and_no_body(sync, path, value) -> None:
    error = sync.failure(Answer(value))
    # Words and boxes are read in groups, for keys that repeat: the group's number may stand
    # between.
    assert path.rpartition(".")[2] in str(error)
    assert path.split("[")[0] in str(error)
    assert SECRET not in str(error) + repr(error)


def test_a_line_without_its_words_is_refused_whatever_else_repeats_in_it(sync) -> None:
    for line in ('{"n": 1}', '{"n": 1, "n": 2}'):
        body = changed(json.dumps({"inferTexts": [word(SECRET)]}), line)
        assert type(sync.failure(Answer(body))) is UnexpectedResponseError, line
        body = changed(json.dumps({"boundingBoxes": [box()]}), line)
        assert type(sync.failure(Answer(body))) is UnexpectedResponseError, line


def test_status_type_and_length_are_told_and_the_body_is_at_hand(driver) -> None:
    body = f"<html><h1>{SECRET}</h1></html>".encode()
    error = driver.failure(Answer(body, 200, {"Content-Type": "text/html; charset=utf-8"}))
    assert type(error) is UnexpectedResponseError
    assert (error.http_status, error.content_type, error.raw) == (
        200,
        "text/html; charset=utf-8",
        body,
    )
    assert SECRET in error.snippet
    assert error.attempts == 1
    for told in (str(error), repr(error)):
        assert SECRET not in told
        for said in ("200", "text/html", str(len(body))):
            assert said in told


def test_the_snippet_is_short_and_of_any_bytes(sync) -> None:
    error = sync.failure(Answer(b"\xff\xfe" + b"x" * 10_000))
    assert len(error.snippet) < 1000
    assert len(error.raw) == 10_002


@pytest.mark.parametrize(
    "reply",
    [
        Answer(b"", 204),
        Answer(b"", 202),
        Answer(b"", 302, {"Location": "https://example.com/login"}),
        answer(page(), 302, Location="/elsewhere"),
        answer(page(), 304),
        refusal(-1, 307, Location="/elsewhere"),
        Answer(b"<html>", 301, {"Location": "/"}),
    ],
    ids=lambda reply: str(reply.status),
)
def test_204_and_redirects_are_unexpected_and_never_followed(driver, reply) -> None:
    service = Service(reply)
    client = driver.client(service, retry=ONCE)
    with pytest.raises(UnexpectedResponseError) as caught:
        driver.recognize(client, PNG)
    assert caught.value.http_status == reply.status
    assert len(service.requests) == 1


@pytest.mark.parametrize("status", [200, 201])
def test_a_documented_success_is_read_under_any_2xx(sync, status) -> None:
    assert sync.read(answer(page(), status)).text == "stella"


def test_a_byte_order_mark_is_no_part_of_json_but_harmless(sync) -> None:
    assert sync.read(Answer(b"\xef\xbb\xbf" + json.dumps(page()).encode())).text == "stella"


@pytest.mark.parametrize("digits", ["1" * 400, "-" + "9" * 5000])
def test_a_confidence_beyond_a_float_is_no_finite_number(sync, digits) -> None:
    body = put((*WORD, "conf"), "HERE").replace(b'"HERE"', digits.encode())
    assert type(sync.failure(Answer(body))) is UnexpectedResponseError


def test_a_huge_result_code_is_an_error_of_the_tree(sync) -> None:
    body = json.dumps(envelope(-1)).replace("-1", "9" * 5000).encode()
    assert isinstance(sync.failure(Answer(body)), (ApiError, UnexpectedResponseError))


@pytest.mark.parametrize("escape", ["\\ud800", "\\udc00x", "\\ud800\\ud800"])
def test_half_a_character_in_a_word_gives_a_usable_result_or_an_error(sync, escape) -> None:
    body = changed(SECRET, escape)
    try:
        result = sync.read(Answer(body))
    except UnexpectedResponseError as error:
        assert pickle.loads(pickle.dumps(error)).raw == body
    else:
        assert isinstance(result, OcrResult)
        assert pickle.loads(pickle.dumps(result)) == result
        assert json.loads(json.dumps(result.to_dict()))["text"] == result.text
