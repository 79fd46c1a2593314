"""SVG: a polygon a word over the picture, and nothing that runs."""

import base64

import nhncloud_ocr_toolkit as toolkit
import pytest
from hypothesis import given
from lxml import etree
from nhncloud_ocr import Word
from nhncloud_ocr_toolkit._clean import clean
from toolkit.pages import HARD_TEXTS, RECEIPT, box, page, pages, png, stored, turned_jpeg, word

IMAGE = png(200, 100)
SVG = {"s": "http://www.w3.org/2000/svg"}
ELEMENTS = {"svg", "desc", "image", "g", "polygon", "title"}

pytestmark = pytest.mark.filterwarnings("ignore::nhncloud_ocr_toolkit.PlacementWarning")


def tree(text):
    root = etree.fromstring(text.encode(), etree.XMLParser(huge_tree=True))
    assert {etree.QName(each).localname for each in root.iter()} <= ELEMENTS
    assert not [name for each in root.iter() for name in each.attrib if name.startswith("on")]
    return root


def test_a_receipt_has_its_image_and_a_polygon_for_each_word() -> None:
    receipt = stored("receipt")
    root = tree(toolkit.svg(receipt, RECEIPT))
    href = root.find("s:image", SVG).get("{http://www.w3.org/1999/xlink}href")
    assert base64.b64decode(href.removeprefix("data:image/png;base64,")) == RECEIPT.read_bytes()
    titles = [each.text for each in root.findall(".//s:polygon/s:title", SVG)]
    assert titles == [f"{each.text.strip()} ({each.confidence:.0%})" for each in receipt.words]
    assert root.get("viewBox") == "0 0 480 640"


@pytest.mark.parametrize("text", HARD_TEXTS, ids=range(len(HARD_TEXTS)))
def test_hard_texts_are_kept_or_replaced_as_documented(text) -> None:
    root = tree(toolkit.svg(page([word(text)]), IMAGE))
    assert root.find(".//s:title", SVG).text == f"{clean(text).strip()} (90%)"


@given(pages)
def test_any_page_gives_a_sound_file(any_page) -> None:
    root = tree(toolkit.svg(any_page, IMAGE))
    lost = root.find("s:desc", SVG)
    unplaced = int(lost.text.split()[0]) if lost is not None else 0
    assert len(root.findall(".//s:polygon", SVG)) == len(any_page.words) - unplaced


def test_words_without_a_box_are_counted() -> None:
    with pytest.warns(toolkit.PlacementWarning):
        text = toolkit.svg(page([Word("lost", 0.5)]), IMAGE)
    assert "<desc>1 words have no box.</desc>" in text


def test_boxes_of_the_stored_frame_are_turned_with_the_picture() -> None:
    found = page([Word("a", 1, box(10, 20))])
    assert "transform" not in toolkit.svg(found, turned_jpeg(6))
    text = toolkit.svg(found, turned_jpeg(6), frame="stored")
    assert 'viewBox="0 0 100 200"' in text
    assert 'transform="matrix(0 1 -1 0 100 0)"' in text
