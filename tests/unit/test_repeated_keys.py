"""Whatever repeats, and however it is spelt: no word is lost, and none changes its place."""

import json
from itertools import chain

import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr import Quad
from unit.replies import Page, Writer, pages, write
from unit.support import Answer, answer, box, page, word

seeds = st.integers(0, 2**32)


def model_of_boxes(sent: Page) -> list[Quad | None]:
    """The design's rules of pairing, in their own words."""
    found: list[Quad | None] = []
    for i, texts in enumerate(sent.texts):
        words = list(chain(*texts))
        boxes = sent.boxes[i] if len(sent.boxes) == len(sent.texts) else []
        flat = [Quad(*corners) for corners in chain(*boxes)]
        if len(texts) > 1 and len(boxes) > 1:
            fits = [len(group) for group in texts] == [len(group) for group in boxes]
        else:
            fits = len(words) == len(flat)
        found += flat if fits else [None] * len(words)
    return found


@pytest.mark.parametrize("cropping", [False, True], ids=["general", "cropping"])
@given(st.data(), seeds, st.booleans())
def test_nothing_is_lost_in_any_arrangement(sync, cropping, data, seed, trailing_commas) -> None:
    sent = data.draw(pages(cropping=cropping))
    body = write(sent, Writer(seed, trailing_commas=trailing_commas))

    read = sync.read(Answer(body), cropping=cropping)

    lines = [group for outer in sent.texts for group in outer if group]
    assert [[(w.text, w.confidence) for w in line.words] for line in read.lines] == lines
    assert [w.box for w in read.words] == model_of_boxes(sent)
    assert read.boxes == tuple(tuple(Quad(*c) for c in chain(*outer)) for outer in sent.boxes)
    assert (read.file_type, read.slices, read.extra) == ("png", sent.slices, sent.extra)


@given(st.data(), seeds, seeds)
def test_the_spelling_of_a_reply_changes_nothing(sync, data, one, other) -> None:
    sent = data.draw(pages(cropping=False))
    bodies = [write(sent, Writer(seed, trailing_commas=seed % 2 == 1)) for seed in (one, other)]
    first, second = (sync.read(Answer(body)) for body in bodies)
    assert first == second


@given(st.data())
def test_a_plain_reply_reads_the_same_beside_an_unknown_field(sync, data) -> None:
    """The quick reader takes the first; the unknown field sends the second to the careful one."""
    sent = data.draw(pages(cropping=False))
    once = Page([o[:1] for o in sent.texts], [o[:1] for o in sent.boxes], None, {})
    plain = write(once, Writer(0, trailing_commas=False))
    strange = write(
        Page(once.texts, once.boxes, None, {"strange": '\\"'}), Writer(0, trailing_commas=False)
    )
    quick, careful = sync.read(Answer(plain)), sync.read(Answer(strange))
    assert (quick.lines, quick.words, quick.boxes) == (careful.lines, careful.words, careful.boxes)
    assert (quick.extra, careful.extra) == ({}, {"strange": '\\"'})


QUOTES = ['"', '\\"', '""', 'a"b', "\\", '\\\\"', '","value":"', '"}],"inferTexts":[']


@pytest.mark.parametrize("text", QUOTES)
@pytest.mark.parametrize(
    "spelling", [json.dumps, lambda text: '"' + "".join(f"\\u{ord(c):04x}" for c in text) + '"']
)
def test_quotes_in_a_word_hide_no_repeated_key(sync, text, spelling) -> None:
    group = f'"inferTexts": [{{"value": {spelling(text)}, "conf": 1}}]'
    body = json.dumps(page(texts=["HERE"], boxes=[])).replace('"HERE"', f"{{{group}, {group}}}")
    assert [line.text for line in sync.read(Answer(body.encode())).lines] == [text.strip()] * 2


def test_a_key_repeated_in_escapes_is_the_same_key(sync) -> None:
    body = json.dumps(page(texts=["HERE"], boxes=[])).replace(
        '"HERE"',
        '{"inferTexts": [{"value":"a","conf":1}], "\\u0069nferTexts": [{"value":"b","conf":1}]}',
    )
    assert sync.read(Answer(body.encode())).text == "a\nb"


@pytest.mark.parametrize("last", ["null", "1e999", '{"a": [1]}', '"text"'])
def test_of_an_unknown_key_the_last_wins(sync, last) -> None:
    body = json.dumps(page()).replace('"fileType"', f'"strange": 1, "strange": {last}, "fileType"')
    result = sync.read(Answer(body.encode()))
    assert result.extra == {"strange": json.loads(last)}
    assert result.raw.count(b'"strange"') == 2


def test_documented_names_inside_an_unknown_field_are_unknown_there(sync) -> None:
    body = json.dumps(page()).replace(
        '"fileType"', '"strange": {"value": 1, "value": 2, "header": []}, "fileType"'
    )
    assert sync.read(Answer(body.encode())).extra == {"strange": {"value": 2, "header": []}}


def test_an_unknown_key_repeated_beside_the_words_costs_no_word(sync) -> None:
    line = (
        '{"n": 1, "inferTexts": [{"value":"a","conf":1}],'
        ' "n": 2, "inferTexts": [{"value":"b","conf":1}]}'
    )
    body = json.dumps(page(texts=["HERE"])).replace('"HERE"', line)
    assert [found.text for found in sync.read(Answer(body.encode())).lines] == ["a", "b"]


def test_an_unknown_key_repeated_inside_a_word_and_a_box_is_tolerated(sync) -> None:
    body = (
        json.dumps(page())
        .replace('"conf"', '"lang": "a", "lang": "b", "conf"')
        .replace('"x1"', '"z":1,"z":2,"x1"')
    )
    assert sync.read(Answer(body.encode())).words[0].box == Quad(**box())


def test_the_order_of_outer_lines_is_kept(sync) -> None:
    texts = [{"inferTexts": [word(str(i))]} for i in range(50)]
    assert [line.text for line in sync.read(answer(page(texts=texts, boxes=[]))).lines] == [
        str(i) for i in range(50)
    ]
