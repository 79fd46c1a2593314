"""Files of absurdly many parts: what walks them part by part would take minutes."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from nhncloud_ocr_emulator import embed_text
from nhncloud_ocr_emulator._recognizer import Recognizer
from nhncloud_ocr_emulator.recognition import Refused
from PIL import Image

MIB = 1024 * 1024


def encoded(kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((60, 40), 50).save(file, kind, **options)
    return file.getvalue()


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


JPEG, PNG = encoded("JPEG"), encoded("PNG")
SCANS = encoded("JPEG", progressive=True)
LAST_SCAN = SCANS[SCANS.rindex(b"\xff\xda") : -2]
COMMENT = b"\xff\xfe\0\2"
SEGMENT_OF_FILL = b"\xff\xf0\xff\xff" + b"\xff" * 65533  # Pillow does not skip what it holds


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(JPEG[:2] + COMMENT * 4_000_000 + JPEG[2:], id="comments"),
        pytest.param(JPEG[:2] + SEGMENT_OF_FILL * 300 + JPEG[2:], id="fill in segments"),
        pytest.param(JPEG[:2] + COMMENT + bytes(19 * MIB) + JPEG[2:], id="junk"),
        pytest.param(JPEG[:2] + b"\xff\0" * (9 * MIB) + JPEG[2:], id="escaped junk"),
        pytest.param(JPEG[:2] + b"\xff\xd0" * (9 * MIB) + JPEG[2:], id="restarts"),
        pytest.param(JPEG[:2] + b"\xff\xd9" * (9 * MIB) + JPEG[2:], id="ends"),
        pytest.param(b"\xff\xd8\xff" + bytes(19 * MIB), id="nothing but junk"),
        pytest.param(SCANS[:-2] + LAST_SCAN * 1000 + SCANS[-2:], id="scans"),
        pytest.param(SCANS[:-2] + COMMENT * 4_000_000 + SCANS[-2:], id="comments between scans"),
        pytest.param(PNG[:33] + chunk(b"tEXt") * 1_600_000 + PNG[33:], id="chunks"),
        pytest.param(PNG[:33] + chunk(b"IDAT") * 1_600_000 + PNG[33:], id="empty data"),
    ],
)
def test_floods_are_refused(image: bytes) -> None:
    with pytest.raises(Refused) as caught:
        Recognizer("fixture").recognize(image, cropping=False)
    assert caught.value.code == 4000002


def test_fill_bytes_are_legal_however_many() -> None:
    filling = b"\xff" * (9 * MIB) + (b"\xff" * 60_000 + COMMENT) * 150
    image = JPEG[:2] + filling + JPEG[2:]
    assert Recognizer("fixture").recognize(image, cropping=False).lines


@pytest.mark.parametrize("at", [2, -2])
def test_fill_bytes_may_be_anywhere_between_markers(at: int) -> None:
    image = JPEG[:at] + b"\xff" * (9 * MIB) + JPEG[at:]
    assert Recognizer("fixture").recognize(image, cropping=False).lines
    cut = JPEG[:-2] + b"\xff" * (9 * MIB)
    assert Recognizer("fixture").recognize(cut, cropping=False).lines


def test_some_scans_more_are_sound() -> None:
    image = SCANS[:-2] + LAST_SCAN * 50 + SCANS[-2:]
    assert Recognizer("fixture").recognize(image, cropping=False).lines


@pytest.mark.parametrize(
    "content", [b"Exif\0\0II*\0\x08\0\0\0" + bytes(6), b"http://ns.adobe.com/xap/1.0/\0<a>"]
)
def test_what_cameras_tell_may_come_in_very_many_parts(content: bytes) -> None:
    segment = b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content
    image = JPEG[:2] + segment * 190_000 + JPEG[2:]
    assert Recognizer("fixture").recognize(image, cropping=False).lines


@pytest.mark.parametrize("image", [JPEG, PNG, encoded("JPEG", progressive=True)])
def test_much_metadata_is_none(image: bytes) -> None:
    lines = [["가나다라마바사" * 20] * 50] * 300  # 6 MB: in a JPEG some hundred segments
    read = Recognizer("fixture").recognize(embed_text(image, lines), cropping=False)
    assert [[word.text for word in line] for line in read.lines] == lines
