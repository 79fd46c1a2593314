"""Searchable PDFs as pypdf reads them back; `nox -s readers` asks five other programs."""

import io
import re
import struct
import sys
import zlib
from collections import Counter

import nhncloud_ocr_toolkit as toolkit
import pypdf
import pytest
from hypothesis import given, settings, strategies as st
from nhncloud_ocr import InvalidImageError, Quad, Word
from nhncloud_ocr_toolkit._pdf import _placing
from PIL import Image, ImageCms
from pypdf.generic import ContentStream
from toolkit.pages import (
    HARD_TEXTS,
    IMAGES,
    RECEIPT,
    chunk,
    exif,
    jpeg,
    page,
    pages,
    png,
    segment,
    stored,
    turned_jpeg,
    word,
)
from toolkit.turning import turned_page

OURS = IMAGES / "ours"
CMYK = OURS / "s14_mixed_cmyk.jpg"


def made(result, image, **options) -> bytes:
    file = io.BytesIO()
    toolkit.pdf([(image, result)], file, **options)
    return file.getvalue()


def opened(data: bytes):
    return pypdf.PdfReader(io.BytesIO(data), strict=True)


def sheet_of(data: bytes):
    return opened(data).pages[0]


def words_read(data: bytes) -> Counter:
    return Counter(each for sheet in opened(data).pages for each in sheet.extract_text().split())


def image_of(data: bytes):
    return sheet_of(data)["/Resources"]["/XObject"]["/Im0"]


def size_of(data: bytes) -> tuple[float, float]:
    box = sheet_of(data).mediabox
    return float(box.width), float(box.height)


def matrices(data: bytes) -> list[list[float]]:
    """Of each text shown, with its size and stretch: pixels, y upwards."""
    found = []
    matrix, size, stretch = [1.0, 0, 0, 1, 0, 0], 1.0, 1.0
    for operands, operator in operations(data):
        numbers = [float(each) for each in operands if isinstance(each, (int, float))]
        a, b, c, d, x, y = matrix
        if operator == b"BT":
            matrix = [1.0, 0, 0, 1, 0, 0]
        elif operator == b"Tm":
            matrix = numbers
        elif operator == b"Td":
            across, up = numbers
            matrix = [a, b, c, d, x + a * across + c * up, y + b * across + d * up]
        elif operator == b"Tf":
            (size,) = numbers
        elif operator == b"Tz":
            stretch = numbers[0] / 100
        elif operator == b"Tj":
            wide = size * stretch
            found.append([a * wide, b * wide, c * size, d * size, x, y])
    return found


def operations(data: bytes) -> list:
    reader = opened(data)
    return ContentStream(reader.pages[0].get_contents(), reader).operations


def shown(data: bytes) -> list[bytes]:
    """The codes of each text, two bytes a letter."""
    return [each[0].original_bytes for each, operator in operations(data) if operator == b"Tj"]


def decoded(stream) -> Image.Image:
    """The pixels of an image stream with PNG's predictors, by way of a PNG."""
    parameters = stream["/DecodeParms"]
    space = stream["/ColorSpace"]
    palette = b""
    if space == "/DeviceGray":
        colour = 0
    elif space == "/DeviceRGB":
        colour = 2
    else:
        colour, palette = 3, bytes(space[3].original_bytes)
    assert parameters["/Predictor"] == 15
    head = struct.pack(
        ">IIBBBBB",
        *(stream["/Width"], stream["/Height"], stream["/BitsPerComponent"], colour, 0, 0, 0),
    )
    parts = chunk(b"IHDR", head), chunk(b"PLTE", palette) if palette else b""
    data = b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IDAT", stream._data)
    with Image.open(io.BytesIO(data + chunk(b"IEND", b""))) as image:
        image.load()
        return image


@pytest.mark.parametrize("name", ["receipt", "receipt-photo", "receipt-12-degrees", "exif6"])
def test_a_reader_gets_the_words_back(name) -> None:
    result = stored(name)
    image = {
        "receipt": RECEIPT,
        "receipt-photo": OURS / "s09_mixed_receipt_photo.jpg",
        "receipt-12-degrees": RECEIPT,
        "exif6": OURS / "s13_mixed_exif6.jpg",
    }[name]
    assert words_read(made(result, image)) == Counter(result.text.split())


