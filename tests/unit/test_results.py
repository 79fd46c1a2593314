"""What a caller can do with a result: read it, compare it, keep it, write it as JSON."""

import json
import pickle
from dataclasses import FrozenInstanceError

import pytest
from nhncloud_ocr import (
    AuthenticationError,
    Line,
    OcrResult,
    Quad,
    UnexpectedResponseError,
    Word,
)
from unit.support import answer, box, page, refusal, success, word

TILTED = Quad(10, 5, 50, 9, 48, 30, 8, 26)
HELLO = Word("hello", 0.5, TILTED)
WORLD = Word(" world", 1.0, Quad(60, 2, 90, 2, 90, 20, 60, 20))


@pytest.fixture
def result(sync):
    texts = [
        {"inferTexts": [word("영수증", 0.75), word(" No.", 0.25)]},
        {"inferTexts": [word("끝")]},
    ]
    boxes = [{"boundingBoxes": [box(0, 0), box(40, 2)]}, {"boundingBoxes": [box(0, 30)]}]
    return sync.read(success(texts=texts, boxes=boxes, resolution="low"))


def test_words_lines_and_page_agree(result) -> None:
    assert result.words == result.lines[0].words + result.lines[1].words
    assert result.text == "영수증 No.\n끝"
    assert result.boxes == ((result.words[0].box, result.words[1].box), (result.words[2].box,))


def test_a_words_text_is_verbatim_and_a_lines_text_is_stripped() -> None:
    line = Line((Word(" a ", 1.0), Word("\tb\n", 1.0)))
    assert [word.text for word in line.words] == [" a ", "\tb\n"]
    assert line.text == "a b"


def test_a_lines_confidence_is_the_mean_of_its_words() -> None:
    assert Line((HELLO, WORLD)).confidence == pytest.approx(0.75)


def test_a_lines_box_is_the_upright_rectangle_around_its_words() -> None:
    assert Line((HELLO, WORLD)).box == Quad(8, 2, 90, 2, 90, 30, 8, 30)


def test_a_line_has_no_box_if_one_of_its_words_has_none() -> None:
    assert Line((HELLO, Word("?", 1.0))).box is None


def test_words_without_a_box_say_none() -> None:
    assert Word("a", 1.0).box is None


@pytest.mark.parametrize("name", ["lines", "text", "raw", "attempts", "nonsense"])
def test_results_are_frozen_and_slotted(result, name) -> None:
    with pytest.raises((AttributeError, FrozenInstanceError)):
        setattr(result, name, None)
    assert not hasattr(result, "__dict__")


@pytest.mark.parametrize("part", [TILTED, HELLO, Line((HELLO,))], ids=["quad", "word", "line"])
def test_the_parts_are_frozen_slotted_and_hashable(part) -> None:
    with pytest.raises((AttributeError, FrozenInstanceError)):
        part.text = "other"
    assert not hasattr(part, "__dict__")
    assert hash(part) == hash(pickle.loads(pickle.dumps(part)))


def test_sequences_are_tuples(result) -> None:
    assert {type(result.lines), type(result.words), type(result.boxes)} == {tuple}
    assert all(type(line.words) is tuple for line in result.lines)
    assert all(type(group) is tuple for group in result.boxes)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_result_survives_pickling_whole(result, protocol) -> None:
    again = pickle.loads(pickle.dumps(result, protocol))
    assert again == result
    assert (again.raw, again.attempts, again.extra) == (result.raw, result.attempts, result.extra)


def test_equal_by_value_whatever_the_bytes_and_the_attempts() -> None:
    one, other = (
        OcrResult(lines=(Line((HELLO,)),), raw=raw, attempts=n) for raw, n in ((b"a", 1), (b"b", 3))
    )
    assert one == other
    assert hash(one) == hash(other)


@pytest.mark.parametrize(
    "other",
    [
        {"lines": ()},
        {"file_type": "jpg"},
        {"slices": 2},
        {"boxes": ((TILTED,),)},
        {"extra": {"resolution": "low"}},
    ],
    ids=lambda other: next(iter(other)),
)
def test_unequal_if_any_value_differs(other) -> None:
    given = {"lines": (Line((HELLO,)),), "file_type": "png"}
    assert OcrResult(**given) != OcrResult(**{**given, **other})


def test_a_result_equals_nothing_else(result) -> None:
    assert result != result.to_dict()
    assert result != result.lines


def test_to_dict_holds_everything_but_the_bytes_and_is_json(result) -> None:
    told = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert told["text"] == result.text
    assert told["file_type"] == "png"
    assert told["slices"] is None
    assert told["attempts"] == 1
    assert told["extra"] == {"resolution": "low"}
    assert [[w["text"] for w in line["words"]] for line in told["lines"]] == [
        ["영수증", " No."],
        ["끝"],
    ]
    assert [line["confidence"] for line in told["lines"]] == [0.5, 0.99]
    assert told["lines"][1]["words"][0]["box"] == box(0, 30) == told["boxes"][1][0]
    assert "raw" not in told


def test_to_dict_of_unpaired_words_has_null_boxes(sync) -> None:
    told = sync.read(success(boxes=[])).to_dict()
    assert told["lines"][0]["box"] is None
    assert told["lines"][0]["words"][0]["box"] is None


def test_the_repr_of_a_page_shows_no_recognised_text(result) -> None:
    assert "영수증" not in repr(result)
    assert "No." not in repr(result)


