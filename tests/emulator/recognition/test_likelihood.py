"""Which of two readings of a word is the likelier one, by what no page would say."""

import pytest
from nhncloud_ocr_emulator.engines._likelihood import comma_read_as_digit, is_mixed, likelihood


@pytest.mark.parametrize(
    ("likelier", "other"),
    [
        ("1,284,500원", "11284,500원"),
        ("1,200", "1.200"),
        ("29,800", "29,80"),
        ("문의:", "£9):"),
        ("확인", "stol"),
        ("KTX", "ㅏTX"),
        ("합계", "--"),
        ("PDF파일", "『마파일"),
        ("W72,000", "\\\\/2,000"),
    ],
)
def test_what_no_page_would_say_is_the_less_likely(likelier, other) -> None:
    assert likelihood(likelier) > likelihood(other)


@pytest.mark.parametrize("text", ["2024-09-17", "10,000-12,000", "3.141592", "v1.1", "009", "a,b"])
def test_ordinary_words_are_not_held_against_a_reading(text) -> None:
    assert likelihood(text) >= 0


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        ("abc1234입니다", True),
        ("제123열차", True),
        ("입니다", False),
        ("KTX", False),
        ("12,000", False),
    ],
)
def test_words_of_two_scripts_are_told(text, mixed) -> None:
    assert is_mixed(text) is mixed


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [
        ("11284,500", "1284,500", True),
        ("11284,500원", "1284,500원", True),
        ("1,284,500", "1284,500", False),
        ("21284,500", "1284,500", False),
        ("", "", False),
    ],
)
def test_a_comma_that_was_read_as_a_digit_is_told_by_the_other_reading(
    text, other, expected
) -> None:
    assert comma_read_as_digit(text, other) is expected
