"""Finding text, misread too, and what stands beside it."""

import unicodedata

import nhncloud_ocr_toolkit as toolkit
import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr import Word
from nhncloud_ocr_toolkit._likeness import distance
from rapidfuzz.distance import Levenshtein
from toolkit.pages import page, pages, stored, word
from toolkit.turning import turned_page


def words_of(*lines):
    return page(*[[Word(text, 1) for text in line.split()] for line in lines])


def found(text, *lines, **options):
    return [match.text for match in toolkit.find(words_of(*lines), text, **options)]


@given(st.text("가나각합함 계a1ㅋ", max_size=40), st.text("가나각합함 계a1ㅋ", max_size=40))
def test_the_distance_is_levenshteins(one, other) -> None:
    assert distance(one, other) == Levenshtein.distance(one, other)


def test_a_misread_word_is_found_and_a_different_one_is_not() -> None:
    assert found("합계", "함계 총계 결제 합계") == ["합계", "함계"]
    assert found("부가세", "부가서 부과금") == ["부가서"]


def test_scores_are_the_share_of_letters_that_agree() -> None:
    scores = {
        match.text: match.score for match in toolkit.find(words_of("합계 함계 총계"), "합계", 0.0)
    }
    assert scores["합계"] == 1
    assert scores["함계"] == pytest.approx(0.8)


def test_words_that_hold_the_query_are_found() -> None:
    assert found("합계", "합계: 29,800원") == ["합계:"]
    assert found("합계", "총합계금액") == ["총합계금액"]
    assert found("합계", "조합 계산") == []


def test_composition_case_and_blanks_do_not_count() -> None:
    assert len(found("합계", unicodedata.normalize("NFD", "합계"))) == 1
    assert found("total", "TOTAL") == ["TOTAL"]
    assert found("합 계", "합계") == ["합계"]
    assert found("합계", "합 계") == ["합 계"]


def test_a_query_of_several_words_is_found_over_the_end_of_a_line() -> None:
    assert found("카드 결제 금액", "총 카드", "결제 금액 원") == ["카드 결제 금액"]
    assert found("카드 결제", "가드 결재") == ["가드 결재"]


def test_a_word_is_not_found_over_the_end_of_a_line() -> None:
    assert found("합계", "합", "계") == []


def test_matches_hold_the_words_of_the_page_in_reading_order() -> None:
    receipt = stored("receipt")
    first, second = toolkit.find(receipt, "29,800원")
    assert [first.words[0] in receipt.words, second.words[0] in receipt.words] == [True, True]
    assert first.words[0].box.y1 < second.words[0].box.y1


def test_a_match_in_a_log_has_no_text() -> None:
    (match,) = toolkit.find(words_of("secret"), "secret")
    assert "secret" not in repr(match)


@pytest.mark.parametrize("query", ["", "  "])
def test_nothing_cannot_be_found(query) -> None:
    with pytest.raises(ValueError, match="empty"):
        toolkit.find(words_of("a"), query)


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_threshold_is_a_share(threshold) -> None:
    with pytest.raises(ValueError, match="threshold"):
        toolkit.find(words_of("a"), "a", threshold)


@given(pages, st.text("가함합a ", min_size=1, max_size=5).filter(str.strip))
def test_matches_share_no_word(any_page, query) -> None:
    matches = toolkit.find(any_page, query, 0.3)
    assert sum(len(match.words) for match in matches) <= len(any_page.words)
    assert [match.score for match in matches] == sorted((m.score for m in matches), reverse=True)


def texts(words):
    return [each.text for each in words]


@pytest.mark.parametrize("degrees", [0, 12, 90, 180, 270, -12, 45])
def test_the_sum_stands_to_the_right_however_the_receipt_lies(degrees) -> None:
    receipt = turned_page(stored("receipt"), degrees)
    (total,) = toolkit.find(receipt, "합계")
    assert texts(toolkit.right_of(receipt, total)) == ["29,800원"]
    (amount,) = toolkit.right_of(receipt, total)
    assert texts(toolkit.left_of(receipt, amount)) == ["합계"]
    assert texts(toolkit.below(receipt, total))[0] == "부가세"
    (tax,) = toolkit.find(receipt, "부가세")
    assert texts(toolkit.above(receipt, tax.words[0]))[0] == "합계"
    (paid,) = toolkit.find(receipt, "카드 결제")
    assert texts(toolkit.right_of(receipt, paid)) == ["29,800원"]


@pytest.mark.parametrize("name", ["receipt-12-degrees", "receipt-photo"])
def test_upright_boxes_on_a_leaning_receipt_have_their_sum_beside_them(name) -> None:
    receipt = stored(name)
    (total,) = toolkit.find(receipt, "합계")
    assert "".join(texts(toolkit.right_of(receipt, total))).startswith("29,8")


def test_the_nearest_stands_first() -> None:
    row = page([word("a", 10), word("c", 200), word("b", 100)])
    assert texts(toolkit.right_of(row, row.words[0])) == ["b", "c"]
    assert texts(toolkit.left_of(row, row.words[1])) == ["b", "a"]


def test_words_without_a_box_are_nobodys_neighbours() -> None:
    row = page([word("a", 10), Word("b", 1)])
    assert toolkit.right_of(row, row.words[0]) == []
    with pytest.raises(ValueError, match="no box"):
        toolkit.right_of(row, row.words[1])


@given(pages)
def test_neighbours_of_any_word_can_be_asked_for(any_page) -> None:
    for each in any_page.words:
        try:
            beside = toolkit.right_of(any_page, each) + toolkit.above(any_page, each)
        except ValueError:
            continue
        assert each not in beside


@pytest.mark.parametrize("text", [None, 5, b"text", ["text"]])
def test_what_is_no_text_is_said(text) -> None:
    with pytest.raises(TypeError, match="must be a str"):
        toolkit.find(page(), text)


@pytest.mark.parametrize("ask", [toolkit.right_of, toolkit.left_of, toolkit.above, toolkit.below])
def test_neighbours_of_all_matches_at_once_is_said(ask) -> None:
    here = page([word("합계"), word("1,000", 100)])
    for wrong in (toolkit.find(here, "합계"), "합계", None, here.lines[0]):
        with pytest.raises(TypeError, match=r"find\(page, ...\)\[0\]"):
            ask(here, wrong)
