"""Pages that used to come back as garbage, or without words: one of each kind, and small ones."""

import csv
from collections import Counter
from itertools import product

import pytest

pytest.importorskip("tesserocr")

from nhncloud_ocr_emulator._recognizer import Recognizer
from nhncloud_ocr_emulator.engines._tesserocr import Rectangle, TextReader
from nhncloud_ocr_emulator.recognition import Recognition, Refused
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from .pictures import IMAGES, encoded

HARD = IMAGES / "hard"


def pages() -> list[tuple[str, str, str]]:
    """Return the first page of each kind of one set: kind, file, text."""
    first: dict[str, tuple[str, str, str]] = {}
    with (HARD / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["set"] == "reported":
                text = (HARD / row["truth"]).read_text("utf-8")
                first.setdefault(row["kind"], (row["kind"], row["file"], text))
    return list(first.values())


def words(answer: Recognition) -> list[str]:
    return [word.text for line in answer.lines for word in line]


@pytest.mark.parametrize(("kind", "file", "text"), pages(), ids=[page[0] for page in pages()])
def test_nearly_all_words_of_a_hard_page_are_found(
    tesseract: Recognizer, kind: str, file: str, text: str
) -> None:
    found = words(tesseract.recognize((HARD / file).read_bytes(), cropping=False))
    expected = Counter(text.split())
    share = (Counter(found) & expected).total() / expected.total()
    assert share >= (0.6 if kind == "small" else 0.8)
    assert len(found) <= 1.3 * expected.total() + 1


def test_boxes_of_a_turned_page_are_turned_with_it(tesseract: Recognizer) -> None:
    (file,) = (HARD / "reported").glob("44_skew.png")  # by 7 degrees, anticlockwise
    with Image.open(file) as image:
        size = image.size
    answer = tesseract.recognize(file.read_bytes(), cropping=False)
    longest = max((w for line in answer.lines for w in line), key=lambda w: w.box.x2 - w.box.x1)
    slope = (longest.box.y2 - longest.box.y1) / (longest.box.x2 - longest.box.x1)
    assert slope == pytest.approx(-0.12, abs=0.04)
    for x, y in zip(longest.box[::2], longest.box[1::2], strict=True):
        assert 0 <= x <= size[0]
        assert 0 <= y <= size[1]


def texture(seed_size: int) -> Image.Image:
    """Return spots and gradients like those of leaves and stones, the same each time."""
    image = Image.radial_gradient("L").resize((480, 360))
    draw = ImageDraw.Draw(image)
    for index in range(900):
        x, y = index * 7919 % 480, index * 104729 % 360
        tone = index * 31 % 256
        draw.ellipse((x, y, x + index % seed_size, y + index * 3 % seed_size), fill=tone)
    return image.filter(ImageFilter.GaussianBlur(1.2))


@pytest.mark.parametrize("size", [9, 17, 33])
def test_a_picture_without_text_has_none(tesseract: Recognizer, size: int) -> None:
    with pytest.raises(Refused) as caught:
        tesseract.recognize(encoded(texture(size), "JPEG"), cropping=False)
    assert caught.value.code == 4000501


def test_specks_are_neither_enlarged_nor_turned_to_look_for_lines(
    tesseract: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Image.new("L", (1000, 1000), 255)
    for left, top in product(range(0, 1000, 6), repeat=2):
        page.paste(0, (left, top, left + 4, top + 4))
    searched = []
    find_lines = TextReader.find_lines

    def counted(reader: TextReader, pixels: Image.Image) -> list[Rectangle]:
        searched.append(pixels.size)
        return find_lines(reader, pixels)

    monkeypatch.setattr(TextReader, "find_lines", counted)
    with pytest.raises(Refused) as caught:
        tesseract.recognize(encoded(page), cropping=False)
    assert caught.value.code == 4000501
    assert searched == [page.size]  # each search of a large page takes ten seconds and more


def drawn(text: str, size: int, ink: int = 0, ground: int = 255) -> Image.Image:
    font = ImageFont.load_default(size)
    image = Image.new("L", (round(font.getlength(text)) + 2 * size, 2 * size), ground)
    ImageDraw.Draw(image).text((size, size), text, ink, font, "lm")
    return image


@pytest.mark.parametrize("size", [12, 24, 60, 120])
def test_a_word_is_read_at_any_size(tesseract: Recognizer, size: int) -> None:
    assert words(tesseract.recognize(encoded(drawn("Receipt", size)), cropping=False)) == [
        "Receipt"
    ]


def test_large_syllables_of_two_storeys_are_one_line(tesseract: Recognizer) -> None:
    """Their upper and lower halves touch nowhere, and are about as high."""
    side = 90
    page = Image.new("L", (6 * side, 3 * side), 255)
    draw = ImageDraw.Draw(page)
    stroke = side // 9
    for left in (side, 3 * side):  # 금
        box = [left, side // 2, left + round(1.6 * side), 2 * side]
        draw.line([(box[0] + side // 4, box[1]), (box[2] - side // 3, box[1])], 0, stroke)
        draw.line(
            [(box[2] - side // 3, box[1]), (box[2] - side // 3, box[1] + side // 2)], 0, stroke
        )
        draw.line([(box[0], box[1] + side * 3 // 4), (box[2], box[1] + side * 3 // 4)], 0, stroke)
        inner = (
            box[0] + side // 4,
            box[1] + round(0.9 * side),
            box[2] - side // 4,
            box[1] + round(1.6 * side),
        )
        draw.rectangle(inner, outline=0, width=stroke)
    assert words(tesseract.recognize(encoded(page), cropping=False)) == ["금금"]


def test_dark_and_light_panels_side_by_side_are_read(tesseract: Recognizer) -> None:
    page = Image.new("L", (700, 160), 255)
    for place, ink, ground, text in (
        ((30, 40), 255, 20, "Accept"),
        ((260, 40), 250, 110, "Decline"),
        ((490, 40), 0, 190, "Later"),
    ):
        page.paste(drawn(text, 28, ink, ground), place)
    answer = tesseract.recognize(encoded(page), cropping=False)
    assert words(answer) == ["Accept", "Decline", "Later"]


@pytest.mark.parametrize(("thickness", "tone"), [(1, 0), (2, 0), (4, 0), (1, 170), (2, 195)])
def test_ruling_is_no_text_and_hides_none(tesseract: Recognizer, thickness: int, tone: int) -> None:
    page = Image.new("L", (520, 150), 255)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(24)
    for row, cells in enumerate((("Item", "Count", "Price"), ("Paper", "12", "3,400"))):
        for column, cell in enumerate(cells):
            box = (10 + 165 * column, 10 + 60 * row, 175 + 165 * column, 70 + 60 * row)
            draw.rectangle(box, outline=tone, width=thickness)
            draw.text((box[0] + 20, box[1] + 30), cell, 0, font, "lm")
    answer = tesseract.recognize(encoded(page), cropping=False)
    assert [[word.text for word in line] for line in answer.lines] == [
        ["Item", "Count", "Price"],
        ["Paper", "12", "3,400"],
    ]


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_on_its_side_or_head_is_read_and_its_boxes_are_turned(
    tesseract: Recognizer, quarters: int
) -> None:
    page = Image.new("L", (520, 200), 255)
    font = ImageFont.load_default(26)
    for row, line in enumerate(("Please keep this receipt", "Thank you for coming")):
        ImageDraw.Draw(page).text((40, 50 + 80 * row), line, 0, font, "lm")
    turned = page.rotate(90 * quarters, expand=True)
    answer = tesseract.recognize(encoded(turned), cropping=False)
    upright = tesseract.recognize(encoded(page), cropping=False)
    assert " ".join(words(answer)) == "Please keep this receipt Thank you for coming"
    width, height = page.size
    for mine, other in zip(answer.lines[0], upright.lines[0], strict=True):
        x, y = other.box.x1, other.box.y1
        place = ((y, width - x), (width - x, height - y), (height - y, x))[quarters - 1]
        assert (mine.box.x1, mine.box.y1) == pytest.approx(place, abs=2)
