"""Both readers mean the same: where the fast one reads at all, it reads what the lossless one does.

These look inside on purpose. Which reader took a reply cannot be seen from outside, but for the
time: and a field that is new, or unknown, must not cost much.
"""

import json

import pytest
from hypothesis import example, given, strategies as st
from nhncloud_ocr._wire import fast, lossless, places
from nhncloud_ocr._wire.shapes import CROPPING, GENERAL, Undocumented
from nhncloud_ocr_api.api.general import (
    recognize_general,
    recognize_general_cropping,
    recognize_general_cropping_v11,
    recognize_general_v11,
)
from unit.replies import Writer, pages, write
from unit.support import box, page, word
from unit.test_arbitrary_bytes import bodies

REPLY = page(texts=[{"inferTexts": [word(), word("한글")]}], boxes=[{"boundingBoxes": [box()] * 2}])
PLACES = {
    "reply": (),
    "header": ("header",),
    "result": ("result",),
    "line of texts": ("result", "listOfInferTexts", 0),
    "word": ("result", "listOfInferTexts", 0, "inferTexts", 1),
    "line of boxes": ("result", "listOfBoundingBoxes", 0),
    "box": ("result", "listOfBoundingBoxes", 0, "boundingBoxes", 1),
}
VALUES = [0.5, -1, True, None, "ko", 'a "quoted" \\ text', [], {}, ["a", {"b": ["c"]}], 10**30]


def both(body, cropping):
    """What the lossless reader says, after the fast one has said the same, or nothing."""
    quick = fast.read(body, cropping)
    try:
        careful = lossless.read(body, cropping)
    except (Undocumented, RecursionError):
        careful = None
    if quick is not None:
        assert careful is not None
        for name in ("header", "result"):
            assert plain(getattr(quick, name)) == plain(getattr(careful, name))
        assert repeated(quick) == repeated(careful)
        assert repr(sorted(quick.extra.items())) == repr(sorted(careful.extra.items()))
    return quick, careful


def repeated(parsed):
    return {shape: each for shape, each in parsed.lengths.items() if each}


def plain(value):
    """Values by the described fields alone: each reader has structs of its own."""
    if hasattr(value, "__struct_fields__"):
        names = [name for name in value.__struct_fields__ if not name.startswith("_unknown")]
        return {name: plain(getattr(value, name)) for name in names}
    return [plain(each) for each in value] if isinstance(value, list) else value


def encoded(reply):
    return json.dumps(reply, ensure_ascii=False).encode()


def put(path, key, value):
    reply = json.loads(json.dumps(REPLY))
    target = reply
    for step in path:
        target = target[step]
    target[key] = value
    return reply


@given(bodies, st.booleans())
@example(b'{"header": 1, "header": 2}', True)
def test_whatever_bytes_come_the_readers_agree(body, cropping) -> None:
    both(body, cropping)


@given(st.data(), st.booleans(), st.integers(0, 2**32), st.booleans())
def test_whatever_repeats_the_readers_agree(data, cropping, seed, trailing_commas) -> None:
    sent = data.draw(pages(cropping=cropping))
    body = write(sent, Writer(seed, trailing_commas=trailing_commas))
    _, careful = both(body, cropping)
    assert careful is not None


SPELLINGS = {
    "plain": '"{0}"',
    "escaped": '"\\u{1:04x}{2}"',
    "escaped in capitals": '"\\u{1:04X}{2}"',
}
LISTS = ("inferTexts", "boundingBoxes")


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize(
    "key", [*LISTS, "value", "conf", "x1", "fileType", "header", "listOfInferTexts", "more"]
)
@pytest.mark.parametrize("text", ["a", '"', "\\", '\\"', '"inferTexts"', "\\u0022", '","conf":1,"'])
def test_no_spelling_hides_a_repeated_key_from_the_fast_reader(spelling, key, text) -> None:
    spelt = spelling.format(key, ord(key[0]), key[1:])
    for written in (json.dumps(text), "".join(f"\\u{ord(c):04x}" for c in text).join('""')):
        body = json.dumps(page(texts=[{"inferTexts": [word("TEXT")]}], more=1))
        body = body.replace('"TEXT"', written)
        at = body.index(f'"{key}"')
        same = {"value": '""', "header": "{}", "fileType": '""'}.get(key, "0")
        same = "[]" if key in (*LISTS, "listOfInferTexts") else same
        twice = f"{body[:at]}{spelt}: {same}, {body[at:]}".encode()
        assert both(body.encode(), False)[0] is not None
        assert (both(twice, False)[0] is not None) == (key in LISTS)


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize("path", PLACES.values(), ids=PLACES)
def test_a_field_that_nobody_described_keeps_the_fast_reader(path, value) -> None:
    quick, _ = both(encoded(put(path, "more", value)), False)
    assert quick is not None
    assert quick.extra == ({"more": value} if path == ("result",) else {})


