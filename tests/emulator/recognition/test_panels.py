"""Buttons, bubbles and captions as browsers draw them: soft edges, arrows, shadows, gradients."""

import pytest
from nhncloud_ocr_emulator._recognizer import Recognizer
from nhncloud_ocr_emulator.recognition import Recognition
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from .pictures import encoded

pytest.importorskip("tesserocr")

FONT = ImageFont.load_default(24)


def words(answer: Recognition) -> list[str]:
    return [word.text for line in answer.lines for word in line]


def read(tesseract: Recognizer, page: Image.Image, kind: str = "PNG") -> list[str]:
    return words(tesseract.recognize(encoded(page, kind), cropping=False))


def labelled(page: Image.Image, label: str, place: tuple[float, float], tone: int = 255) -> None:
    ImageDraw.Draw(page).text(place, label, tone, FONT, "mm")


def clouds(size: tuple[int, int]) -> Image.Image:
    """Return a picture without one ground, the same each time."""
    image = Image.new("L", size)
    draw = ImageDraw.Draw(image)
    for index in range(400):
        x, y = index * 7919 % size[0], index * 104729 % size[1]
        draw.ellipse((x - 30, y - 20, x + 30, y + 20), fill=40 + index * 37 % 180)
    return image.filter(ImageFilter.GaussianBlur(6))


@pytest.mark.parametrize("shadow", [0, 5])
def test_labels_on_pills_with_soft_edges_are_read(tesseract: Recognizer, shadow: int) -> None:
    page = Image.new("L", (520, 120), 255)
    for centre, tone, label in ((130, 90, "Download"), (380, 60, "Sign out")):
        large = Image.new("L", (4 * 520, 4 * 120), 0)
        box = [4 * x + 2 for x in (centre - 95, 30, centre + 95, 78)]  # edges between pixels
        ImageDraw.Draw(large).rounded_rectangle(box, 96, 255)
        pill = large.resize(page.size, Image.Resampling.BOX)
        if shadow:
            below = ImageChops.offset(pill, 0, 5).filter(ImageFilter.GaussianBlur(shadow))
            page.paste(0, mask=below.point([tone // 2 for tone in range(256)]))
        page.paste(tone, mask=pill)
        labelled(page, label, (centre, 54))
    assert read(tesseract, page) == ["Download", "Sign", "out"]


def test_a_tooltip_with_an_arrow_is_read(tesseract: Recognizer) -> None:
    page = Image.new("L", (460, 150), 255)
    draw = ImageDraw.Draw(page)
    draw.text((30, 30), "Storage", 60, FONT, "lm")
    draw.rounded_rectangle((30, 68, 420, 118), 6, 70)
    draw.polygon(((56, 68), (72, 68), (64, 58)), 70)
    labelled(page, "Nearly all space is taken", (225, 93))
    assert read(tesseract, page) == ["Storage", "Nearly", "all", "space", "is", "taken"]


@pytest.mark.parametrize("down", [True, False])
def test_a_label_on_a_gradient_is_read(tesseract: Recognizer, down: bool) -> None:
    page = Image.new("L", (400, 120), 255)
    ramp = Image.linear_gradient("L").point([40 + tone // 2 for tone in range(256)])
    button = (ramp if down else ramp.rotate(90)).resize((260, 60))
    labelled(button, "Continue", (130, 30))
    page.paste(button, (70, 30))
    assert read(tesseract, page) == ["Continue"]


@pytest.mark.parametrize(("ink", "ground"), [(255, 15), (10, 245)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_caption_in_the_corner_of_a_photograph_is_read(
    tesseract: Recognizer, ink: int, ground: int, kind: str
) -> None:
    page = clouds((520, 380))
    ImageDraw.Draw(page).rectangle((0, 320, 300, 380), fill=ground)
    labelled(page, "Morning at the lake", (150, 350), ink)
    assert read(tesseract, page, kind) == ["Morning", "at", "the", "lake"]


def test_pictures_beside_text_neither_hide_it_nor_are_read(tesseract: Recognizer) -> None:
    page = Image.new("L", (520, 260), 255)
    for top, label in ((20, "Green tea"), (140, "Brown bread")):
        page.paste(clouds((130, 100)), (20, top))
        ImageDraw.Draw(page).text((180, top + 50), label, 0, FONT, "lm")
    assert read(tesseract, page) == ["Green", "tea", "Brown", "bread"]


def test_a_photographed_sheet_that_gets_darker_keeps_its_text(tesseract: Recognizer) -> None:
    light = Image.linear_gradient("L").rotate(90)
    page = light.resize((600, 420)).point([140 - tone // 3 for tone in range(256)])
    sheet = light.resize((480, 320)).point([230 - tone // 7 for tone in range(256)])
    for index, line in enumerate(("Morning bakery", "Two rolls 3,400", "Thank you")):
        labelled(sheet, line, (240, 60 + 100 * index), 40)
    page.paste(sheet.filter(ImageFilter.GaussianBlur(0.7)), (60, 50))
    assert read(tesseract, page) == ["Morning", "bakery", "Two", "rolls", "3,400", "Thank", "you"]


def test_a_panel_with_narrow_margins_keeps_its_edges(tesseract: Recognizer) -> None:
    lines = ("Remember me", "Send a receipt to my house", "No thank you", "Where to go")
    page = Image.new("L", (900, 260), 255)
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 900, 130), 30)
    for row, line in enumerate(lines):
        for half, tone in ((0, 255), (130, 0)):
            draw.text((14, half + 4 + 31 * row), line, tone, FONT)
    assert read(tesseract, page) == 2 * " ".join(lines).split()


def test_rules_between_the_cells_of_a_coloured_head_are_no_letters(tesseract: Recognizer) -> None:
    page = Image.new("L", (560, 180), 255)
    draw = ImageDraw.Draw(page)
    draw.rectangle((20, 20, 500, 60), 90)
    for row, cells in enumerate((("Name", "Count", "Price"), ("Paper", "12", "3,400"))):
        for column, cell in enumerate(cells):
            left, top = 20 + 160 * column, 20 + 40 * row
            draw.rectangle((left, top, left + 160, top + 40), outline=170)
            draw.text((left + 14, top + 20), cell, 0 if row else 255, FONT, "lm")
    assert read(tesseract, page) == ["Name", "Count", "Price", "Paper", "12", "3,400"]
