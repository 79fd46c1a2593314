"""Rows, and the three kinds of file they are written to."""

import csv
import io
import json

import nhncloud_ocr_toolkit as toolkit
import pytest
from hypothesis import given
from nhncloud_ocr import Quad, Word
from nhncloud_ocr_toolkit._clean import clean
from toolkit.pages import HARD_TEXTS, page, pages, stored, word

# fmt: off
COLUMNS = [
    "page", "line", "word", "text", "confidence", "x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4",
    "left", "top", "width", "height",
]
# fmt: on


def test_a_row_has_all_there_is_of_a_word() -> None:
    leaning = Word(" 합계", 0.5, Quad(1, 2, 11, 3, 10, 8.5, 0, 7))
    (row,) = toolkit.rows(page([leaning]))
    assert list(row) == COLUMNS
    assert list(row.values()) == [1, 1, 1, " 합계", 0.5, 1, 2, 11, 3, 10, 8.5, 0, 7, 0, 2, 11, 6.5]


def test_rows_count_lines_and_words_and_name_the_page() -> None:
    found = toolkit.rows(page([word("a"), word("b")], [word("c")]), number=7)
    assert [(row["page"], row["line"], row["word"]) for row in found] == [
        (7, 1, 1),
        (7, 1, 2),
        (7, 2, 1),
    ]


def test_a_word_without_a_box_is_a_row_with_empty_cells() -> None:
    (row,) = toolkit.rows(page([Word("a", 1)]))
    assert set(list(row.values())[5:]) == {None}
    assert toolkit.csv(page([Word("a", 1)])).splitlines()[1] == "1,1,1,a,1" + "," * 12


@pytest.mark.parametrize(("write", "dialect"), [(toolkit.csv, "excel"), (toolkit.tsv, "excel-tab")])
@given(any_page=pages)
def test_what_is_written_is_read_again(write, dialect, any_page) -> None:
    text = write(any_page, guard=False)
    text.encode("utf-8")
    header, *read = csv.reader(io.StringIO(text), dialect)
    assert header == COLUMNS
    assert [row[3] for row in read] == [clean(each.text) for each in any_page.words]
    for row, want in zip(read, toolkit.rows(any_page), strict=True):
        assert [cell and float(cell) for cell in row[4:]] == [
            "" if value is None else float(value) for value in list(want.values())[4:]
        ]
    assert len(text.splitlines()) == len(read) + 1


@given(any_page=pages)
def test_json_lines_are_read_again(any_page) -> None:
    lines = toolkit.jsonl(any_page).splitlines()
    for line, row in zip(lines, toolkit.rows(any_page), strict=True):
        assert json.loads(line) == {**row, "text": clean(row["text"])}


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+82-2-123", "-cmd|' /C calc'!A0", "@SUM(A1)", " =1", "\t=1", "＝1+1", "-1,000원"],
)
def test_a_formula_is_guarded_unless_asked_not_to(text) -> None:
    for write, dialect in ((toolkit.csv, "excel"), (toolkit.tsv, "excel-tab")):
        guarded, bare = (
            list(csv.reader(io.StringIO(write(page([word(text)]), guard=guard)), dialect))[1][3]
            for guard in (True, False)
        )
        assert guarded == "'" + clean(text)
        assert bare == clean(text)


@pytest.mark.parametrize("text", ["-1,000", "+3.5", "-5%", "29,800원", "a=b", "1-2"])
def test_a_number_is_no_formula(text) -> None:
    assert next(csv.reader(io.StringIO(toolkit.csv(page([word(text)])).splitlines()[1])))[3] == text


def test_hard_texts_fill_one_line_each() -> None:
    hard = page(*[[word(text)] for text in HARD_TEXTS])
    for write in (toolkit.csv, toolkit.tsv):
        assert len(write(hard).splitlines()) == len(HARD_TEXTS) + 1
    assert len(toolkit.jsonl(hard).splitlines()) == len(HARD_TEXTS)


def test_letters_stay_letters() -> None:
    assert "합계" in toolkit.jsonl(stored("receipt"))


def test_a_confidence_that_is_no_number_is_null_in_json() -> None:
    line = toolkit.jsonl(page([Word("a", float("nan"))]))
    assert json.loads(line)["confidence"] is None
