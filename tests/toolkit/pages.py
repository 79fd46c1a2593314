"""Pages to export: made by hand, stored, or drawn by hypothesis; and images that are all header."""

import gzip
import json
import struct
import zlib
from pathlib import Path

import httpx
from hypothesis import strategies as st
from nhncloud_ocr import Line, OcrClient, OcrResult, Quad, Word

DATA = Path(__file__).resolve().parent.parent / "data"
IMAGES = DATA / "images"
RECEIPT = IMAGES / "ours" / "s08_mixed_receipt.png"


def chunk(kind: bytes, payload: bytes) -> bytes:
    check = zlib.crc32(kind + payload)
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", check)


def png(width: int = 200, height: int = 100, *more: bytes) -> bytes:
    """A white PNG of one bit a pixel, with further chunks before its pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = (b"\0" + b"\xff" * -(-width // 8)) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + b"".join(more)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def exif(orientation: int, order: str = "<") -> bytes:
    mark = b"II" if order == "<" else b"MM"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return mark + struct.pack(order + "HIH", 42, 8, 1) + entry + b"\0\0\0\0"


def jpeg(width: int = 200, height: int = 100, *segments: bytes) -> bytes:
    """A JPEG's header, with further segments before its size; no pixels."""
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
    return b"\xff\xd8" + b"".join(segments) + frame + segment(0xDA, b"\1\1\0\0\x3f\0") + b"\xff\xd9"


def turned_jpeg(orientation: int, width: int = 200, height: int = 100) -> bytes:
    return jpeg(width, height, segment(0xE1, b"Exif\0\0" + exif(orientation)))


def box(left: float, top: float, width: float = 40, height: float = 20) -> Quad:
    right, bottom = left + width, top + height
    return Quad(left, top, right, top, right, bottom, left, bottom)


def word(text: str, left: float = 10, top: float = 10, width: float = 40, height: float = 20):
    return Word(text, 0.9, box(left, top, width, height))


def page(*lines: list[Word], **more) -> OcrResult:
    return OcrResult(lines=tuple(Line(tuple(words)) for words in lines), file_type="png", **more)


def read(raw: bytes, *, cropping: bool = False) -> OcrResult:
    """What a client makes of a reply."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=raw))
    with OcrClient("app-key", "secret-key", transport=transport) as ocr:
        return (ocr.recognize_cropping if cropping else ocr.recognize)(png())


def stored(name: str) -> OcrResult:
    return read((DATA / "replies" / f"{name}.json").read_bytes())


def stored_tall(name: str) -> dict:
    """A tall picture's reply and what is known of it; see the data's README."""
    found = json.loads(gzip.decompress((DATA / "replies" / f"{name}.json.gz").read_bytes()))
    found["page"] = read(json.dumps(found["reply"]).encode(), cropping=True)
    return found


TALL = sorted(path.name.removesuffix(".json.gz") for path in (DATA / "replies").glob("*.gz"))

HARD_TEXTS = [
    "합계",
    "</title><script>alert(1)</script>",
    "a & b < c > d \"e\" 'f'",
    "]]>",
    "--> <!--",
    "nul\0 bell\a del\x7f csi\x9b",
    "tab\tnewline\nreturn\rnel\x85ls\u2028",
    "half \ud83d surrogate",
    "noncharacter \ufffe\uffff",
    "emoji 👨‍👩‍👧 😀",
    "\u1112\u1161\u11b8\u1100\u1168",  # 합계, decomposed
    " leading blank",
    '=HYPERLINK("http://example.com")',
    "-1,000",
    "+82-2-123",
    "@SUM(A1)",
    '"quoted", and; separated',
    "",
    " ",
    "\u202eright to left",
    "a" * 500,
]

numbers = st.one_of(
    st.integers(-500, 2000), st.floats(-500, 2000), st.sampled_from([0, -0.0, 1e300, 0.001, 1e-300])
)
quads = st.builds(Quad, *[numbers] * 8)
words = st.builds(
    Word,
    st.one_of(st.text(st.characters(), max_size=8), st.sampled_from(HARD_TEXTS)),
    st.one_of(st.floats(0, 1), st.sampled_from([0, 1])),
    st.one_of(st.none(), quads, quads),
)
pages = st.builds(
    OcrResult,
    lines=st.lists(
        st.builds(Line, st.lists(words, min_size=1, max_size=4).map(tuple)), max_size=4
    ).map(tuple),
    file_type=st.just("png"),
)
