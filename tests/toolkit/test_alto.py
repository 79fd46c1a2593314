"""ALTO: valid by the official schemas of 4.4 and 4.3, with all text and each corner."""

import os
from functools import cache
from pathlib import Path

import nhncloud_ocr_toolkit as toolkit
import pytest
from hypothesis import given
from lxml import etree
from nhncloud_ocr import Quad, Word
from nhncloud_ocr_toolkit._clean import clean
from toolkit.pages import DATA, HARD_TEXTS, RECEIPT, page, pages, png, stored, word

IMAGE = png(200, 100)
ALTO = {"a": "http://www.loc.gov/standards/alto/ns-v4#"}
XLINK = "http://www.loc.gov/standards/xlink/xlink.xsd"

pytestmark = pytest.mark.filterwarnings("ignore::nhncloud_ocr_toolkit.PlacementWarning")


@cache
def schemas():
    """The official schemas, with XLink's from beside them instead of from the net."""
    here = (DATA / "alto" / "xlink.xsd").as_uri()
    asked_for = os.environ.get("ALTO_SCHEMA")
    paths = [Path(asked_for)] if asked_for else sorted((DATA / "alto").glob("alto-*.xsd"))
    texts = [path.read_text("utf-8").replace(XLINK, here) for path in paths]
    return [etree.XMLSchema(etree.fromstring(text.encode())) for text in texts]


def valid(text):
    root = etree.fromstring(text.encode())
    for schema in schemas():
        schema.assertValid(root)
    return root


def strings(root):
    return root.findall(".//a:String", ALTO)


def test_a_receipt_is_valid_with_its_words_in_place() -> None:
    receipt = stored("receipt")
    root = valid(toolkit.alto(receipt, RECEIPT))
    assert root.get("SCHEMAVERSION") == "4.4"
    assert [each.get("CONTENT") for each in strings(root)] == [
        each.text.strip() for each in receipt.words
    ]
    for element, each in zip(strings(root), receipt.words, strict=True):
        assert float(element.get("WC")) == pytest.approx(each.confidence)
        assert float(element.get("HPOS")) == each.box.x1
        assert float(element.get("HEIGHT")) == each.box.y3 - each.box.y1
    assert len(root.findall(".//a:SP", ALTO)) == len(receipt.words) - len(receipt.lines)
    assert root.find(".//a:fileName", ALTO).text == "s08_mixed_receipt.png"


@pytest.mark.parametrize("text", HARD_TEXTS, ids=range(len(HARD_TEXTS)))
def test_hard_texts_are_kept_or_replaced_as_documented(text) -> None:
    root = valid(toolkit.alto(page([word(text)]), IMAGE))
    assert [each.get("CONTENT") for each in strings(root)] == [clean(text).strip()]


@given(pages)
def test_any_page_is_valid_and_has_all_its_text(any_page) -> None:
    root = valid(toolkit.alto(any_page, IMAGE))
    assert [each.get("CONTENT") for each in strings(root)] == [
        clean(each.text).strip() for each in any_page.words
    ]
    for element in strings(root):
        if element.get("HPOS"):
            assert 0 <= float(element.get("HPOS")) <= 200
            assert 0 <= float(element.get("VPOS")) + float(element.get("HEIGHT")) <= 100.01


def test_a_turned_word_keeps_its_corners() -> None:
    leaning = Quad(10.5, 10, 50, 20.25, 45, 40, 5, -30)
    root = valid(toolkit.alto(page([Word("a", 1, leaning), word("b")]), IMAGE))
    (polygon,) = root.findall(".//a:Polygon", ALTO)
    assert polygon.get("POINTS") == "10.5,10 50,20.25 45,40 5,-30"


def test_words_without_a_box_are_strings_without_a_place_and_are_counted() -> None:
    with pytest.warns(toolkit.PlacementWarning, match="1 word has no box"):
        text = toolkit.alto(page([word("placed"), Word("lost", 0.5)]), IMAGE)
    root = valid(text)
    assert [each.get("HPOS") for each in strings(root)] == ["10", None]
    assert "1 words have no place" in root.find(".//a:processingStepDescription", ALTO).text


def test_a_page_without_text_is_valid() -> None:
    assert strings(valid(toolkit.alto(page(), IMAGE))) == []


def test_the_schemas_are_those_of_the_version_we_name_and_of_the_one_before() -> None:
    versions = [path.stem for path in sorted((DATA / "alto").glob("alto-*.xsd"))]
    assert versions == ["alto-4-3", "alto-4-4"]
    assert "alto-4-4.xsd" in toolkit.alto(page(), IMAGE)
