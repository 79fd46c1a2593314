"""Long images: the text once, in either frame."""

import random
from collections import Counter

import nhncloud_ocr_toolkit as toolkit
import pytest
from attrs import evolve
from nhncloud_ocr import Line, Word
from nhncloud_ocr_toolkit._geometry import shifted
from toolkit.pages import IMAGES, TALL, box, page, png, stored, stored_tall, word

SYLLABLES = "가나다라마바사아자차카타파하고노도로모보소오조초코토포호"


def moved(line, pixels):
    return Line(tuple(Word(w.text, w.confidence, shifted(w.box, pixels)) for w in line.words))


def of_slices(known):
    """The stored reply as it were if boxes counted from their slice."""
    lines = [
        moved(line, -start)
        for line, start in zip(known["page"].lines, known["slice_start_of_line"], strict=True)
    ]
    return evolve(known["page"], lines=tuple(lines))


@pytest.mark.parametrize("frame", ["image", "slice"])
@pytest.mark.parametrize("name", TALL)
def test_the_tall_pictures_have_each_line_once(name, frame) -> None:
    known = stored_tall(name)
    sent = known["page"] if frame == "image" else of_slices(known)
    merged = toolkit.merge_slices(sent, IMAGES / known["image"])
    assert merged.frame == frame
    want, have = Counter(known["merged"]), Counter(line.text for line in merged.page.lines)
    assert (want - have).total() <= 2
    assert (have - want).total() == 0
    assert merged.dropped == len(sent.lines) - len(merged.page.lines)

    places = {line.text: line.box for line in known["page"].lines}
    for line in merged.page.lines:
        if list(places).count(line.text) == 1 and want[line.text] == 1:
            assert abs(line.box.y1 - places[line.text].y1) < 40


@pytest.mark.parametrize("frame", ["image", "slice"])
@pytest.mark.parametrize("name", TALL)
def test_merging_twice_changes_nothing(name, frame) -> None:
    known = stored_tall(name)
    sent = known["page"] if frame == "image" else of_slices(known)
    once = toolkit.merge_slices(sent, IMAGES / known["image"]).page
    again = toolkit.merge_slices(once, IMAGES / known["image"])
    assert again.page == once
    assert again.dropped == 0


@pytest.mark.parametrize("name", TALL)
def test_a_reply_in_another_order_than_slice_by_slice_has_each_line_once(name) -> None:
    """From top to bottom, as somebody sorted it: boxes of the whole image are enough to go by."""
    known = stored_tall(name)
    lines = sorted(known["page"].lines, key=lambda line: line.box.y1)
    merged = toolkit.merge_slices(
        evolve(known["page"], lines=tuple(lines)), IMAGES / known["image"]
    )
    want, have = Counter(known["merged"]), Counter(line.text for line in merged.page.lines)
    assert merged.frame == "image"
    assert abs(len(merged.page.lines) - len(known["merged"])) <= 2
    assert (want - have).total() <= 6  # of two readings it may be the other one that is kept


def texts(merged):
    return [line.text for line in merged.page.lines]


def column(first, step, *names):
    return [[word(text, 40, first + step * index, 60, 30)] for index, text in enumerate(names)]


@pytest.mark.parametrize("frame", ["image", "slice"])
def test_equal_lines_that_follow_each_other_stay(frame) -> None:
    """Six equal lines, of which both slices show four: 32 lines, not 36, and not 27."""
    names = [f"줄 번호 {SYLLABLES[n]}{SYLLABLES[-n]}" for n in range(13)]
    whole = [*names, *["ㅋㅋ"] * 6, *[name[::-1] for name in names]]
    lines = page(*column(10, 50, *whole)).lines
    upper, lower = lines[:19], lines[15:]
    start = 740
    if frame == "slice":
        lower = [moved(line, -start) for line in lower]
    sent = evolve(page(), lines=(*upper, *lower), slices=2)
    merged = toolkit.merge_slices(sent, png(200, 1620))
    assert merged.frame == frame
    assert texts(merged) == whole
    assert merged.dropped == 4
    assert [line.box.y1 for line in merged.page.lines] == [10 + 50 * n for n in range(32)]


def chat(rng, height):
    top = 20
    while top < height - 80:
        said = rng.choice(["ㅋㅋ", "네", "감사합니다", "".join(rng.choices(SYLLABLES, k=9))])
        left = rng.choice([40, 400])
        yield [word(said, left, top, 28 * len(said), 28)]
        if rng.random() < 0.5:
            yield [word("오후", left, top + 38, 40, 18), word("3:12", left + 50, top + 38, 50, 18)]
        top += 80


def table(rng, height):
    for top in range(20, height - 60, 46):
        name, count = rng.choice(["사과", "포도", "바나나"]), rng.randint(1, 9)
        cells = [(name, 40), (str(count), 300), (f"{count * 1200:,}원", 500)]
        yield [word(text, left, top, 20 * len(text), 28) for text, left in cells]


