"""Searchable PDFs by five readers, by qpdf and by a checker of PDF/A."""

import hashlib
import html
import io
import re
import shutil
import subprocess

import nhncloud_ocr_toolkit as toolkit
import pytest
from nhncloud_ocr import Quad, Word
from PIL import Image
from readers import READERS, share, turned
from toolkit.pages import IMAGES, page, png, stored, stored_tall, word

pytestmark = [
    pytest.mark.readers,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

OURS = IMAGES / "ours"
TALL = "s30_tall_chat_720x5400"
PAGES = {
    "korean": "s01_ko_doc_myeongjo34.png",
    "english": "s04_en_doc_serif28.png",
    "receipt": "s08_mixed_receipt.png",
    "alpha": "s18_mixed_alpha_black.png",
    "one-bit": "s16_mixed_1bit.png",
    "exif6": "s13_mixed_exif6.jpg",
    "receipt-photo": "s09_mixed_receipt_photo.jpg",
    "tall": f"{TALL}.png",
}
LEANING = ("korean", "english", "receipt")
POINTS_A_PIXEL = 72 / 150


def result_of(name):
    """The tall one merged, for poppler shows text once that stands twice on one place."""
    if name == "tall":
        return toolkit.merge_slices(stored_tall(TALL)["page"], OURS / PAGES[name]).page
    return stored(name)


@pytest.fixture
def written(tmp_path):
    def write(result, image, **options):
        path = tmp_path / "out.pdf"
        toolkit.pdf([(image, result)], path, **options)
        return path

    return write


@pytest.fixture(params=READERS)
def read(request):
    """A reader's function; the test is skipped, and says why, where it is not there."""
    function, there, needs = READERS[request.param]
    if not there:
        pytest.skip(f"{request.param} is not there: {needs}")
    return function


def reader(name):
    function, there, needs = READERS[name]
    return function if there else pytest.skip(f"{name} is not there: {needs}")


def run(program, *arguments):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not there")
    command = [program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_every_reader_gets_the_words(name, read, written) -> None:
    assert share(result_of(name), read(written(result_of(name), OURS / PAGES[name]))) >= 0.97


@pytest.mark.parametrize("name", PAGES)
def test_pdfium_gets_all_words_of_an_upright_page(name, written) -> None:
    read = reader("pdfium")
    assert share(result_of(name), read(written(result_of(name), OURS / PAGES[name]))) == 1


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.parametrize("name", LEANING)
def test_every_reader_gets_the_words_of_a_turned_page(name, degrees, read, written) -> None:
    image, result = turned((OURS / PAGES[name]).read_bytes(), stored(name), degrees)
    assert share(result, read(written(result, image))) == 1


@pytest.mark.parametrize("degrees", [3, 7, -12])
@pytest.mark.parametrize("name", LEANING)
@pytest.mark.parametrize("by", ["poppler", "pdfminer", "pypdf", "pdfium", "pdf.js"])
def test_readers_get_the_words_of_a_leaning_page(by, name, degrees, written) -> None:
    image, result = turned((OURS / PAGES[name]).read_bytes(), stored(name), degrees)
    assert share(result, reader(by)(written(result, image))) >= 0.97


@pytest.mark.parametrize("name", PAGES)
def test_a_file_is_its_picture_and_at_most_15_kilobytes(name, written) -> None:
    path = written(result_of(name), OURS / PAGES[name])
    assert path.stat().st_size <= (OURS / PAGES[name]).stat().st_size + 15_000


@pytest.mark.parametrize("degrees", [0, 90])
def test_a_word_of_one_letter_is_read(degrees, read, written) -> None:
    image, result = turned(png(300, 200), page([word("가", 50, 50, 30, 30)]), degrees)
    assert read(written(result, image)).split() == ["가"]


def test_words_whose_boxes_touch_are_read_apart(read, written) -> None:
    boxes = [("주문번호", 10, 80), ("ORD-2024", 90, 90), ("확인", 180, 40)]
    touching = page([word(text, left, 20, width) for text, left, width in boxes])
    assert read(written(touching, png(300, 100))).split() == [text for text, *_ in boxes]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("s09_mixed_receipt_photo.jpg", {}),
        ("s13_mixed_exif6.jpg", {}),
        ("s14_mixed_cmyk.jpg", {"pdfa": False}),
    ],
)
def test_pdfimages_gives_the_very_jpeg_back(name, options, written, tmp_path) -> None:
    run("pdfimages", "-all", written(page(), OURS / name, **options), tmp_path / "image")
    (image,) = tmp_path.glob("image*")
    before = hashlib.sha256((OURS / name).read_bytes()).hexdigest()
    assert hashlib.sha256(image.read_bytes()).hexdigest() == before


