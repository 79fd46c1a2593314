"""What may come in: PNG and JPEG of every kind, and nothing else."""

from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from nhncloud_ocr_emulator._file_type import file_type
from nhncloud_ocr_emulator._images import MAX_PIXELS, decode
from nhncloud_ocr_emulator._recognizer import Recognizer
from nhncloud_ocr_emulator._size import MAX_IMAGE
from nhncloud_ocr_emulator.recognition import Recognition, Refused
from PIL import Image

from .pictures import IMAGES, blank, encoded, ours, tone

READABLE = {
    "b07_png_as", "b08_jpg_as", "b15_trailing", "b19_ztxt_bomb", "b20_apng", "b23_mjpeg_mpo",
}  # fmt: skip
WRONG_TYPE = {
    "b02_text_as", "b09_gif_as", "b10_bmp_as", "b11_webp_as", "b12_tiff_as", "b13_pdf_as",
    "b21_svg_as", "b22_html_as",
}  # fmt: skip
MALFORMED = sorted((IMAGES / "malformed").iterdir())
DOCUMENTED = {4000002, 4000003, 4000004, 4000501, 4000505, 4131000}
SEEDS = [
    blank(40, 30), blank(40, 30, "JPEG"), blank(20, 300), ours("s36"), ours("s37"),
    *(path.read_bytes() for path in MALFORMED if 8 < path.stat().st_size < 50_000),
]  # fmt: skip


@pytest.fixture(scope="module")
def fixture() -> Recognizer:
    recognizer = Recognizer("fixture")
    recognizer.load()
    return recognizer


@pytest.mark.parametrize("path", MALFORMED, ids=lambda path: path.name)
@pytest.mark.parametrize("cropping", [False, True])
def test_malformed_images_give_a_documented_code(
    path: Path, cropping: bool, fixture: Recognizer
) -> None:
    try:
        outcome: object = fixture.recognize(path.read_bytes(), cropping=cropping).slices
    except Refused as refused:
        outcome = refused.code
    expected = 4000002
    if path.stem in READABLE:
        expected = 1
    elif path.stem in WRONG_TYPE:
        expected = 4000003
    elif path.stem == "b01_empty":
        expected = 4000004
    assert outcome == expected


@settings(max_examples=300)
@given(st.data())
def test_mutated_images_are_answered_or_refused(data: st.DataObject) -> None:
    image = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(0, 8))):
        position = data.draw(st.integers(0, len(image) - 1))
        image[position] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del image[data.draw(st.integers(0, len(image) - 1)) :]
    _answered_or_refused(bytes(image), data.draw(st.booleans()))


@settings(max_examples=300)
@given(
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\0\x10JFIF\0"]),
    st.binary(max_size=300),
    st.booleans(),
)
def test_arbitrary_bytes_are_answered_or_refused(head: bytes, body: bytes, cropping: bool) -> None:
    _answered_or_refused(head + body, cropping)


def _answered_or_refused(image: bytes, cropping: bool) -> None:
    try:
        answer = Recognizer("fixture").recognize(image, cropping=cropping)
    except Refused as refused:
        assert refused.code in DOCUMENTED
        return
    assert isinstance(answer, Recognition)
    assert answer.slices >= 1
    assert all(line for line in answer.lines)
    assert answer.lines


@pytest.mark.parametrize("prefix", [f"s{number}" for number in range(13, 23)])
def test_every_format_is_dark_text_on_light_ground(prefix: str) -> None:
    picture = decode(ours(prefix))
    expected = decode(ours("s06"))
    assert picture.pixels.mode == "L"
    if prefix != "s19":  # white text stays light, on black
        assert tone(picture.pixels, 2, 2) > 200
    assert picture.pixels.size == expected.pixels.size


def test_white_text_on_nothing_is_laid_on_black() -> None:
    pixels = decode(ours("s19")).pixels
    assert tone(pixels, 2, 2) == 0
    assert max(pixels.tobytes()) > 200


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["PNG", "JPEG"])
def test_exif_turned_images_are_as_viewers_show_them(orientation: int, file_format: str) -> None:
    upright = Image.new("L", (60, 40), 255)
    upright.paste(0, (0, 0, 20, 10))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the inverse of each turn, as a Transpose
    stored = upright.transpose(Image.Transpose(back[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = decode(encoded(stored, file_format, exif=exif)).pixels
    assert pixels.size == (60, 40)
    assert tone(pixels, 5, 5) < 60
    assert tone(pixels, 50, 30) > 200


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")  # Pillow says so, and goes on
def test_broken_exif_does_not_matter() -> None:
    image = encoded(Image.new("L", (60, 40), 255), "JPEG", exif=b"Exif\0\0MM\0\x2a\xff\xff\xff\xff")
    assert decode(image).pixels.size == (60, 40)


def test_an_image_above_20_mib_is_refused() -> None:
    image = blank(40, 30)
    assert decode(image + bytes(MAX_IMAGE - len(image))).pixels.size == (40, 30)
    with pytest.raises(Refused) as caught:
        file_type(image + bytes(MAX_IMAGE + 1 - len(image)))
    assert caught.value.code == 4131000


def test_the_size_is_checked_before_pixels_are_decoded() -> None:
    width = 10_000
    image = encoded(Image.new("1", (width, MAX_PIXELS // width + 1)))
    with pytest.raises(Refused) as caught:
        decode(image)
    assert caught.value.code == 4000002


def test_a_16_bit_image_keeps_its_tones() -> None:
    image = Image.new("I;16", (4, 1))
    for x, value in enumerate((0, 0x4000, 0x8000, 0xFFFF)):
        image.putpixel((x, 0), value)
    tones = list(decode(encoded(image)).pixels.tobytes())
    assert tones == pytest.approx([0, 64, 128, 255], abs=1)


def test_cmyk_is_not_inverted() -> None:
    assert tone(decode(encoded(Image.new("CMYK", (8, 8), 0), "JPEG")).pixels, 4, 4) > 240


def test_a_large_jpeg_opens_in_one_channel() -> None:
    image = decode(encoded(Image.new("RGB", (3000, 2000), "white"), "JPEG"))
    assert (image.file_type, image.pixels.mode) == ("jpg", "L")