def test_words_that_touch_are_read_apart() -> None:
    touching = page([word("주문번호", 10, 10, 80), word("ORD-2024", 90, 10, 80)])
    assert words_read(made(touching, png())) == Counter(["주문번호", "ORD-2024"])
    first, second = matrices(made(touching, png()))
    blank = 0.25 * first[0]
    assert first[4] + 4 * first[0] + 5 < second[4]
    assert first[4] + 4 * first[0] + blank < second[4] + blank / 2


def test_a_space_follows_each_word_a_lines_last_one_too() -> None:
    data = made(page([word("하나"), word("둘")], [word("셋")]), png())
    assert {text[-2:] for text in shown(data)} == {b"\0\1"}
    assert "<0001> <0020>" in to_unicode(data)


def test_a_page_of_2000_words_adds_little_to_its_picture() -> None:
    many = page(*[[word("가나다", 100 * x, 30 * y, 90, 24) for x in range(10)] for y in range(200)])
    image = png(1500, 6300)
    assert len(made(many, image)) < len(image) + 6_000
    assert len(made(turned_page(many, 3), image)) < len(image) + 15_000


def test_a_jpegs_bytes_are_unchanged() -> None:
    data = (OURS / "s20_mixed_progressive.jpg").read_bytes()
    assert image_of(made(page(), data))._data == data


@pytest.mark.parametrize(
    "name",
    [
        "s01_ko_doc_myeongjo34.png",
        "s15_mixed_gray.png",
        "s16_mixed_1bit.png",
        "s17_mixed_gray16.png",
        "s21_mixed_palette.png",
    ],
)
def test_a_pngs_pixels_are_unchanged(name) -> None:
    data = (OURS / name).read_bytes()
    written = made(page(), data)
    with Image.open(io.BytesIO(data)) as before:
        assert (
            decoded(image_of(written)).convert("RGB").tobytes() == before.convert("RGB").tobytes()
        )
    assert len(written) < len(data) + 15_000


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_becomes_white_paper(mode) -> None:
    clear = io.BytesIO()
    Image.new(mode, (4, 3), (0,) * len(mode)).save(clear, "PNG")
    image = decoded(image_of(made(page(), clear.getvalue())))
    assert image.convert("RGB").getextrema() == ((255, 255),) * 3
    assert image.mode == "L"


def test_what_is_half_transparent_keeps_its_colour() -> None:
    red = io.BytesIO()
    Image.new("RGBA", (4, 3), (255, 0, 0, 128)).save(red, "PNG")
    image = decoded(image_of(made(page(), red.getvalue())))
    assert image.getpixel((0, 0)) == (255, 127, 127)


def test_a_transparent_colour_of_a_palette_becomes_white() -> None:
    file = io.BytesIO()
    image = Image.new("P", (2, 1))
    image.putpalette([200, 0, 0, 0, 0, 0])
    image.putpixel((1, 0), 1)
    image.save(file, "PNG", transparency=b"\x80\x00")
    shown = decoded(image_of(made(page(), file.getvalue()))).convert("RGB")
    assert shown.getpixel((0, 0)) == (228, 127, 127)
    assert shown.getpixel((1, 0)) == (255, 255, 255)


def test_a_transparent_colour_without_a_palette_is_masked() -> None:
    file = io.BytesIO()
    Image.new("RGB", (2, 1)).save(file, "PNG", transparency=(1, 2, 3))
    assert image_of(made(page(), file.getvalue()))["/Mask"] == [1, 1, 2, 2, 3, 3]


def interlaced() -> bytes:
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 1)
    pixels = zlib.compress(b"\0\x7f")
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def test_an_interlaced_png_is_put_in_order() -> None:
    assert decoded(image_of(made(page(), interlaced()))).getpixel((0, 0)) == 127


