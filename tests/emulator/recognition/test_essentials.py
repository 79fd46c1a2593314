"""Sound pictures in files with something wrong beside the picture."""

import struct
import tracemalloc
import zlib

import pytest
from hypothesis import given, strategies as st
from nhncloud_ocr_emulator._images import decode
from nhncloud_ocr_emulator.recognition import Refused
from PIL import Image, ImageDraw

from .pictures import encoded

HEADER_END = 8 + 25
FLOOD = 64 * 1024 * 1024  # bytes, of one tone, that a chunk inflates to


def page() -> Image.Image:
    """Return a picture with something in each corner, the last one too."""
    image = Image.new("RGB", (120, 90), "white")
    draw = ImageDraw.Draw(image)
    for x, y in ((5, 5), (100, 5), (5, 75), (100, 75)):
        draw.rectangle((x, y, x + 12, y + 8), fill="black")
    return image


def chunk(kind: bytes, body: bytes, *, sum_off_by: int = 0) -> bytes:
    checksum = (zlib.crc32(kind + body) + sum_off_by) % 2**32
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def with_chunk(extra: bytes) -> bytes:
    image = encoded(page())
    return image[:HEADER_END] + extra + image[HEADER_END:]


def refusal(image: bytes) -> int | None:
    try:
        decode(image)
    except Refused as refused:
        return refused.code
    return None


BROKEN = {
    "a profile of an unknown compression": chunk(b"iCCP", b"sRGB\0\1" + zlib.compress(b"profile")),
    "a profile that is no zlib stream": chunk(b"iCCP", b"sRGB\0\0" + bytes(40)),
    "text with a wrong checksum": chunk(b"tEXt", b"Comment\0hello", sum_off_by=1),
    "text that inflates to much": chunk(b"zTXt", b"prompt\0\0" + zlib.compress(bytes(FLOOD))),
    "international text that does": chunk(
        b"iTXt", b"prompt\0\1\0\0\0" + zlib.compress(bytes(FLOOD))
    ),
    "a profile that does": chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(bytes(FLOOD))),
    "a resolution that is too short": chunk(b"pHYs", b"\0"),
    "a frame of an animation without its control": chunk(b"fdAT", b"\0"),
}


@pytest.mark.parametrize("extra", BROKEN.values(), ids=BROKEN)
def test_what_is_not_the_picture_may_be_broken(extra: bytes) -> None:
    sound = decode(encoded(page())).pixels.tobytes()
    image = with_chunk(extra)
    tracemalloc.start()
    assert decode(image).pixels.tobytes() == sound
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < FLOOD / 4


def test_transparency_is_part_of_the_picture() -> None:
    image = page().convert("L")
    image.paste(128, (40, 30, 80, 60))
    assert decode(encoded(image)).pixels.getpixel((50, 40)) == 128
    assert decode(encoded(image, transparency=128)).pixels.getpixel((50, 40)) != 128


def test_pixels_with_a_wrong_checksum_are_refused() -> None:
    image = bytearray(encoded(page()))
    start = bytes(image).index(b"IDAT")
    length = int.from_bytes(image[start - 4 : start], "big")
    image[start + 4 + length] ^= 1
    assert refusal(bytes(image)) == 4000002


@given(st.binary(max_size=40), st.sampled_from([b"teXt", b"zTXt", b"iTXt", b"iCCP", b"abCd"]))
def test_any_ancillary_chunk_is_passed_over(body: bytes, kind: bytes) -> None:
    for sum_off_by in (0, 1):
        assert refusal(with_chunk(chunk(kind, body, sum_off_by=sum_off_by))) is None


JPEGS = {
    "baseline": {},
    "progressive": {"progressive": True},
    "fine": {"quality": 95, "subsampling": 0},
    "with restarts": {"restart_marker_blocks": 2},
}


@pytest.mark.parametrize("options", JPEGS.values(), ids=JPEGS)
def test_a_jpeg_without_its_end_marker_is_read_if_it_is_whole(options: dict[str, object]) -> None:
    image = encoded(page(), "JPEG", **options)
    assert image.endswith(b"\xff\xd9")
    assert decode(image[:-2]).pixels.tobytes() == decode(image).pixels.tobytes()
    assert decode(image[:-1]).pixels.tobytes() == decode(image).pixels.tobytes()
    pixels = image.rindex(b"\xff\xda")
    for kept in (0.5, 0.9):
        assert refusal(image[: pixels + int(kept * (len(image) - pixels))]) == 4000002


def test_a_jpeg_with_a_broken_profile_and_many_comments_is_read() -> None:
    image = encoded(page(), "JPEG")
    profile = b"\xff\xe2" + struct.pack(">H", 20) + b"ICC_PROFILE\0\x09\x01????"
    comments = b"\xff\xff\xff\xfe\0\2" * 1000
    noisy = image[:2] + profile + comments + image[2:]
    assert decode(noisy).pixels.tobytes() == decode(image).pixels.tobytes()


def test_a_jpeg_of_comments_alone_is_refused() -> None:
    assert refusal(b"\xff\xd8" + b"\xff\xfe\0\2" * 1_000_000) == 4000002
    assert refusal(b"\xff\xd8" + b"\xff" * 1_000_000) == 4000002
