"""The hint that a long image is better read by recognize_cropping, from its header bytes alone."""

import linecache
import struct
import warnings

import pytest
from nhncloud_ocr import AspectRatioWarning, AsyncOcrClient
from nhncloud_ocr._sniff import sides
from unit.support import IMAGES, PNG, Service

OURS = IMAGES / "ours"


def png(width, height):
    return (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
        + struct.pack(">II", width, height)
        + b"\x08\x02\x00\x00\x00"
    )


def segment(marker, payload):
    return bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload


def frame(width, height, marker=0xC0):
    return segment(marker, struct.pack(">BHH", 8, height, width) + b"\x03" + bytes(9))


def jpeg(*segments):
    return b"\xff\xd8" + b"".join(segments) + b"\xff\xda"


TABLES = segment(0xDB, bytes(65))
HUFFMAN = segment(0xC4, frame(9000, 10))  # not a frame, whatever it holds
EXIF = segment(
    0xE1, b"Exif\x00\x00" + b"\xff\xd8" + frame(9000, 10)
)  # its thumbnail has a frame of its own

LONG = {
    "png tall": png(100, 251),
    "baseline": jpeg(TABLES, frame(100, 251)),
    "progressive": jpeg(TABLES, frame(100, 251, 0xC2)),
    "extended": jpeg(frame(100, 251, 0xC1)),
    "arithmetic": jpeg(frame(100, 251, 0xC9)),
    "after EXIF": jpeg(EXIF, frame(100, 251)),
    "after Huffman tables": jpeg(HUFFMAN, frame(100, 251)),
    "padding between segments": jpeg(TABLES, b"\xff\xff\xff", frame(100, 251)),
    "a marker without a length": jpeg(b"\xff\x01", b"\xff\xd0", frame(100, 251)),
    "long EXIF": jpeg(*[segment(0xE1, bytes(65533))] * 3, frame(100, 251)),
}
QUIET = {
    # Cropping cuts a wide image through its lines: no help for a banner, or one line of text.
    "png wide": png(1000, 100),
    "jpeg wide": jpeg(frame(1000, 100)),
    "png square": png(100, 100),
    "png at the limit": png(100, 250),
    "jpeg at the limit": jpeg(frame(250, 100)),
    "its thumbnail is long, it is not": jpeg(EXIF, frame(100, 100)),
    "its Huffman tables look long": jpeg(HUFFMAN, frame(100, 100)),
    "png of no height": png(100, 0),
    "jpeg of no height": jpeg(frame(100, 0)),
    "png cut short": png(100, 251)[:20],
    "jpeg cut short": jpeg(TABLES, frame(100, 251))[:72],
    "jpeg signature alone": b"\xff\xd8\xff",
    "jpeg whose segments lead nowhere": jpeg(segment(0xE0, b"") * 3)[:-2] + b"\x00" * 50,
    "jpeg with a segment length of nothing": b"\xff\xd8\xff\xe0\x00\x00" * 40,
    "jpeg that ends in padding": b"\xff\xd8" + b"\xff" * 5000,
}


@pytest.mark.parametrize("image", LONG.values(), ids=LONG)
def test_past_one_to_two_and_a_half_there_is_a_hint(sync, image) -> None:
    with pytest.warns(AspectRatioWarning, match="recognize_cropping"):
        sync.recognize(sync.client(Service()), image)


@pytest.mark.parametrize("image", QUIET.values(), ids=QUIET)
def test_otherwise_there_is_none(sync, image) -> None:
    sync.recognize(sync.client(Service()), image)  # a warning would be an error here


@pytest.mark.parametrize(
    ("name", "ratio"),
    [
        ("s30_tall_chat_720x5400.png", "7.5"),
        ("s31_tall_chat_600x12000.jpg", "20"),
        ("s32_tall_dense_doc.png", ""),
    ],
)
def test_real_long_images(sync, name, ratio) -> None:
    with pytest.warns(AspectRatioWarning, match=ratio):
        sync.recognize(sync.client(Service()), OURS / name)


COMMON = [
    *(
        "s34_wide_strip.png",
        "s09_mixed_receipt_photo.jpg",
        "s13_mixed_exif6.jpg",
        "s14_mixed_cmyk.jpg",
        "s16_mixed_1bit.png",
    ),
    *("s17_mixed_gray16.png", "s20_mixed_progressive.jpg", "s22_mixed_q12.jpg", "s36_1x1.png"),
]


@pytest.mark.parametrize("name", COMMON)
def test_real_images_of_common_shape(sync, name) -> None:
    sync.recognize(sync.client(Service()), OURS / name)


@pytest.mark.parametrize(("height", "ratio"), [(2501, "1:2.501"), (25001, "1:25.001")])
def test_the_numbers_are_true(sync, height, ratio) -> None:
    with pytest.warns(AspectRatioWarning) as caught:
        sync.recognize(sync.client(Service()), png(1000, height))
    text = str(caught[0].message)
    assert f"1000 x {height} pixels" in text
    assert f"{ratio};" in text


HOSTILE = {
    "empty segments": b"\xff\xd8" + b"\xff\xe1\x00\x02" * 5_000_000,
    "comments": b"\xff\xd8" + segment(0xFE, b"") * 4_000_000,
    "restart markers": b"\xff\xd8" + b"\xff\xd0" * 10_000_000,
}


@pytest.mark.parametrize("image", HOSTILE.values(), ids=HOSTILE)
def test_a_file_made_of_markers_is_soon_given_up(image) -> None:
    """It is looked at in the event loop, for a mere hint: a thousand segments, and no more."""
    assert sides(image + frame(100, 1000)) is None


def test_it_points_to_the_callers_line(driver) -> None:
    """Also where the async client's coroutine is awaited."""
    client = driver.client(Service())
    image = png(10, 100)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")

        if driver.kind is AsyncOcrClient:

            async def call():
                return await client.recognize(image)  # here

        else:

            def call():
                return client.recognize(image)  # here

        driver.run(call())
    [hint] = caught
    assert hint.filename == __file__
    assert (
        linecache.getline(hint.filename, hint.lineno)
        .rstrip()
        .endswith("client.recognize(image)  # here")
    )


def test_cropping_and_image_urls_draw_no_hint(driver) -> None:
    client = driver.client(Service())
    driver.recognize(client, png(10, 100), cropping=True)
    driver.recognize(client, image_url="https://example.com/10x100.png")


def test_it_is_no_refusal(driver) -> None:
    service = Service()
    with pytest.warns(AspectRatioWarning):
        driver.recognize(driver.client(service), png(10, 10_000))
    assert len(service.requests) == 1


def test_a_warning_made_an_error_is_raised_before_sending(driver) -> None:
    service = Service()
    with warnings.catch_warnings(), pytest.raises(AspectRatioWarning):
        warnings.simplefilter("error")
        driver.recognize(driver.client(service), png(10, 100))
    assert service.requests == []


@pytest.mark.parametrize(
    "data",
    [b"\x00\x00" + frame(9000, 10), b"GIF89a" + frame(9000, 10), PNG[:8]],
    ids=["bytes", "gif", "png"],
)
def test_what_is_neither_jpeg_nor_png_has_no_sides(sync, data) -> None:
    sync.recognize(sync.client(Service(), precheck=False), data)
