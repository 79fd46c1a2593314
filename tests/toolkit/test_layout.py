"""Text as it lies on the page."""

import unicodedata

import nhncloud_ocr_toolkit as toolkit
import pytest
from hypothesis import given
from nhncloud_ocr import Word
from nhncloud_ocr_toolkit._clean import clean
from nhncloud_ocr_toolkit._layout import columns
from toolkit.pages import page, pages, stored, word
from toolkit.turning import turned_page


def amounts(text):
    """Where each line's last column ends, in cells."""
    return {columns(line) for line in text.splitlines() if line.endswith("원")}


def test_a_receipts_columns_stay() -> None:
    text = toolkit.layout_text(stored("receipt"))
    lines = text.splitlines()
    assert lines[9].split() == ["합계", "29,800원"]
    assert len(amounts(text)) == 1
    starts = {line.index("  " + count) for line, count in ((lines[4], "2"), (lines[7], "3"))}
    assert all(start > 5 for start in starts)


@pytest.mark.parametrize("degrees", [7, -12, 90, 180, 270])
def test_a_turned_receipt_reads_as_an_upright_one(degrees) -> None:
    receipt = stored("receipt")
    turned = turned_page(receipt, degrees)
    upright = [line.split() for line in toolkit.layout_text(receipt).splitlines()]
    assert [line.split() for line in toolkit.layout_text(turned).splitlines()] == upright


def test_a_leaning_receipt_with_upright_boxes_keeps_its_rows() -> None:
    lines = toolkit.layout_text(stored("receipt-12-degrees")).splitlines()
    assert [line.split() for line in lines if line.startswith("합계")] == [
        ["합계", "29,", "869.9)"]
    ]


def test_hangul_counts_two_cells_however_it_is_composed() -> None:
    assert columns("합계1") == 5
    assert columns(unicodedata.normalize("NFD", "합계1")) == 5


def test_words_without_a_box_follow_below() -> None:
    lost = page([Word("lost", 1), word("here")], [Word("gone", 1), Word("too", 1)])
    assert toolkit.layout_text(lost).splitlines() == ["here", "lost", "gone too"]


def test_one_tiny_letter_does_not_make_megabytes() -> None:
    wide = page([word("a", 0, 0, 0.001), word("b", 1_000_000, 0, 0.001)])
    assert len(toolkit.layout_text(wide)) < 1000


@given(pages)
def test_no_word_is_left_out(any_page) -> None:
    want = sorted(" ".join(clean(each.text) for each in any_page.words).split())
    assert sorted(toolkit.layout_text(any_page).split()) == want


def test_a_page_without_words_is_empty() -> None:
    assert toolkit.layout_text(page()) == ""
