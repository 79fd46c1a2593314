"""Print, as Markdown, what five readers of PDF get back of our files, and of those of two others.

    python scripts/readers_table.py        (`nox -s readers -- --table`)

The same stored words on the same pictures, turned on paper, by three writers: ours; ocrmypdf's own
renderer, which reads our hOCR; and hocr-pdf of hocr-tools. Into the docs:
docs/en/explanation/pdf-readers.md.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import nhncloud_ocr_toolkit as toolkit
from nhncloud_ocr import OcrResult
from readers import READERS, missing, share, stored, turned

DATA = Path(__file__).resolve().parent.parent / "tests/data"
PAGES = {
    "Korean": ("korean", "s01_ko_doc_myeongjo34"),
    "English": ("english", "s04_en_doc_serif28"),
}
DEGREES = (0, 7, -12, 90, 180)
DPI = 150

Writer = Callable[[bytes, OcrResult, Path], Path]


def ours(image: bytes, page: OcrResult, folder: Path) -> Path:
    path = folder / "ours.pdf"
    toolkit.pdf([(image, page)], path)
    return path


def ocrmypdf(image: bytes, page: OcrResult, folder: Path) -> Path:
    from ocrmypdf.font import MultiFontManager
    from ocrmypdf.fpdf_renderer import Fpdf2PdfRenderer
    from ocrmypdf.hocrtransform.hocr_parser import HocrParser

    hocr, path = folder / "page.hocr", folder / "ocrmypdf.pdf"
    hocr.write_text(toolkit.hocr(page, image), "utf-8")
    fonts = MultiFontManager(_fonts())
    Fpdf2PdfRenderer(HocrParser(hocr).parse(), DPI, fonts).render(path)
    return path


def _fonts() -> Path:
    import ocrmypdf

    return Path(ocrmypdf.__file__).parent / "data"


def hocr_pdf(image: bytes, page: OcrResult, folder: Path) -> Path:
    both = folder / "hocr-pdf"
    both.mkdir(exist_ok=True)
    (both / "page.jpg").write_bytes(image)
    (both / "page.hocr").write_text(toolkit.hocr(page, image), "utf-8")
    path = folder / "hocr-pdf.pdf"
    program = shutil.which("hocr-pdf", path=Path(sys.executable).parent) or "hocr-pdf"
    subprocess.run([program, "--savefile", path, both], check=True, capture_output=True)
    return path


WRITERS: dict[str, Writer] = {
    "`toolkit.pdf`": ours,
    "ocrmypdf's renderer": ocrmypdf,
    "hocr-pdf": hocr_pdf,
}


def main() -> None:
    for line in missing():
        print(line, file=sys.stderr)
    readers = {name: read for name, (read, there, _) in READERS.items() if there}
    print(f"| page | turned by | written by | {' | '.join(readers)} |")
    print(f"|---|---|---|{'---|' * len(readers)}")
    for language, (reply, picture) in PAGES.items():
        data = (DATA / f"images/ours/{picture}.png").read_bytes()
        result = stored(DATA / f"replies/{reply}.json")
        for degrees in DEGREES:
            image, page = turned(data, result, degrees)
            for writer, write in WRITERS.items():
                with tempfile.TemporaryDirectory() as folder:
                    path = write(image, page, Path(folder))
                    got = [f"{100 * share(page, read(path)):.0f}" for read in readers.values()]
                print(f"| {language} | {degrees}° | {writer} | {' | '.join(got)} |", flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
