"""hOCR: whole pixels on the page, all text, one class a level."""

import math
import re

import nhncloud_ocr_toolkit as toolkit
import pytest
from hypothesis import given
from lxml import etree, html
from nhncloud_ocr import Quad, Word
from nhncloud_ocr_toolkit._clean import clean
from toolkit.pages import HARD_TEXTS, RECEIPT, box, page, pages, png, stored, turned_jpeg, word

IMAGE = png(200, 100)
XHTML = {"x": "http://www.w3.org/1999/xhtml"}

pytestmark = pytest.mark.filterwarnings("ignore::nhncloud_ocr_toolkit.PlacementWarning")


def tree(text):
    return etree.fromstring(text.encode())


def of_class(root, name):
    return root.xpath(f'//x:*[@class="{name}"]', namespaces=XHTML)


def texts(elements):
    return ["".join(each.itertext()) for each in elements]


def bbox(element):
    return tuple(
        map(int, re.search(r"bbox (\d+) (\d+) (\d+) (\d+)", element.get("title")).groups())
    )


def test_a_receipt_has_its_words_in_order_and_in_place() -> None:
    receipt = stored("receipt")
    root = tree(toolkit.hocr(receipt, RECEIPT))
    assert texts(of_class(root, "ocrx_word")) == [each.text.strip() for each in receipt.words]
    assert texts(of_class(root, "ocr_line")) == [
        "\n".join(each.text.strip() for each in line.words) for line in receipt.lines
    ]
    for element, each in zip(of_class(root, "ocrx_word"), receipt.words, strict=True):
        assert bbox(element) == (each.box.x1, each.box.y1, each.box.x3, each.box.y3)
        assert f"x_wconf {round(100 * each.confidence)}" in element.get("title")
    (ocr_page,) = of_class(root, "ocr_page")
    assert ocr_page.get("title").startswith('image "s08_mixed_receipt.png"; bbox 0 0 480 640')


def test_html_parsers_read_it_too() -> None:
    text = toolkit.hocr(page([word("a < b"), word("& c", 60)]), IMAGE)
    words = html.document_fromstring(text.encode()).find_class("ocrx_word")
    assert [each.text_content() for each in words] == ["a < b", "& c"]


@pytest.mark.parametrize("text", HARD_TEXTS, ids=range(len(HARD_TEXTS)))
def test_hard_texts_are_kept_or_replaced_as_documented(text) -> None:
    root = tree(toolkit.hocr(page([word(text)]), IMAGE))
    assert texts(of_class(root, "ocrx_word")) == [clean(text).strip()]


@given(pages)
def test_any_page_gives_a_sound_file_with_all_its_text(any_page) -> None:
    root = tree(toolkit.hocr(any_page, IMAGE))
    body = "".join(root.find("x:body", XHTML).itertext()).split()
    assert body == " ".join(clean(each.text) for each in any_page.words).split()
    for element in root.xpath("//*[contains(@title, 'bbox')]"):
        left, top, right, bottom = bbox(element)
        assert 0 <= left <= right <= 200
        assert 0 <= top <= bottom <= 100


def test_fractions_widen_and_what_lies_outside_is_cut_off() -> None:
    root = tree(toolkit.hocr(page([Word("a", 1, box(-5.5, 10.2, 300, 5.1))]), IMAGE))
    assert bbox(of_class(root, "ocrx_word")[0]) == (0, 10, 200, 16)


def test_words_without_a_box_stay_as_text_and_are_counted() -> None:
    lost = page([word("placed"), Word("lost", 0.5)], [Word("gone", 0.5)])
    with pytest.warns(toolkit.PlacementWarning, match="2 words have no box") as caught:
        text = toolkit.hocr(lost, IMAGE)
    assert caught[0].message.count == 2
    assert caught[0].filename == __file__
    root = tree(text)
    assert texts(of_class(root, "ocrx_word")) == ["placed"]
    assert '<meta name="nhncloud-ocr-unplaced-words" content="2"/>' in text
    assert "lost" in text and "gone" in text


def turned(degrees, left=100, top=50, width=60, height=20):
    """A word turned clockwise about its middle."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    corners = [(-width, -height), (width, -height), (width, height), (-width, height)]
    points = [(left + (x * c - y * s) / 2, top + (x * s + y * c) / 2) for x, y in corners]
    return Quad(*(value for point in points for value in point))


@pytest.mark.parametrize(("degrees", "angle"), [(90, 270), (180, 180), (-90, 90), (-100, 100)])
def test_a_line_on_its_side_has_a_text_angle_counter_clockwise(degrees, angle) -> None:
    root = tree(toolkit.hocr(page([Word("a", 1, turned(degrees))]), IMAGE))
    assert f"textangle {angle}" in of_class(root, "ocr_line")[0].get("title")


def test_a_leaning_line_has_a_baseline_that_leans() -> None:
    root = tree(toolkit.hocr(page([Word("a", 1, turned(7))]), IMAGE))
    slope, offset = re.search(
        r"baseline (\S+) (\S+)", of_class(root, "ocr_line")[0].get("title")
    ).groups()
    assert float(slope) == pytest.approx(math.tan(math.radians(7)), abs=0.001)
    assert -10 <= int(offset) <= 0


def test_upright_boxes_on_leaning_lines_have_a_baseline_that_leans() -> None:
    title = of_class(tree(toolkit.hocr(stored("receipt-12-degrees"), png(480, 640))), "ocr_line")[
        5
    ].get("title")
    assert float(re.search(r"baseline (\S+)", title)[1]) == pytest.approx(0.21, abs=0.02)


def test_a_turned_image_is_as_large_as_its_frame_says() -> None:
    image = turned_jpeg(6, 200, 100)
    empty = page()
    assert 'bbox 0 0 100 200"' in toolkit.hocr(empty, image).replace(";", '"')
    assert 'bbox 0 0 200 100"' in toolkit.hocr(empty, image, frame="stored").replace(";", '"')