@pytest.mark.parametrize("frame", ["image", "slice"])
@pytest.mark.parametrize("kind", [chat, table])
@pytest.mark.parametrize("slices", [2, 3, 5])
def test_without_an_overlap_nothing_is_dropped(kind, slices, frame) -> None:
    height = 1400 * slices
    lines = page(*kind(random.Random(slices), height)).lines
    if frame == "slice":
        lines = [moved(line, -1400 * int(line.box.y3 // 1400)) for line in lines]
    sent = evolve(page(), lines=tuple(lines), slices=slices)
    merged = toolkit.merge_slices(sent, png(720, height))
    assert merged.dropped == 0
    assert texts(merged) == [line.text for line in sent.lines]
    assert merged.frame == frame


def test_a_line_that_a_cut_went_through_loses_to_its_whole_copy() -> None:
    upper = column(10, 50, "가나다", "라마바", "사아자")
    cut = [word("ㅅㅇ", 40, 110, 60, 12)]
    lower = column(110, 50, "사아자", "차카타", "파하거")
    sent = page(*upper[:2], cut, *lower, slices=2)
    assert texts(toolkit.merge_slices(sent, png(200, 250))) == [
        "가나다",
        "라마바",
        "사아자",
        "차카타",
        "파하거",
    ]


def test_lines_without_boxes_stay_where_they_are() -> None:
    lines = [
        [Word("nowhere", 1)],
        *column(10, 50, "가", "나"),
        *column(60, 50, "나", "다"),
        [Word("gone", 1)],
    ]
    merged = toolkit.merge_slices(page(*lines, slices=2), png(100, 200))
    assert texts(merged) == ["nowhere", "가", "나", "다", "gone"]


def test_the_reply_stays_as_it_came() -> None:
    known = stored_tall(TALL[0])
    merged = toolkit.merge_slices(known["page"], IMAGES / known["image"])
    assert merged.page.raw == known["page"].raw
    assert known["page"].slices == 4
    assert merged.page.slices is None
    assert [len(boxes) for boxes in merged.page.boxes] == [
        len(line.words) for line in merged.page.lines
    ]


@pytest.mark.parametrize(
    "sent", [page(slices=3), page([word("a")], slices=1), page([Word("a", 1)], slices=9**9)]
)
def test_a_page_with_nothing_to_merge_comes_back(sent) -> None:
    merged = toolkit.merge_slices(sent, png(100, 900))
    assert merged.page.lines == sent.lines
    assert (merged.frame, merged.dropped) == ("image", 0)


def test_a_page_that_was_not_cropped_comes_back() -> None:
    receipt = stored("receipt")
    assert toolkit.merge_slices(receipt, png(480, 640)).page is receipt


def wide(frame):
    """Three lines of twelve words over 1,500 pixels, in two slices that share 300 of them."""
    texts = [[f"{SYLLABLES[row]}{SYLLABLES[n]}{n}" for n in range(12)] for row in range(3)]
    whole = [
        [word(text, 10 + 120 * n, 20 + 60 * row, 90, 30) for n, text in enumerate(line)]
        for row, line in enumerate(texts)
    ]
    left = [[each for each in line if each.box.x2 <= 900] for line in whole]
    right = [[each for each in line if each.box.x1 >= 600] for line in whole]
    if frame == "slice":
        right = [
            [Word(each.text, 0.9, shifted(each.box, 0, -600)) for each in line] for line in right
        ]
    return whole, page(*left, *right, slices=2)


@pytest.mark.parametrize("frame", ["image", "slice"])
def test_lines_of_a_wide_image_run_on_with_each_word_once(frame) -> None:
    whole, sent = wide(frame)
    merged = toolkit.merge_slices(sent, png(1500, 200))
    assert merged.frame == frame
    assert merged.page.lines == page(*whole).lines
    assert merged.dropped == len(sent.words) - len(merged.page.words)
    assert toolkit.merge_slices(merged.page, png(1500, 200)).page == merged.page


def test_columns_of_a_wide_image_stay_apart() -> None:
    left, right = (
        [word("가", 10, 10), word("나", 60, 10)],
        [word("다", 700, 10), word("라", 750, 10)],
    )
    sent = page(left, right, slices=2)
    assert toolkit.merge_slices(sent, png(800, 100)).page.lines == sent.lines


def test_a_merged_page_in_a_log_has_no_text() -> None:
    assert "secret" not in repr(toolkit.merge_slices(page([word("secret")], slices=2), png(9, 90)))


def test_fractions_of_pixels_and_turned_lines_are_merged() -> None:
    lines = [Line((Word(f"줄{n}", 1, box(10.5, 40.25 * n)),)) for n in range(20)]
    sent = evolve(page(), lines=(*lines[:12], *lines[9:]), slices=2)
    assert toolkit.merge_slices(sent, png(100, 830)).page.lines == tuple(lines)
