"""What an export reads from an image's header, held against Pillow."""

import io
import warnings

import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr import InvalidImageError
from nhncloud_ocr_toolkit._geometry import transformed, upright_matrix
from nhncloud_ocr_toolkit._picture import open_picture
from PIL import Image, ImageOps
from toolkit.pages import IMAGES, box, chunk, exif, jpeg, png, segment, turned_jpeg

OURS = sorted((IMAGES / "ours").iterdir())


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_size_and_orientation_are_pillows(path) -> None:
    picture = open_picture(path)
    with Image.open(path) as opened:
        assert (picture.width, picture.height) == opened.size
        assert picture.orientation == opened.getexif().get(0x0112, 1)
        assert picture.size("upright") == ImageOps.exif_transpose(opened).size
        assert picture.size("stored") == opened.size


@pytest.mark.parametrize(
    "path", sorted((IMAGES / "malformed").iterdir()), ids=lambda path: path.stem
)
def test_a_malformed_file_has_a_size_or_a_clear_error(path) -> None:
    try:
        picture = open_picture(path)
    except InvalidImageError:
        return
    assert picture.width > 0 < picture.height


@pytest.mark.parametrize(
    ("image", "dpi"),
    [
        (png(8, 8, chunk(b"pHYs", (11811).to_bytes(4) * 2 + b"\1")), 300),
        (png(8, 8, chunk(b"pHYs", (2).to_bytes(4) * 2 + b"\0")), None),
        (png(8, 8), None),
        (jpeg(8, 8, segment(0xE0, b"JFIF\0\1\1\1\1\x2c\1\x2c\0\0")), 300),
        (jpeg(8, 8, segment(0xE0, b"JFIF\0\1\1\2\0\x76\0\x76\0\0")), 299.72),
        (jpeg(8, 8, segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")), None),
    ],
    ids=["png-metre", "png-no-unit", "png-none", "jfif-inch", "jfif-cm", "jfif-no-unit"],
)
def test_resolution_is_told_only_where_the_file_names_a_unit(image, dpi) -> None:
    found = open_picture(image).dpi
    assert (found and round(found[0], 2)) == (dpi and pytest.approx(dpi, abs=0.01))


@pytest.mark.parametrize("order", ["<", ">"], ids=["little-endian", "big-endian"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_both_formats_tell_their_orientation(orientation, order) -> None:
    tiff = exif(orientation, order)
    assert open_picture(jpeg(9, 5, segment(0xE1, b"Exif\0\0" + tiff))).orientation == orientation
    assert open_picture(png(9, 5, chunk(b"eXIf", tiff))).orientation == orientation


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_matrix_goes_where_pillow_puts_the_pixel(orientation) -> None:
    stored = Image.new("L", (7, 4))
    stored.putpixel((5, 1), 255)
    stored.getexif()[0x0112] = orientation
    upright = ImageOps.exif_transpose(stored)
    moved = transformed(box(5, 1, 1, 1), upright_matrix(orientation, 7, 4))
    left = min(moved.x1, moved.x2, moved.x3, moved.x4)
    top = min(moved.y1, moved.y2, moved.y3, moved.y4)
    assert upright.getpixel((left, top)) == 255


def test_a_file_that_recognize_has_read_is_read_from_its_start(tmp_path) -> None:
    path = tmp_path / "image.png"
    path.write_bytes(png(30, 20))
    with path.open("rb") as file:
        file.read()
        assert open_picture(file).width == 30
    assert open_picture(memoryview(png(30, 20))).height == 20
    assert open_picture(io.BytesIO(png(30, 20))) == open_picture(str(path))


def test_what_is_no_image_says_what_to_do() -> None:
    with pytest.raises(InvalidImageError, match="JPEG nor a PNG"):
        open_picture(b"GIF89a")
    with pytest.raises(InvalidImageError, match="download"):
        open_picture("https://example.com/a.png")
    with pytest.raises(FileNotFoundError):
        open_picture("no-such-file.png")
    with pytest.raises(TypeError, match="binary"):
        open_picture(io.StringIO("text"))
    with pytest.raises(TypeError, match="int"):
        open_picture(7)
    with pytest.raises(ValueError, match="upright"):
        open_picture(png()).size("sideways")


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", png()[:16], png()[:33], b"\xff\xd8\xff", turned_jpeg(6)]),
)
def test_any_bytes_are_a_picture_or_a_clear_error(data, start) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            picture = open_picture(start + data)
        except InvalidImageError:
            return
    assert picture.width > 0 < picture.height
    assert 1 <= picture.orientation <= 8


def test_a_cut_jpeg_and_one_with_fill_bytes_are_read() -> None:
    image = turned_jpeg(8, 640, 480)
    padded = image.replace(b"\xff\xc0", b"\xff\xff\xff\xc0")
    assert open_picture(padded).size("upright") == (480, 640)
    with pytest.raises(InvalidImageError, match="cut or damaged"):
        open_picture(image[:30])
