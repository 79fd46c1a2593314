"""What stands on a page and is no text: dashed ruling, checkboxes, radio buttons."""

from collections.abc import Callable

import pytest
from nhncloud_ocr_emulator._recognizer import Recognizer
from PIL import Image, ImageDraw, ImageFont

from .pictures import encoded

pytest.importorskip("tesserocr")

FONT = ImageFont.load_default(24)
LABELS = ("Remember me", "Send a receipt", "No thank you")
Mark = Callable[[ImageDraw.ImageDraw, int, bool], None]


def lines(tesseract: Recognizer, page: Image.Image) -> list[str]:
    answer = tesseract.recognize(encoded(page), cropping=False)
    return [" ".join(word.text for word in line) for line in answer.lines]


def square(draw: ImageDraw.ImageDraw, y: int, ticked: bool) -> None:
    draw.rounded_rectangle((30, y - 10, 50, y + 10), 4, outline=60, width=2)
    if ticked:
        draw.line(((34, y), (39, y + 5), (46, y - 5)), 60, 2)


def filled(draw: ImageDraw.ImageDraw, y: int, ticked: bool) -> None:
    draw.rectangle((30, y - 10, 50, y + 10), 80 if ticked else None, 80, 2)
    if ticked:
        draw.line(((34, y), (39, y + 5), (46, y - 5)), 255, 3)


def ring(draw: ImageDraw.ImageDraw, y: int, ticked: bool) -> None:
    draw.ellipse((30, y - 10, 50, y + 10), outline=60, width=2)
    if ticked:
        draw.ellipse((35, y - 5, 45, y + 5), 60)


def disc(draw: ImageDraw.ImageDraw, y: int, ticked: bool) -> None:
    draw.ellipse((30, y - 10, 50, y + 10), 60 if ticked else None, 60, 2)


@pytest.mark.parametrize("mark", [square, filled, ring, disc])
@pytest.mark.parametrize("gap", [5, 14])
def test_marks_to_tick_are_no_letters(tesseract: Recognizer, mark: Mark, gap: int) -> None:
    page = Image.new("L", (320, 170), 255)
    draw = ImageDraw.Draw(page)
    for index, label in enumerate(LABELS):
        y = 35 + 50 * index
        mark(draw, y, index == 1)
        draw.text((51 + gap, y), label, 0, FONT, "lm")
    assert lines(tesseract, page) == list(LABELS)


@pytest.mark.parametrize("text", ["Do", "OX", "BOSS", "Opera", "COOL", "G00D", "Dose"])
@pytest.mark.parametrize("size", [16, 90])
def test_round_and_square_letters_stay(tesseract: Recognizer, text: str, size: int) -> None:
    font = ImageFont.load_default(size)
    page = Image.new("L", (round(font.getlength(text)) + 2 * size, 2 * size), 255)
    ImageDraw.Draw(page).text((size, size), text, 0, font, "lm")
    (read,) = lines(tesseract, page)
    assert len(read) == len(text)


@pytest.mark.parametrize(("dash", "thick"), [(4, 1), (6, 2), (3, 3)])
def test_dashed_ruling_is_no_text(tesseract: Recognizer, dash: int, thick: int) -> None:
    page = Image.new("L", (470, 150), 255)
    draw = ImageDraw.Draw(page)
    for x in (20, 200, 440):
        for y in range(15, 135, 2 * dash):
            draw.rectangle((x, y, x + thick - 1, y + dash - 1), 80)
    for y in (15, 75, 135):
        for x in range(20, 440, 2 * dash):
            draw.rectangle((x, y, x + dash - 1, y + thick - 1), 80)
    for y, row in ((45, ("Paper", "3,400")), (105, ("Pencils", "11"))):
        draw.text((45, y), row[0], 0, FONT, "lm")
        draw.text((300, y), row[1], 0, FONT, "lm")
    assert lines(tesseract, page) == ["Paper 3,400", "Pencils 11"]


@pytest.mark.parametrize("arrow", [False, True])
def test_an_outline_with_round_ends_hides_no_line(tesseract: Recognizer, arrow: bool) -> None:
    page = Image.new("L", (460, 190), 255)
    draw = ImageDraw.Draw(page)
    draw.rounded_rectangle((30, 30, 200, 84), 4 if arrow else 27, outline=60, width=2)
    if arrow:
        draw.polygon(((60, 30), (80, 30), (70, 20)), 60)
    draw.text((55, 57), "Sign out", 0, FONT, "lm")
    draw.text((250, 57), "Download", 0, FONT, "lm")
    draw.text((30, 140), "All changes are saved", 0, FONT, "lm")
    assert lines(tesseract, page) == ["Sign out Download", "All changes are saved"]
