"""Replies as the guide prints them, and as nobody would: every export takes every result."""

import json
import warnings
from collections.abc import Callable

import nhncloud_ocr_toolkit as toolkit
import pytest
from attrs import evolve
from hypothesis import given, strategies as st
from lxml import etree
from nhncloud_ocr import OcrResult, Quad, Word
from toolkit.pages import DATA, page, pages, png, read, word

IMAGE = png(200, 100)
PLACING: dict[str, Callable[[OcrResult, bytes], object]] = {
    "hocr": toolkit.hocr,
    "alto": toolkit.alto,
    "svg": toolkit.svg,
    "draw": toolkit.draw,
    "view": toolkit.view,
}
LISTING: dict[str, Callable[[OcrResult], str]] = {
    "csv": toolkit.csv,
    "tsv": toolkit.tsv,
    "jsonl": toolkit.jsonl,
    "layout_text": toolkit.layout_text,
}


@pytest.mark.parametrize("name", PLACING)
@pytest.mark.parametrize("sample", ["guide-general", "guide-cropping"])
def test_the_guides_samples_are_exported_and_their_lost_words_counted(name, sample) -> None:
    guide = read((DATA / f"{sample}.json").read_bytes(), cropping=sample == "guide-cropping")
    lost = sum(each.box is None for each in guide.words)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert PLACING[name](guide, png(2000, 2000))
    told = [each.message.count for each in caught if each.category is toolkit.PlacementWarning]
    assert told == ([lost] if lost else [])


@pytest.mark.parametrize("name", LISTING)
def test_what_needs_no_place_has_every_word_and_gives_no_warning(name) -> None:
    guide = read((DATA / "guide-general.json").read_bytes())
    for each in guide.words:
        assert each.text.strip() in LISTING[name](guide)


def repeated(*groups: list[str]) -> bytes:
    """A reply with the key `inferTexts` repeated, a group for each, as the guide's sample has."""
    texts = ",".join(
        f'"inferTexts":{json.dumps([{"value": text, "conf": 0.9} for text in group])}'
        for group in groups
    )
    boxes = [
        {f"{axis}{n}": 10 * index + n for n in range(1, 5) for axis in "xy"}
        for index in range(sum(map(len, groups)))
    ]
    return (
        '{"header":{"isSuccessful":true,"resultCode":0,"resultMessage":"SUCCESS"},"result":{'
        f'"fileType":"png","listOfInferTexts":[{{{texts}}}],'
        f'"listOfBoundingBoxes":[{{"boundingBoxes":{json.dumps(boxes)}}}]}}}}'
    ).encode()


def test_groups_of_a_repeated_key_are_lines_of_the_export() -> None:
    reply = read(repeated(["가", "나"], ["다"]))
    assert [(row["line"], row["text"]) for row in toolkit.rows(reply)] == [
        (1, "가"),
        (1, "나"),
        (2, "다"),
    ]
    root = etree.fromstring(toolkit.alto(reply, IMAGE).encode())
    assert len(root.findall(".//{*}TextLine")) == 2


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1e300, 1e9])
def test_a_box_that_is_nowhere_counts_as_none(value) -> None:
    lost = page([Word("lost", 0.9, Quad(0, 0, value, 0, 5, 5, 0, 5)), word("here")])
    with pytest.warns(toolkit.PlacementWarning, match="1 word"):
        toolkit.hocr(lost, IMAGE)
    assert [row["x1"] for row in toolkit.rows(lost)] == [None, 10]
    json.loads(toolkit.jsonl(lost).splitlines()[0])


def test_a_page_whose_every_box_is_a_point_is_exported() -> None:
    points = page([Word("a", 1, Quad(*[5] * 8)), Word("b", 1, Quad(*[5] * 8))])
    for export in PLACING.values():
        assert export(points, IMAGE)
    assert toolkit.layout_text(points).split() == ["a", "b"]
    assert toolkit.right_of(points, points.words[0]) == []


@given(pages, st.integers(2, 6), st.sampled_from([(200, 3000), (100, 101), (7, 7), (900, 90)]))
def test_merging_takes_any_page_and_loses_no_line_without_a_box(any_page, slices, size) -> None:
    sent = evolve(any_page, slices=slices)
    merged = toolkit.merge_slices(sent, png(*size))
    if size[0] <= size[1]:
        assert len(merged.page.lines) == len(sent.lines) - merged.dropped
    else:
        assert len(merged.page.words) == len(sent.words) - merged.dropped
    boxless = [line.text for line in sent.lines if any(each.box is None for each in line.words)]
    assert [text for text in boxless if text not in [line.text for line in merged.page.lines]] == []
    again = toolkit.merge_slices(merged.page, png(*size))
    assert (again.page, again.dropped) == (merged.page, 0)


@given(pages)
def test_a_drawing_takes_any_page(any_page) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", toolkit.PlacementWarning)
        assert toolkit.draw(any_page, IMAGE).startswith(b"\x89PNG")