def test_without_pillow_an_error_names_the_extra(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ImportError, match=r"nhncloud-ocr\[pillow\]"):
        made(page(), interlaced())
    made(page(), RECEIPT)  # which needs none


def test_cmyk_is_refused_in_pdfa_and_inverted_in_a_plain_pdf() -> None:
    with pytest.raises(InvalidImageError, match="pdfa=False"):
        made(page(), CMYK)
    image = image_of(made(page(), CMYK, pdfa=False))
    assert image["/ColorSpace"] == "/DeviceCMYK"
    assert image["/Decode"] == [1, 0] * 4


@pytest.mark.parametrize(
    "image",
    [
        b"",
        b"GIF89a",
        png()[:40],
        b"\xff\xd8" + segment(0xC9, struct.pack(">BHHB", 8, 9, 9, 1) + b"\1\x11\0"),
        b"\xff\xd8" + segment(0xC0, struct.pack(">BHHB", 12, 9, 9, 3) + b"\1\x11\0"),
    ],
)
def test_what_no_pdf_can_hold_is_refused(image) -> None:
    with pytest.raises(InvalidImageError):
        made(page(), image)


def test_words_without_a_box_are_counted_and_said(tmp_path) -> None:
    lacking = page([word("here"), Word("lost", 0.5)], [Word("too", 0.5)])
    with pytest.warns(toolkit.PlacementWarning) as said:
        assert toolkit.pdf([(png(), lacking)] * 2, tmp_path / "out.pdf") == 4
    assert said[0].message.count == 4
    assert said[0].filename == __file__
    assert words_read((tmp_path / "out.pdf").read_bytes()) == Counter({"here": 2})


def test_pages_may_be_made_while_they_are_written(tmp_path) -> None:
    written: list[int] = []

    def many():
        for number in range(30):
            written.append(number)
            yield png(), page([word(f"쪽{number}")])

    assert toolkit.pdf(many(), str(tmp_path / "out.pdf")) == 0
    sheets = opened((tmp_path / "out.pdf").read_bytes()).pages
    assert [sheet.extract_text().strip() for sheet in sheets] == [f"쪽{n}" for n in range(30)]
    assert [each.name for each in tmp_path.iterdir()] == ["out.pdf"]


def test_no_page_at_all_is_an_error(tmp_path) -> None:
    with pytest.raises(ValueError, match="at least one page"):
        toolkit.pdf([], tmp_path / "out.pdf")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "pages",
    [
        (png(), page()),
        [page()],
        [(page(), png())],
        [(png(), None)],
        [(png(), page(), 1)],
        {"image": page()},
    ],
)
def test_what_are_no_pairs_is_said(pages) -> None:
    with pytest.raises(TypeError, match=r"\[\(image, page\), \.\.\.\]"):
        toolkit.pdf(pages, io.BytesIO())


def test_a_folder_that_is_not_there_is_named_by_the_path_given(tmp_path) -> None:
    path = tmp_path / "nowhere" / "out.pdf"
    with pytest.raises(FileNotFoundError) as raised:
        toolkit.pdf([(png(), page())], path)
    assert raised.value.filename == str(path)


def test_what_stood_at_the_path_stays_until_the_file_is_complete(tmp_path) -> None:
    path = tmp_path / "out.pdf"
    path.write_bytes(b"before")
    with pytest.raises(InvalidImageError):
        toolkit.pdf([(png(), page()), (b"no image", page())], path)
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["out.pdf"]


def test_an_unbuffered_file_that_takes_a_part_gets_all() -> None:
    class Slow(io.RawIOBase):
        def __init__(self):
            self.data = b""

        def writable(self):
            return True

        def write(self, data):
            self.data += bytes(data[:1000])
            return min(len(data), 1000)

    slow = Slow()
    toolkit.pdf([(RECEIPT, stored("receipt"))], slow)
    assert slow.data == made(stored("receipt"), RECEIPT)


def test_the_same_pages_give_the_same_bytes() -> None:
    assert made(stored("receipt"), RECEIPT) == made(stored("receipt"), RECEIPT)
    first, second = (opened(made(page([word(text)]), png())).trailer["/ID"] for text in "가나")
    assert first != second