def test_numbers_come_as_sent(sync) -> None:
    texts = [{"inferTexts": [word(conf=1), word(conf=0)]}]
    boxes = [{"boundingBoxes": [box(-3.5, 1e3), box()]}]
    words = sync.read(success(texts=texts, boxes=boxes)).words
    assert [w.confidence for w in words] == [1, 0]
    assert words[0].box == Quad(-3.5, 1000, 29.5, 1000, 29.5, 1012, -3.5, 1012)


def test_empty_groups_and_empty_pages_are_no_lines(sync) -> None:
    assert sync.read(success(texts=[], boxes=[])).lines == ()
    result = sync.read(success(texts=[{"inferTexts": []}], boxes=[{"boundingBoxes": []}]))
    assert (result.lines, result.words, result.text, result.boxes) == ((), (), "", ((),))


@pytest.mark.parametrize("cropping", [False, True])
def test_unknown_fields_of_the_result_are_kept_as_extra(driver, cropping) -> None:
    reply = page(resolution="low", slicesImages=2, pages={"n": [1, None, True]})
    result = driver.read(answer(reply), cropping=cropping)
    slices = {} if cropping else {"slicesImages": 2}
    assert result.extra == {"resolution": "low", "pages": {"n": [1, None, True]}, **slices}
    assert result.slices == (2 if cropping else None)


def test_slices_that_nobody_asked_for_are_an_unknown_field(driver) -> None:
    result = driver.read(answer(page(slicesImages=2)))
    assert (result.slices, result.extra) == (None, {"slicesImages": 2})


def test_unknown_fields_elsewhere_are_tolerated(sync) -> None:
    reply = page(
        texts=[{"inferTexts": [{**word("a"), "lang": "ko"}], "n": 1}],
        boxes=[{"boundingBoxes": [], "z": 0}],
    )
    reply["header"]["requestId"] = "7"
    reply["trace"] = ["x"]
    assert sync.read(answer(reply)).text == "a"


def test_attempts_are_on_the_result(driver) -> None:
    assert driver.read(success()).attempts == 1


def test_a_quad_tells_where_it_lies() -> None:
    assert TILTED.points == ((10, 5), (50, 9), (48, 30), (8, 26))
    assert TILTED.bounds == (8, 5, 50, 30)
    assert TILTED.center == (29, 17.5)
    assert TILTED.angle == pytest.approx(5.7106, abs=1e-4)


@pytest.mark.parametrize(
    ("corners", "angle"),
    [
        ((0, 0, 9, 0, 9, 2, 0, 2), 0),
        ((9, 0, 9, 9, 7, 9, 7, 0), 90),  # from top to bottom
        ((0, 9, 0, 0, 2, 0, 2, 9), -90),  # from bottom to top
        ((9, 2, 0, 2, 0, 0, 9, 0), 180),  # upside down
        ((9, 2, 0, 2 - 1e-300, 0, 0, 9, 0), 180),
        ((3, 3, 3, 3, 3, 3, 3, 3), 0),  # a point
    ],
)
def test_the_angle_grows_clockwise(corners, angle) -> None:
    assert Quad(*corners).angle == angle


def test_to_dict_has_neither_tuples_nor_parts(result) -> None:
    def check(value):
        assert type(value) in (dict, list, str, int, float, bool, type(None))
        for each in value.values() if type(value) is dict else value if type(value) is list else ():
            check(each)

    for part in (result, *result.lines, *result.words, *result.boxes[0]):
        check(part.to_dict())


def test_what_is_done_to_a_dict_is_not_done_to_the_result(result) -> None:
    told = result.to_dict()
    told["extra"]["resolution"] = "high"
    told["lines"][0]["words"].clear()
    assert result.extra == {"resolution": "low"}
    assert len(result.words) == 3


def test_results_and_parts_convert_to_dicts_as_web_frameworks_do(result) -> None:
    for part in (result, result.lines[0], result.words[0], result.boxes[0][0]):
        assert dict(part) == part.to_dict()
        with pytest.raises(KeyError):
            part["nonsense"]
    with pytest.raises(KeyError):
        result["raw"]
    assert result["text"] == result.text


@pytest.mark.parametrize("cropping", [False, True])
def test_a_stored_reply_is_read_as_it_was(driver, cropping) -> None:
    more = {"slicesImages": 3} if cropping else {}
    result = driver.read(success(resolution="low", **more), cropping=cropping)
    again = OcrResult.from_raw(result.raw)
    assert again == result
    assert (again.raw, again.attempts) == (result.raw, 1)
    assert OcrResult.from_raw(bytearray(result.raw)) == result


def test_a_stored_refusal_raises_what_the_call_did(sync) -> None:
    sent = refusal(4010001, message="Invalid appKey or secretKey.")
    error = sync.failure(sent)
    with pytest.raises(AuthenticationError) as caught:
        OcrResult.from_raw(sent.body)
    assert str(caught.value) == str(error)
    assert caught.value.result_code == 4010001


@pytest.mark.parametrize("raw", [b"", b"<html>", b'{"header": 1}', b"[" * 100_000])
def test_a_stored_reply_that_is_none_is_unexpected(raw) -> None:
    with pytest.raises(UnexpectedResponseError) as caught:
        OcrResult.from_raw(raw)
    assert caught.value.raw == raw


@pytest.mark.parametrize("raw", [None, "{}", 3])
def test_a_stored_reply_is_bytes(raw) -> None:
    with pytest.raises(TypeError, match="bytes of a stored reply"):
        OcrResult.from_raw(raw)
