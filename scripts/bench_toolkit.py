"""The toolkit's part of `nox -s bench`: milliseconds of CPU an export takes, and an import."""

from __future__ import annotations

import gzip
import json
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from math import cos, radians, sin
from pathlib import Path

import httpx
import nhncloud_ocr_toolkit as toolkit
from nhncloud_ocr import Line, OcrClient, OcrResult, Quad, Word

ROOT = Path(__file__).resolve().parent.parent
TALL = "s31_tall_chat_600x12000"
WORDS_IN_LINE, LINES = 10, 200
Measured = tuple[str, float, float, str]
"""What a row of the report is made of: name, value, limit, unit."""


def blank(width: int, height: int) -> bytes:
    """A white PNG of one bit a pixel."""

    def chunk(kind: bytes, payload: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + payload))
        return struct.pack(">I", len(payload)) + kind + payload + check

    pixels = zlib.compress((b"\0" + b"\xff" * -(-width // 8)) * height)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", pixels), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def large_page() -> OcrResult:
    """2,000 words of Hangul in 200 lines, all with boxes."""

    def word(row: int, column: int) -> Word:
        left, top = 10 + 100 * column, 10 + 30 * row
        text = "가나다라마바사아자차"[column] * (1 + (row + column) % 5)
        box = Quad(left, top, left + 90, top, left + 90, top + 24, left, top + 24)
        return Word(text, 0.97, box)

    return OcrResult(
        lines=tuple(Line(tuple(word(y, x) for x in range(WORDS_IN_LINE))) for y in range(LINES))
    )


def leaning(page: OcrResult) -> OcrResult:
    """The page as a scanner sees it that took it in at three degrees."""
    c, s = cos(radians(3)), sin(radians(3))

    def turned(box: Quad) -> Quad:
        corners = (box.x1, box.y1), (box.x2, box.y2), (box.x3, box.y3), (box.x4, box.y4)
        moved = [(400 + x * c - y * s, x * s + y * c) for x, y in corners]
        return Quad(*[round(each) for point in moved for each in point])

    return OcrResult(
        lines=tuple(
            Line(
                tuple(
                    Word(word.text, word.confidence, turned(word.box))
                    for word in line.words
                    if word.box
                )
            )
            for line in page.lines
        )
    )


def tall_page() -> OcrResult:
    """The stored reply of 600 x 12000 pixels, 711 words."""
    stored = gzip.decompress((ROOT / f"tests/data/replies/{TALL}.json.gz").read_bytes())
    reply = json.dumps(json.loads(stored)["reply"]).encode()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=reply))
    with OcrClient("app-key", "secret-key", transport=transport) as ocr:
        return ocr.recognize_cropping(blank(8, 8))


def pdf(page: OcrResult, image: bytes) -> bytes:
    """A searchable PDF of one page."""
    file = BytesIO()
    toolkit.pdf([(image, page)], file)
    return file.getvalue()


def cost(work: Callable[[], object], rounds: int) -> float:
    """The least CPU time of one call, milliseconds."""
    work()
    least = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        work()
        least = min(least, time.process_time() - began)
    return 1000 * least


def export_rows(rounds: int) -> Iterator[Measured]:
    page, image = large_page(), blank(1100, 6100)
    aslant, wide = leaning(page), blank(1500, 6300)
    exports: dict[str, Callable[[], object]] = {
        "hocr": lambda: toolkit.hocr(page, image),
        "alto": lambda: toolkit.alto(page, image),
        "svg": lambda: toolkit.svg(page, image),
        "csv": lambda: toolkit.csv(page),
        "tsv": lambda: toolkit.tsv(page),
        "jsonl": lambda: toolkit.jsonl(page),
        "layout_text": lambda: toolkit.layout_text(page),
        "hocr, leaning": lambda: toolkit.hocr(aslant, wide),
        "alto, leaning": lambda: toolkit.alto(aslant, wide),
        "layout_text, leaning": lambda: toolkit.layout_text(aslant),
    }
    for name, work in exports.items():
        yield f"export, 2,000 words: {name}", cost(work, rounds), 20, " ms"
    searchable = cost(lambda: pdf(page, image), rounds)
    yield "export, 2,000 words: pdf with its image", searchable, 50, " ms"
    added = len(pdf(aslant, wide)) - len(wide)
    yield "added to its image by a pdf, leaning", added / 1000, 15, " kB"
    tall, picture = tall_page(), ROOT / f"tests/data/images/ours/{TALL}.jpg"
    merging = cost(lambda: toolkit.merge_slices(tall, picture), rounds)
    yield "merge_slices, 711 words of 600x12000", merging, 300, " ms"


def import_rows(rounds: int) -> Iterator[Measured]:
    """What `import nhncloud_ocr_toolkit` takes when `nhncloud_ocr` is there."""
    code = (
        "import time, nhncloud_ocr; t = time.process_time(); import nhncloud_ocr_toolkit; "
        "print(time.process_time() - t)"
    )
    command = [sys.executable, "-c", code]
    took = [
        float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(rounds)
    ]
    yield "import nhncloud_ocr_toolkit over nhncloud_ocr", 1000 * min(took), 10, " ms"