@pytest.mark.parametrize(("degrees", "rotate"), [(0, 0), (90, 270), (180, 180), (270, 90), (45, 0)])
def test_a_page_is_shown_so_that_its_text_stands_upright(degrees, rotate) -> None:
    turned = turned_page(page([word("가나다", 0, 0, 90, 24)], [word("라", 0, 40)]), degrees)
    sheet = sheet_of(made(turned, png(400, 400)))
    assert sheet.rotation == rotate


@pytest.mark.parametrize("degrees", [7, -12, 25])
def test_a_leaning_word_is_laid_upright_in_the_middle_of_its_own_quad(degrees) -> None:
    upright = page([word("가나다", 100, 100, 90, 24)])
    quad = turned_page(upright, degrees).words[0].box
    ((a, b, c, d, x, y),) = matrices(made(turned_page(upright, degrees), png(400, 400)))
    assert b == c == 0
    centre = sum((quad.x1, quad.x2, quad.x3, quad.x4)) / 4
    assert x + 3 * a / 2 == pytest.approx(centre, abs=0.2)
    middle = 400 - sum((quad.y1, quad.y2, quad.y3, quad.y4)) / 4
    assert y + 0.3 * d == pytest.approx(middle, abs=0.2)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("frame", ["upright", "stored"])
def test_exif_turns_the_picture_and_in_the_stored_frame_the_boxes(orientation, frame) -> None:
    """The word lies on the stored picture's top left corner."""
    box = Quad(0, 0, 40, 0, 40, 20, 0, 20)
    upright_corner = {
        **{1: (0, 0), 2: (200, 0), 3: (200, 100), 4: (0, 100)},
        **{5: (0, 0), 6: (100, 0), 7: (100, 200), 8: (0, 200)},
    }[orientation]
    data = made(page([Word("가", 0.9, box)]), turned_jpeg(orientation), frame=frame)
    width, height = (200, 100) if orientation < 5 else (100, 200)
    assert size_of(data) == pytest.approx((width * 0.48, height * 0.48))

    # Where the top left of PDF's unit square, which is the picture's, gets.
    contents = sheet_of(data).get_contents().get_data().decode()
    a, b, c, d, e, f = map(float, re.search("q (.*) cm /Im0 Do", contents)[1].split())
    x, y = (c + e) / 0.48, height - (d + f) / 0.48
    assert (x, y) == pytest.approx(upright_corner, abs=0.1)
    assert abs(a * d - b * c) == pytest.approx(width * height * 0.48**2, rel=0.001)
    if frame == "stored":
        _, _, _, _, x, y = matrices(data)[0]
        assert abs(x - upright_corner[0]) <= 40
        assert abs(height - y - upright_corner[1]) <= 40


def phys(dots_a_metre: int) -> bytes:
    return chunk(b"pHYs", struct.pack(">IIB", dots_a_metre, dots_a_metre, 1))


@pytest.mark.parametrize(
    ("image", "size"),
    [
        (png(300, 150), (144, 72)),
        (png(300, 150, phys(11811)), (72, 36)),
        (png(300, 150, phys(39)), (144, 72)),  # one dot an inch is a slip
        (jpeg(300, 150, segment(0xE0, b"JFIF\0\1\1\1" + struct.pack(">HH", 100, 50))), (216, 216)),
        (png(20, 60_000), (14_400 * 20 / 60_000, 14_400)),
        (png(1, 1), (3, 3)),
    ],
)
def test_the_pages_size_comes_from_the_resolution(image, size) -> None:
    assert size_of(made(page(), image)) == pytest.approx(size, abs=0.01) or size[0] < 5


def test_a_tall_page_keeps_within_what_viewers_open() -> None:
    width, height = size_of(made(page(), png(20, 60_000)))
    assert height == pytest.approx(14_400)
    assert width == pytest.approx(4.8)


def to_unicode(data: bytes) -> str:
    font = sheet_of(data)["/Resources"]["/Font"]["/f-0-0"]
    return font["/ToUnicode"].get_data().decode()


