"""Several readings of one line, and the blanks that its ink leaves room for."""

from collections.abc import Sequence

import pytest
from PIL import Image, ImageDraw

pytest.importorskip("tesserocr")

from nhncloud_ocr_emulator.engines._blanks import Blanks, least_blank
from nhncloud_ocr_emulator.engines._characters import Character
from nhncloud_ocr_emulator.engines._clearest import clearest, with_comma
from nhncloud_ocr_emulator.engines._tesserocr import Rectangle, Token

HEIGHT = 36


def strip(*ink: tuple[int, int]) -> Image.Image:
    """Return a line with ink in some columns."""
    image = Image.new("L", (ink[-1][1] + 10, HEIGHT), 255)
    for left, right in ink:
        ImageDraw.Draw(image).rectangle((left, 4, right - 1, HEIGHT - 5), fill=0)
    return image


def characters(
    text: str, boxes: Sequence[tuple[int, int]], confidence: float = 0.9
) -> list[Character]:
    """Return the characters of a text with their columns, and its blanks."""
    line: list[Character] = []
    places = iter(boxes)
    for word in text.split():
        for index, letter in enumerate(word):
            left, right = next(places)
            box = Rectangle(left, 4, right, HEIGHT - 4)
            line.append(Character(letter, confidence, box, index == 0))
    return line


def text(line: Sequence[Character]) -> str:
    return "".join((" " if c.blank else "") + c.text for c in line).strip()


INK = [(10, 30), (45, 65), (69, 89)]  # a gap of 0.42 heights, then one of 0.11


def test_a_blank_of_another_reading_is_taken_over_where_there_is_room() -> None:
    blanks = Blanks(strip(*INK), HEIGHT)
    assert text(blanks.as_in(characters("3 잔만", INK), characters("3잔만", INK))) == "3 잔만"


def test_a_blank_of_another_reading_is_not_taken_over_without_room() -> None:
    blanks = Blanks(strip(*INK), HEIGHT)
    assert text(blanks.as_in(characters("3잔 만", INK), characters("3잔만", INK))) == "3잔만"


def test_a_reading_keeps_the_blanks_that_the_other_has_not() -> None:
    blanks = Blanks(strip(*INK), HEIGHT)
    assert text(blanks.as_in(characters("3잔만", INK), characters("3 잔만", INK))) == "3 잔만"


def test_words_are_laid_on_their_ink_where_the_boxes_are_off() -> None:
    boxes = [(10, 40), (40, 52), (66, 80)]
    line, cuts = Blanks(strip(*INK), HEIGHT).respaced(characters("이 잔만", boxes), 0.3)
    assert text(line) == "이 잔만"
    assert (line[0].rectangle.left, line[0].rectangle.right) == (10, 30)
    assert (line[1].rectangle.left, line[2].rectangle.right) == (45, 89)
    assert 30 <= cuts[1] <= 45


def test_a_sign_without_ink_is_dropped() -> None:
    boxes = [(10, 30), (33, 36), (45, 65), (69, 89)]
    line, _ = Blanks(strip(*INK), HEIGHT).respaced(characters("이 _ 잔만", boxes), 0.3)
    assert text(line) == "이 잔만"


def test_no_blank_stands_where_hangul_touches_a_digit() -> None:
    ink = [(10, 30), (32, 52)]
    line, _ = Blanks(strip(*ink), HEIGHT).respaced(characters("9 분", ink), 0.3)
    assert text(line) == "9분"


@pytest.mark.parametrize(("gap", "kept"), [(7, "ko?id"), (14, "ko? id")])
def test_an_address_has_no_blank_where_there_is_no_room(gap: int, kept: str) -> None:
    ink = [(10, 20), (24, 34), (38, 48), (48 + gap, 54 + gap), (58 + gap, 68 + gap)]
    assert text(Blanks(strip(*ink), HEIGHT).between_latin(characters("ko? id", ink))) == kept


@pytest.mark.parametrize("ending", ["합니다", "입니까", "없습니다"])
def test_the_ending_of_a_sentence_has_no_blanks(ending: str) -> None:
    ink = [(10 + 40 * index, 30 + 40 * index) for index in range(len(ending))]
    spaced = characters(f"{ending[:-1]} {ending[-1]}", ink)
    line, _ = Blanks(strip(*ink), HEIGHT).respaced(spaced, 0.3)
    assert text(line)[-3:] == ending[-3:]


@pytest.mark.parametrize(
    ("sure", "least"), [([], 0.0), ([0.4], 0.3), ([0.4, 0.38], 0.342), ([2.0, 3.0], 0.4)]
)
def test_the_blanks_of_a_line_tell_how_narrow_others_are(sure: list[float], least: float) -> None:
    assert least_blank(sure) == pytest.approx(least)


def test_of_each_word_the_clearer_reading_is_kept() -> None:
    first = characters("합계", INK[:2], 0.9) + characters("77", INK[2:] * 2, 0.6)
    parts = characters("23", INK[:2], 0.7) + characters("TV", INK[2:] * 2, 0.9)
    assert text(clearest(first, parts)) == "합계 TV"


def test_several_words_at_one_place_are_each_judged_by_themselves() -> None:
    first = characters("1700", [(10, 20), (25, 40), (45, 60), (65, 80)], 0.85)
    parts = characters("1,700 1", [(10, 20), (20, 24), (25, 40), (45, 60), (65, 80), (70, 80)], 0.8)
    assert text(clearest(first, parts)) == "1,700 1"


def token(letters: str) -> Token:
    boxes = tuple(Rectangle(10 * i, 0, 10 * i + 8, 20) for i in range(len(letters)))
    return Token(letters, 0.9, Rectangle.around(boxes), boxes, (0.9,) * len(letters))


@pytest.mark.parametrize(("mine", "other"), [("1284,500", "11284,500"), ("11284,500", "1284,500")])
def test_an_amount_gets_back_the_comma_that_one_reading_lost(mine: str, other: str) -> None:
    result = with_comma(token(mine), [token("합계"), token(other)])
    assert result.text == "1,284,500"
    assert len(result.characters) == len(result.confidences) == len(result.text)


def test_an_amount_stays_as_it_is_where_no_reading_says_otherwise() -> None:
    assert with_comma(token("1284,500"), [token("1284,500"), token("2284,500")]).text == "1284,500"
