"""The engine for photographs and turned pages."""

import math
import socket
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count, pairwise
from time import monotonic
from typing import Any

import pytest
from nhncloud_ocr_emulator._recognizer import Recognizer
from nhncloud_ocr_emulator.recognition import Box, Recognition, Refused
from patience import PATIENCE
from PIL import Image, ImageDraw, ImageFont

from .pictures import blank, encoded, ours, truth

pytest.importorskip("tesserocr")
pytest.importorskip("rapidocr")
pytest.importorskip("onnxruntime")


Read = Callable[[str], Recognition]


@pytest.fixture(scope="module")
def photo() -> Iterator[Recognizer]:
    """Load and read without a socket: whatever it would download it must have."""
    with pytest.MonkeyPatch.context() as patch:

        def refuse(*_: object, **__: object) -> None:
            raise AssertionError("the engine opened a socket")

        patch.setattr(socket, "socket", refuse)
        patch.setattr(socket, "create_connection", refuse)
        recognizer = Recognizer("photo", "merge", PATIENCE)
        recognizer.load()
        yield recognizer
        recognizer.close()


@pytest.fixture(scope="module")
def read(photo: Recognizer) -> Read:
    """Recognise one of our own images, each but once."""
    return cache(lambda prefix: photo.recognize(ours(prefix), cropping=False))


def recall(answer: Recognition, prefix: str) -> float:
    found = {word.text for line in answer.lines for word in line}
    expected = set(truth(prefix).split())
    return len(found & expected) / len(expected)


def direction(box: Box) -> float:
    return math.degrees(math.atan2(box.y2 - box.y1, box.x2 - box.x1))


@pytest.mark.parametrize(
    ("prefix", "degrees"), [("s10", -12), ("s11", -90), ("s12", 180), ("s13", 0)]
)
def test_turned_text_is_read_and_its_boxes_are_turned(
    read: Read, prefix: str, degrees: int
) -> None:
    answer = read(prefix)
    assert recall(answer, prefix) >= 0.8
    longest = max((word for line in answer.lines for word in line), key=lambda w: len(w.text))
    assert abs((direction(longest.box) - degrees + 180) % 360 - 180) < 5


def test_lines_of_a_turned_page_are_in_reading_order(read: Read) -> None:
    answer = read("s12")
    assert [line[0].text for line in answer.lines][:2] == ["주문번호", "상품명:"]
    assert answer.lines[-1][0].text == "Wi-Fi"


def test_a_photographed_receipt_keeps_its_columns_in_one_line(read: Read) -> None:
    answer = read("s09")
    assert recall(answer, "s09") >= 0.85
    assert ["카페라떼", "1", "5,000"] in [[word.text for word in line] for line in answer.lines]


def plate(rows: list[str], pitch: float) -> Image.Image:
    """Return a plate with one character to a cell, cells so many heights of a digit apart."""
    size = 60
    font = ImageFont.load_default(size)
    height = font.getbbox("0")[3] - font.getbbox("0")[1]
    image = Image.new("L", (700, 120 * len(rows) + 120), 220)
    draw = ImageDraw.Draw(image)
    for row, text in enumerate(rows):
        for column, character in enumerate(text):
            draw.text((80 + pitch * height * column, 60 + 120 * row), character, 30, font, "ma")
    return image


def words(answer: Recognition) -> list[list[str]]:
    return [[word.text for word in line] for line in answer.lines]


def test_digits_in_cells_of_their_own_are_words(photo: Recognizer) -> None:
    answer = photo.recognize(encoded(plate(["25938", "642"], 1.3)), cropping=False)
    assert words(answer) == [list("25938"), list("642")]
    for line in answer.lines:
        assert all(before.box.x2 <= after.box.x1 for before, after in pairwise(line))


def test_digits_of_a_number_stay_together(photo: Recognizer) -> None:
    answer = photo.recognize(encoded(plate(["21118", "642"], 0.8)), cropping=False)
    assert words(answer) == [["21118"], ["642"]]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_page_of_scattered_digits_is_turned_the_right_way(
    photo: Recognizer, degrees: int
) -> None:
    page = plate(["2357", "5723", "3275"], 2.6).rotate(degrees, expand=True)
    answer = photo.recognize(encoded(page), cropping=False)
    assert words(answer) == [list("2357"), list("5723"), list("3275")]


def test_boxes_stay_inside_the_image(read: Read) -> None:
    answer = read("s11")
    for x, y in (
        (x, y)
        for line in answer.lines
        for w in line
        for x, y in zip(w.box[::2], w.box[1::2], strict=True)
    ):
        assert 0 <= x <= 370
        assert 0 <= y <= 820


@pytest.mark.parametrize("size", [(1, 1), (300, 200)])
def test_nothing_to_read_is_refused(photo: Recognizer, size: tuple[int, int]) -> None:
    with pytest.raises(Refused) as caught:
        photo.recognize(blank(*size), cropping=False)
    assert caught.value.code == 4000501


@pytest.mark.parametrize("size", [(204, 40_000), (200_000, 204)])
def test_of_a_long_blank_image_only_slices_with_something_on_them_are_searched(
    photo: Recognizer, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    page = Image.new("L", size, 255)
    middle = size[0] // 2, size[1] // 2
    ImageDraw.Draw(page).text(middle, "Open 24", 0, ImageFont.load_default(36), "mm")
    engine: Any = photo._engine
    detector = engine._models[0]
    search, searched = detector._detect, []

    def counted(image: Image.Image) -> object:
        searched.append(image.size)
        return search(image)

    monkeypatch.setattr(detector, "_detect", counted)
    assert words(photo.recognize(encoded(page), cropping=True)) == [["Open", "24"]]
    assert 1 <= len(searched) <= 2  # two slices overlap


@pytest.mark.parametrize(("ground", "ink"), [(255, 239), (128, 112), (0, 16)])
def test_pale_text_is_read(photo: Recognizer, ground: int, ink: int) -> None:
    page = Image.new("L", (500, 120), ground)
    ImageDraw.Draw(page).text((30, 30), "Open 2024", ink, ImageFont.load_default(48))
    assert words(photo.recognize(encoded(page), cropping=False)) == [["Open", "2024"]]


def test_a_huge_word_is_shrunk_before_it_is_read(
    photo: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Image.new("L", (1400, 600), 255)
    font = ImageFont.load_default(400)
    ImageDraw.Draw(page).text((700, 300), "SALE", 0, font, "mm")
    heights: list[int] = []
    engine: Any = photo._engine
    reader = engine._models[1]._reader
    read = reader.read

    def measured(strip: Image.Image) -> object:
        heights.append(strip.height)
        return read(strip)

    monkeypatch.setattr(reader, "read", measured)
    answer = photo.recognize(encoded(page), cropping=False)
    assert words(answer) == [["SALE"]]
    box = answer.lines[0][0].box
    assert box.x2 - box.x1 > 700  # in pixels of the page all the same
    assert max(heights) < 200  # a texture so high, taken for a line, took minutes


def test_a_page_of_too_many_lines_is_given_up_after_60_seconds(
    photo: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo, "_seconds", 60.0)
    began = int(monotonic())
    clock = count(began, 25)  # seconds: so long takes what is done between two looks at it
    for module in ("_recognizer", "engines"):
        monkeypatch.setattr(f"nhncloud_ocr_emulator.{module}.monotonic", lambda: next(clock))
    with pytest.raises(Refused) as caught:
        photo.recognize(encoded(plate(["2357", "5723", "3275"], 2.6)), cropping=False)
    assert caught.value.code == 5005003
    assert next(clock) == began + 100  # nothing was read after the limit
