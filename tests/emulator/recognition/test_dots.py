"""Middle dots between syllables are told by their ink."""

import pytest

pytest.importorskip("tesserocr")

from nhncloud_ocr_emulator.engines._characters import Character
from nhncloud_ocr_emulator.engines._dots import middle_dots, with_dots
from nhncloud_ocr_emulator.engines._tesserocr import Rectangle
from PIL import Image, ImageDraw

HEIGHT = 36  # pixels of a line, in a strip of 60


def strip(*boxes: tuple[int, int, int, int]) -> Image.Image:
    """Return two syllables, as blocks, and what is drawn between them."""
    image = Image.new("L", (120, 60), 255)
    draw = ImageDraw.Draw(image)
    for box in ((10, 14, 44, 46), (70, 14, 104, 46), *boxes):
        draw.rectangle(box, 0)
    return image


def line(text: str) -> list[Character]:
    return [
        Character(letter, 0.9, Rectangle(10 + 55 * index, 12, 50 + 55 * index, 48), index == 0)
        for index, letter in enumerate(text)
    ]


def test_a_dot_halfway_up_is_found() -> None:
    assert middle_dots(strip((55, 28, 58, 31)), HEIGHT) == [57.0]


@pytest.mark.parametrize(
    "box",
    [
        (55, 42, 58, 45),  # a full stop
        (55, 14, 58, 17),  # an apostrophe
        (50, 28, 62, 31),  # a dash
        (45, 28, 48, 31),  # a part of the syllable before it
        (55, 20, 56, 40),  # a stroke
    ],
)
def test_other_marks_are_no_dots(box: tuple[int, int, int, int]) -> None:
    assert middle_dots(strip(box), HEIGHT) == []


def test_the_two_dots_of_a_colon_are_none() -> None:
    assert middle_dots(strip((55, 24, 58, 27), (55, 38, 58, 41)), HEIGHT) == []


def test_a_dot_is_put_between_its_syllables() -> None:
    text = "".join(c.text for c in with_dots(line("토일"), [57.0], HEIGHT))
    assert text == "토·일"


@pytest.mark.parametrize("text", ["3일", "토3", "ab", "토"])
def test_only_syllables_have_it(text: str) -> None:
    assert "".join(c.text for c in with_dots(line(text), [57.0], HEIGHT)) == text
