"""Which words of a line are kept, and how signs that no model knows are written."""

import pytest

pytest.importorskip("tesserocr")

from nhncloud_ocr_emulator.engines._doubts import without_doubtful
from nhncloud_ocr_emulator.engines._marks import as_written
from nhncloud_ocr_emulator.engines._tesserocr import Rectangle, Token

PLACE = Rectangle(0, 0, 10, 10)


def kept(*words: tuple[str, float]) -> list[str]:
    line = [Token(text, confidence, PLACE, (PLACE,), (confidence,)) for text, confidence in words]
    return [token.text for token in without_doubtful(line)]


def test_a_doubtful_word_stays_in_a_line_that_is_text() -> None:
    assert kept(("카드", 0.93), ("6976-****-7482", 0.35)) == ["카드", "6976-****-7482"]


def test_a_doubtful_word_alone_is_dropped() -> None:
    assert kept(("잎", 0.5)) == []
    assert kept(("잎", 0.5), ("돌", 0.4)) == []


def test_what_is_hardly_read_at_all_is_dropped_anywhere() -> None:
    assert kept(("합계", 0.95), ("ㄴㅋ1", 0.1)) == ["합계"]


@pytest.mark.parametrize("sign", ["=", "~", "@", "v", "a"])
def test_an_icon_before_its_label_is_no_word(sign: str) -> None:
    assert kept((sign, 0.75), ("즐겨찾기", 0.95)) == ["즐겨찾기"]


@pytest.mark.parametrize("line", [("대구", "-", "부산"), ("완료", "18", "/", "대기"), ("I", "am")])
def test_signs_and_letters_within_a_text_stay(line: tuple[str, ...]) -> None:
    assert kept(*((word, 0.75) for word in line)) == list(line)


@pytest.mark.parametrize(
    "read", ["₩12,500", "W12,500", "w12,500", "wW12,500", "\\12,500", "¥12,500", "¥F12,500"]
)
def test_an_amount_has_its_won_sign(read: str) -> None:
    assert as_written(read) == "₩12,500"


@pytest.mark.parametrize("word", ["W100", "w3", "WW2", "2w", "window"])
def test_names_with_a_w_stay(word: str) -> None:
    assert as_written(word) == word


@pytest.mark.parametrize("address", ["https://www.example.co.kr/ko?no=738", "ko42@example.com"])
def test_an_address_stays_although_it_is_no_word(address: str) -> None:
    assert kept((address, 0.45)) == [address]
