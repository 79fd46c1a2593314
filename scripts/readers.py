"""What five readers of PDF get back of a file's text, and pages turned on paper to ask them about.

Shared by `tests/readers` and `readers_table.py`. A reader that is not there is None in `readers`;
why, and what to install, says `missing`.
"""

from __future__ import annotations

import importlib.util
import json
import math
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from nhncloud_ocr import Line, OcrResult, Quad, Word
from PIL import Image

Reader = Callable[[Path], str]
PDFJS = "pdfjs-dist@5.6.205"
NODE_FOLDER = Path(os.environ.get("PDFJS", Path(sys.prefix) / "node"))
"""Where `npm install --prefix` put pdf.js."""

_PDFJS_MODULE = NODE_FOLDER / "node_modules/pdfjs-dist/legacy/build/pdf.mjs"
_PDFJS_PROGRAM = """
import { readFileSync } from "node:fs";
const { getDocument } = await import(process.argv[1]);
const data = new Uint8Array(readFileSync(process.argv[2]));
const file = await getDocument({ data, verbosity: 0 }).promise;
let text = "";
for (let number = 1; number <= file.numPages; number++) {
  const { items } = await (await file.getPage(number)).getTextContent();
  text += items.map((item) => item.str + (item.hasEOL ? "\\n" : "")).join("") + "\\n";
}
console.log(text);
"""


def poppler(path: Path) -> str:
    return _printed("pdftotext", path, "-")


def poppler_layout(path: Path) -> str:
    return _printed("pdftotext", "-layout", path, "-")


def pdfminer(path: Path) -> str:
    from pdfminer.high_level import extract_text

    return extract_text(path)


def pypdf(path: Path) -> str:
    from pypdf import PdfReader

    with PdfReader(path) as file:
        return "\n".join(page.extract_text() for page in file.pages)


def pdfium(path: Path) -> str:
    from pypdfium2 import PdfDocument

    file = PdfDocument(path)
    try:
        texts = []
        for page in file:
            lettering = page.get_textpage()
            texts.append(lettering.get_text_bounded())
            lettering.close()
            page.close()
    finally:
        file.close()
    return "\n".join(texts)


def pdfjs(path: Path) -> str:
    return _printed(
        "node", "--input-type=module", "-e", _PDFJS_PROGRAM, _PDFJS_MODULE.as_uri(), path.resolve()
    )


def _printed(program: str, *arguments: object) -> str:
    command = [program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=True, timeout=120).stdout.decode()


READERS: dict[str, tuple[Reader, bool, str]] = {
    "poppler": (poppler, bool(shutil.which("pdftotext")), "pdftotext (Debian: poppler-utils)"),
    "poppler -layout": (poppler_layout, bool(shutil.which("pdftotext")), "pdftotext"),
    "pdfminer": (pdfminer, bool(importlib.util.find_spec("pdfminer")), "pdfminer.six"),
    "pypdf": (pypdf, bool(importlib.util.find_spec("pypdf")), "pypdf"),
    "pdfium": (pdfium, bool(importlib.util.find_spec("pypdfium2")), "pypdfium2"),
    "pdf.js": (
        pdfjs,
        bool(shutil.which("node")) and _PDFJS_MODULE.exists(),
        f"node, and `npm install --prefix FOLDER {PDFJS}` with PDFJS=FOLDER",
    ),
}
"""Name to function, whether it is there, and what it needs."""


def share(result: OcrResult, text: str) -> float:
    """How much of the result's words is among a text's, 0 to 1."""
    want = Counter(result.text.split())
    return (want & Counter(text.split())).total() / want.total()


def stored(path: Path) -> OcrResult:
    """The result of a stored reply."""
    return OcrResult.from_raw(path.read_bytes())


def turned(data: bytes, page: OcrResult, degrees: float) -> tuple[bytes, OcrResult]:
    """The picture turned clockwise, as a JPEG, and its result with boxes turned likewise."""
    with Image.open(BytesIO(data)) as opened:
        before = opened.convert("RGB")
    after = before.rotate(-degrees, expand=True, fillcolor="white")
    written = BytesIO()
    after.save(written, "JPEG", quality=85, dpi=(150, 150))
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    (wide, high), (new_wide, new_high) = before.size, after.size

    def moved(x: float, y: float) -> tuple[float, float]:
        x, y = x - wide / 2, y - high / 2
        return round(x * c - y * s + new_wide / 2), round(x * s + y * c + new_high / 2)

    def quad(box: Quad) -> Quad:
        corners = (box.x1, box.y1), (box.x2, box.y2), (box.x3, box.y3), (box.x4, box.y4)
        return Quad(*[each for x, y in corners for each in moved(x, y)])

    lines = tuple(
        Line(
            tuple(
                Word(word.text, word.confidence, word.box and quad(word.box)) for word in line.words
            )
        )
        for line in page.lines
    )
    return written.getvalue(), OcrResult(lines=lines, file_type="jpg")


def missing() -> list[str]:
    """A line for each reader that is not there: what it needs."""
    return [
        f"{name} is not there: {needs}" for name, (_, there, needs) in READERS.items() if not there
    ]


if __name__ == "__main__":
    for line in missing():
        print(line)
    print(json.dumps([name for name, (_, there, _) in READERS.items() if there]))
