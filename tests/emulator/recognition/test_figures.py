"""Amounts, signs of money and arrows, as their ink has them."""

import pytest
from PIL import Image, ImageDraw, ImageFont

pytest.importorskip("tesserocr")

from nhncloud_ocr_emulator.engines._characters import Character
from nhncloud_ocr_emulator.engines._figures import as_drawn
from nhncloud_ocr_emulator.engines._marks import as_written, with_arrows, with_won
from nhncloud_ocr_emulator.engines._tesserocr import Rectangle, Token

HEIGHT = 36
FONT = ImageFont.load_default(32)


def strip(drawn: str) -> Image.Image:
    image = Image.new("L", (round(FONT.getlength(drawn)) + 20, HEIGHT + 20), 255)
    ImageDraw.Draw(image).text((10, 42), drawn, 0, FONT, "ls")
    return image


def misread(drawn: str, read: str) -> list[Character]:
    """Return what was read of a drawn text, evenly spread over its ink."""
    letters = "".join(read.split())
    width = FONT.getlength(drawn) / len(letters)
    blank = {len("".join(read[:index].split())) for index, x in enumerate(read) if x == " "}
    return [
        Character(
            letter,
            0.8,
            Rectangle(10 + round(index * width), 15, 10 + round((index + 1) * width), 45),
            index in blank or not index,
        )
        for index, letter in enumerate(letters)
    ]


def text(line: list[Character]) -> str:
    return "".join((" " if c.blank else "") + c.text for c in line).strip()


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        ("6,300", "66300"),  # the comma was taken for a digit
        ("4,900", "4900"),  # lost
        ("2,655,000", "2.655,000"),
        ("2,655,000", "2,.655,000"),
        ("6,700 7 46,900", "6,700 746,900"),  # a blank was lost
        ("4,400 4 28,400", "4,4004 28,400"),
        ("12,900 1 12,900", "12,900 1 12,900"),
    ],
)
def test_an_amount_is_written_as_drawn(drawn: str, read: str) -> None:
    assert text(as_drawn(misread(drawn, read), strip(drawn), HEIGHT)) == drawn


@pytest.mark.parametrize(
    "drawn", ["3.141", "7900", "2026-11-26", "12:30", "2026.11.26", "4.12.0", "1 2 3 4", "10,5"]
)
def test_other_figures_stay_as_they_were_read(drawn: str) -> None:
    line = misread(drawn, drawn)
    assert as_drawn(line, strip(drawn), HEIGHT) == line


def token(letters: str) -> Token:
    box = Rectangle(0, 0, 10, 10)
    return Token(letters, 0.9, box, (box,) * len(letters), (0.9,) * len(letters))


@pytest.mark.parametrize("sign", ["-\\25,200", "-W25,200", "-¥25,200"])
def test_a_discount_is_in_won(sign: str) -> None:
    assert as_written(sign) == "-₩25,200"


def test_each_cross_of_a_masked_number_is_an_x() -> None:
    assert as_written("4712-87××-××××-7744") == "4712-87XX-XXXX-7744"
    assert as_written("3×4") == "3×4"


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("3개 W 35,690", "3개 ₩ 35,690"),
        ("합계 \\ 4,500원", "합계 ₩ 4,500원"),
        ("W 동 12", "W 동 12"),
        ("BMW 1,200", "BMW 1,200"),
    ],
)
def test_a_sign_of_won_may_stand_apart(read: str, written: str) -> None:
    assert [word.text for word in with_won([*map(token, read.split())])] == written.split()


@pytest.mark.parametrize(("read", "kept"), [("울->부", "울→부"), ("울-부", "울→부")])
def test_an_arrow_that_is_taken_for_a_dash_is_told_by_its_ink(read: str, kept: str) -> None:
    image = Image.new("L", (110, HEIGHT), 255)
    draw = ImageDraw.Draw(image)
    draw.rectangle((5, 4, 30, 32), fill=0)
    draw.rectangle((40, 17, 66, 19), fill=0)
    draw.polygon([(60, 11), (70, 18), (60, 25)], fill=0)
    draw.rectangle((80, 4, 105, 32), fill=0)
    columns = [0, 35, 75] if len(read) == 3 else [0, 35, 55, 75]
    line = [
        Character(letter, 0.9, Rectangle(left, 4, left + 20, 32), index == 0)
        for index, (letter, left) in enumerate(zip(read, columns, strict=True))
    ]
    after, cuts = with_arrows(line, [*columns, 110], image, HEIGHT)
    assert text(after) == kept
    assert cuts == [0, 35, 75, 110]


def test_a_dash_between_numbers_is_none() -> None:
    drawn = "02-345"
    line = misread(drawn, drawn)
    cuts = [*(c.rectangle.left for c in line), 200]
    assert with_arrows(line, cuts, strip(drawn), HEIGHT) == (line, cuts)