def test_many_letters_go_in_blocks_of_a_hundred() -> None:
    many = page(
        *[[word("".join(map(chr, range(at, at + 50))))] for at in range(0xAC00, 0xAE00, 50)]
    )
    text = to_unicode(made(many, png()))
    counts = [int(each) for each in re.findall(r"(\d+) beginbfchar", text)]
    assert max(counts) == 100
    assert sum(counts) == text.count("> <") - text.count("<0000> <FFFF>")
    assert words_read(made(many, png())).total() == len(many.words)


def test_letters_beyond_the_basic_plane_are_whole() -> None:
    data = made(page([word("😀"), word("가", 100)]), png())
    assert "<D83DDE00>" in to_unicode(data)
    assert words_read(data) == Counter(["😀", "가"])


def test_hard_texts_are_kept_or_replaced_as_in_all_exports() -> None:
    hard = page(*[[word(text, 10, 10 + 30 * n)] for n, text in enumerate(HARD_TEXTS)])
    read = words_read(made(hard, png(600, 900)))
    assert read["nul\ufffd"] == 1
    assert read["\u1112\u1161\u11b8\u1100\u1168"] == 1  # not composed
    assert read["\ufffd"] == 1  # half a surrogate pair
    for text in ("]]>", "-1,000", "<!--", "👨‍👩‍👧", "a" * 500):
        assert read[text] == 1, text


def test_thousands_of_leaning_words_on_one_height_take_no_long_time(monkeypatch) -> None:
    """A reply may hold anything; what is looked at must not grow with the square of it."""
    seen = []
    with_room = _placing._with_room
    monkeypatch.setattr(_placing, "_with_room", lambda *two: seen.append(1) or with_room(*two))
    leaning = Quad(10, 10, 100, 14, 99, 38, 9, 34)
    made(page(*[[Word("가", 0.9, leaning)]] * 1000), png(200, 200))
    assert len(seen) <= 2 * 200 * 1000


def test_a_word_off_the_page_is_moved_to_its_edge() -> None:
    away = page([Word("far", 0.9, Quad(5e6, -9e6, 5e6 + 40, -9e6, 5e6 + 40, -9e6 + 20, 5e6, 9e6))])
    data = made(away, png(400, 400))
    assert all(-1000 < each < 1400 for matrix in matrices(data) for each in matrix)
    assert words_read(data) == Counter(["far"])


def test_what_pdfa_asks_for_is_there_only_if_asked_for() -> None:
    archive = opened(made(page(), png())).trailer["/Root"]
    profile = archive["/OutputIntents"][0]["/DestOutputProfile"].get_data()
    name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))
    assert name.strip() == "sRGB IEC61966-2.1"
    assert b'pdfaid:part="2"' in archive["/Metadata"].get_data()
    assert "/Metadata" not in opened(made(page(), png(), pdfa=False)).trailer["/Root"]


@pytest.mark.filterwarnings("ignore::nhncloud_ocr_toolkit.PlacementWarning")
@settings(max_examples=60)
@given(st.lists(pages, min_size=1, max_size=3))
def test_any_page_makes_a_file_that_opens(results) -> None:
    file = io.BytesIO()
    toolkit.pdf([(turned_jpeg(6), result) for result in results], file)
    reader = opened(file.getvalue())
    assert len(reader.pages) == len(results)
    for sheet in reader.pages:
        sheet.extract_text()
        shown = re.sub(rb"<.*?>", b"", sheet.get_contents().get_data())
        numbers = re.findall(rb"[-\d.]+", shown)
        assert max((len(each) for each in numbers), default=0) < 14


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_after_a_signature_are_an_image_or_a_clear_error(tail) -> None:
    for signature in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", png()[:33], turned_jpeg(6)[:60]):
        try:
            made(page(), signature + tail)
        except InvalidImageError:
            continue


@pytest.mark.parametrize("orientation", [1, 8])
def test_an_oriented_png_is_drawn_turned(orientation) -> None:
    data = made(page(), png(200, 100, chunk(b"eXIf", exif(orientation))))
    assert size_of(data) == pytest.approx((96, 48) if orientation == 1 else (48, 96))