def test_some_kinds_of_unknown_fields_keep_the_fast_reader_and_very_many_do_not() -> None:
    assert both(encoded(put(("result",), "more", 1) | {str(i): i for i in range(10)}), False)[0]
    assert (
        both(encoded(put(("result",), "more", 1) | {str(i): i for i in range(99)}), False)[0]
        is None
    )


@pytest.mark.parametrize("name", ["", "`", "a.b", "a` - at `$.header`", "[0]", "x\ny", "다"])
def test_an_unknown_field_may_have_any_name(name) -> None:
    _, careful = both(encoded(put(("result",), name, 1)), False)
    assert careful.extra == {name: 1}


@pytest.mark.parametrize("text", ['5" x 7"', "C:\\", '\\"', "\\\\"])
def test_quotes_and_backslashes_in_words_keep_the_fast_reader(text) -> None:
    assert both(encoded(page(texts=[{"inferTexts": [word(text)]}])), False)[0] is not None


A = '"inferTexts": [{"value": "a", "conf": 1}]'
B = '"inferTexts": [{"value": "b", "conf": 1, "n": 2}]'
NONE = '"inferTexts": []'
LINES = {
    "empty first": f"{{{NONE}, {A}}}",
    "empty last": f"{{{A}, {NONE}}}",
    "three": f'{{{A}, "n": 1, {NONE}, {NONE}}}',
    "unknown field in the first": f"{{{B}, {A}}}",
    "unknown field in the last": f"{{{A}, {B}}}",
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_lists_under_a_repeated_key_keep_the_fast_reader(line) -> None:
    body = json.dumps(page(texts=["HERE", {"inferTexts": [word()]}, "HERE"], n=0))
    quick, _ = both(body.replace('"HERE"', line).encode(), False)
    assert quick is not None


NO_LISTS = [
    "7",
    "null",
    "{}",
    '"inferTexts"',
    "[7]",
    '[{"value": "a"}]',
    '[{"value":"a","value":"b","conf":1}]',
]


@pytest.mark.parametrize("value", NO_LISTS)
def test_what_stands_under_a_repeated_key_is_looked_at_each_time(value) -> None:
    for line in (f'{{"inferTexts": {value}, {A}}}', f'{{{A}, "inferTexts": {value}}}'):
        body = json.dumps(page(texts=["HERE"])).replace('"HERE"', line).encode()
        assert both(body, False) == (None, None)


def test_a_repeated_key_inside_of_a_repeated_list_of_lines_is_refused() -> None:
    line = '{"inferTexts": [], "inferTexts": []}'
    body = json.dumps(page(texts=["HERE"])).replace('"HERE"', line)
    body = body.replace('"listOfInferTexts"', f'"listOfInferTexts": [{line}], "listOfInferTexts"')
    assert both(body.encode(), False) == (None, None)


@pytest.mark.parametrize("result", [GENERAL, CROPPING], ids=["general", "cropping"])
def test_the_fields_with_a_place_by_hand_are_described(result) -> None:
    """mypy sees them where they are used, but not in the list that keeps them out of `extra`."""
    described = {part.name for part in CROPPING.parts}
    assert described >= places.BY_HAND
    assert {part.name for part in result.parts if part.required} <= places.BY_HAND
    assert not places.without_place(result.struct)


def test_all_versions_of_an_operation_are_answered_alike() -> None:
    """The readers know the shapes of v1.0: a version that differs needs readers of its own."""
    assert recognize_general_v11.Reply is recognize_general.Reply
    assert recognize_general_cropping_v11.Reply is recognize_general_cropping.Reply