@pytest.mark.parametrize(
    "name", ["s01_ko_doc_myeongjo34.png", "s16_mixed_1bit.png", "s21_mixed_palette.png"]
)
def test_pdfimages_gives_a_pngs_pixels_back(name, written, tmp_path) -> None:
    run("pdfimages", "-png", written(page(), OURS / name), tmp_path / "image")
    (image,) = tmp_path.glob("image*")
    with Image.open(image) as after, Image.open(OURS / name) as before:
        assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_viewer_shows_an_oriented_image_upright(orientation, written) -> None:
    """Black in the top left of the upright picture, whichever way it is stored."""
    pypdfium2 = pytest.importorskip("pypdfium2")
    upright = Image.new("RGB", (80, 40), "white")
    upright.paste("black", (0, 0, 40, 20))
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored_so = upright.transpose(back[orientation]) if orientation > 1 else upright
    exif, file = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    stored_so.save(file, "JPEG", exif=exif, dpi=(72, 72))
    document = pypdfium2.PdfDocument(written(page(), file.getvalue()))
    shown = document[0].render(scale=1).to_pil().convert("L")
    document.close()
    assert shown.size == (80, 40)
    assert [shown.getpixel(at) > 128 for at in ((20, 10), (60, 10), (20, 30), (60, 30))] == [
        False,
        True,
        True,
        True,
    ]


@pytest.mark.parametrize("name", PAGES)
def test_the_file_is_sound_and_pdfa(name, written) -> None:
    pikepdf = pytest.importorskip("pikepdf")
    pdfa = pytest.importorskip("pikepdf.pdfa")
    path = written(result_of(name), OURS / PAGES[name])
    checked = run("qpdf", "--check", path)
    assert checked.returncode == 0, checked.stdout
    with pikepdf.open(path) as file:
        assert pdfa.check(file, "2b").findings == []


@pytest.mark.parametrize("name", ["korean", "english", "receipt"])
@pytest.mark.parametrize(("degrees", "least"), [(0, 0.98), (7, 0.5), (-12, 0.5)])
def test_boxes_are_where_they_were(name, degrees, least, written) -> None:
    image, result = turned((OURS / PAGES[name]).read_bytes(), stored(name), degrees)
    bbox = run("pdftotext", "-bbox", written(result, image), "-").stdout
    found: dict[str, list[list[float]]] = {}
    for *sides, text in re.findall(
        r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', bbox
    ):
        scaled = [float(side) / POINTS_A_PIXEL for side in sides]
        found.setdefault(html.unescape(text), []).append(scaled)
    overlaps = [
        max((overlap(each.box.bounds, box) for box in found.get(each.text, ())), default=0)
        for each in result.words
    ]
    assert sum(overlaps) / len(overlaps) >= least


def overlap(one, other):
    """Intersection over union."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(width, 0) * max(height, 0)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return shared / (sum(areas) - shared)


def test_a_box_without_extent_does_not_break_a_reader(read, written) -> None:
    flat = page([Word("점", 0.9, Quad(*[50] * 8))], [word("줄", 10, 80)])
    assert set(read(written(flat, png(200, 200))).split()) == {"점", "줄"}
