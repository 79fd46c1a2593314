"""The picture with its boxes, as PNG and in a notebook."""

import io
import subprocess
import sys

import nhncloud_ocr_toolkit as toolkit
import pytest
from lxml import html
from nhncloud_ocr import Word
from PIL import Image, ImageChops
from toolkit.pages import IMAGES, RECEIPT, box, page, png, stored, turned_jpeg, word

OURS = sorted((IMAGES / "ours").iterdir())


def opened(data):
    return Image.open(io.BytesIO(data))


def test_boxes_are_drawn_over_the_picture_and_change_little_of_it() -> None:
    drawn = opened(toolkit.draw(stored("receipt"), RECEIPT))
    assert (drawn.format, drawn.size) == ("PNG", (480, 640))
    with Image.open(RECEIPT) as bare:
        difference = ImageChops.difference(drawn, bare.convert("RGB")).convert("L")
    differs = 480 * 640 - difference.histogram()[0]
    assert 0 < differs < 0.2 * 480 * 640
    first = stored("receipt").words[0].box
    assert drawn.getpixel((first.x1, first.y3)) == (0x0A, 0x58, 0xCA)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_every_kind_of_image_can_be_drawn_on(path) -> None:
    with Image.open(path) as bare:
        if bare.width * bare.height > 2_000_000:
            pytest.skip("large, and of a kind that others are of")
    drawn = opened(toolkit.draw(page([word("a", 0, 0, 5, 5)]), path))
    assert drawn.mode == "RGB"


def test_transparent_paper_is_white_and_deep_grey_stays_grey() -> None:
    def corner(name):
        return opened(toolkit.draw(page(), IMAGES / "ours" / name)).getpixel((2, 2))

    assert corner("s18_mixed_alpha_black.png") == (255, 255, 255)
    assert min(corner("s17_mixed_gray16.png")) > 200


def test_boxes_of_the_stored_frame_are_turned_with_the_picture(tmp_path) -> None:
    path = tmp_path / "turned.jpg"
    picture = Image.new("RGB", (200, 100), "white")
    picture.getexif()[0x0112] = 6
    picture.save(path, exif=picture.getexif())
    found = page([Word("a", 1, box(10, 20, 30, 10))])
    stored_frame = opened(toolkit.draw(found, path, frame="stored"))
    assert stored_frame.size == (100, 200)
    assert stored_frame.getpixel((100 - 20, 10)) == (0x0A, 0x58, 0xCA)
    upright = opened(toolkit.draw(found, path))
    assert upright.getpixel((10, 20)) == (0x0A, 0x58, 0xCA)


def test_words_without_a_box_are_counted() -> None:
    with pytest.warns(toolkit.PlacementWarning, match="1 word"):
        toolkit.draw(page([Word("a", 1)]), png())


def test_without_pillow_the_error_names_the_extra() -> None:
    code = (
        "import sys; sys.modules['PIL'] = None\n"
        "import nhncloud_ocr_toolkit as toolkit\n"
        "from nhncloud_ocr import OcrResult\n"
        "try: toolkit.draw(OcrResult(lines=()), b'')\n"
        "except ImportError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'pip install "nhncloud-ocr[pillow]"' in done.stdout


def test_a_view_shows_text_in_a_notebook_and_nowhere_else() -> None:
    view = toolkit.view(page([word("<b>secret</b>")]), png())
    for text in (repr(view), str(view), f"{view}"):
        assert "secret" not in text
    shown = html.fromstring(view._repr_html_())
    assert "<b>secret</b> (90%)" in shown.xpath("//title/text()")
    assert shown.xpath("//pre")[0].text_content() == "<b>secret</b>"
    assert not shown.xpath("//b | //script")


def test_a_view_is_upright() -> None:
    assert 'viewBox="0 0 100 200"' in toolkit.view(page(), turned_jpeg(6))._repr_html_()
