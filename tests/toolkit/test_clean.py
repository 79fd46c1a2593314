"""One rule for what files cannot carry."""

import pytest
from hypothesis import given, strategies as st
from lxml import etree
from nhncloud_ocr_toolkit._clean import clean


@pytest.mark.parametrize(
    "kept",
    [
        "합계",
        "\u1112\u1161\u11b8",
        "👨‍👩‍👧",
        "<b>&amp;</b>",
        " a  b ",
        "\u202e",
        "\u200b",
        "\ufeff",
    ],
)
def test_text_stays_as_sent(kept) -> None:
    assert clean(kept) == kept


def test_what_breaks_lines_and_cells_becomes_a_space() -> None:
    assert clean("a\tb\nc\r\nd\x85e\u2028f\x1eg") == "a b c d e f g"


def test_what_no_file_carries_becomes_the_replacement_character() -> None:
    assert clean("a\0b\x07c\x7fd\ud800e\uffff") == "a�b�c�d�e�"


@given(st.text(st.characters()))
def test_any_text_is_fit_for_xml_and_utf8_and_stays_one_line(text) -> None:
    cleaned = clean(text)
    element = etree.Element("text")
    element.text = cleaned
    assert etree.fromstring(etree.tostring(element)).text == (cleaned or None)
    assert len((cleaned + "x").splitlines()) == 1
    assert clean(cleaned) == cleaned
