"""hOCR by its checkers, by hocr-tools and by ocrmypdf's reader."""

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import nhncloud_ocr_toolkit as toolkit
import pytest
from nhncloud_ocr import Word
from PIL import Image
from toolkit.pages import HARD_TEXTS, IMAGES, page, png, stored, word
from toolkit.turning import turned_page

pytestmark = [
    pytest.mark.readers,
    pytest.mark.filterwarnings("ignore::nhncloud_ocr_toolkit.PlacementWarning"),
]

PICTURES = {
    "receipt": IMAGES / "ours" / "s08_mixed_receipt.png",
    "photo": IMAGES / "ours" / "s09_mixed_receipt_photo.jpg",
}
PAGES = {
    "receipt": lambda: toolkit.hocr(stored("receipt"), PICTURES["receipt"]),
    "photo": lambda: toolkit.hocr(stored("receipt-photo"), PICTURES["photo"]),
    "exif6": lambda: toolkit.hocr(stored("exif6"), IMAGES / "ours" / "s13_mixed_exif6.jpg"),
    "leaning": lambda: toolkit.hocr(turned_page(stored("receipt"), 7), png(900, 900)),
    "hard": lambda: toolkit.hocr(
        page(*[[word(text)] for text in HARD_TEXTS], [Word("lost", 0.4)]), png()
    ),
    "empty": lambda: toolkit.hocr(page(), png()),
}


def run(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """A program of this environment; the test is skipped without it."""
    program = shutil.which(name, path=Path(sys.executable).parent) or shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    command = [program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


@pytest.fixture(params=PAGES)
def file(request, tmp_path):
    path = tmp_path / "page.hocr"
    path.write_text(PAGES[request.param](), "utf-8")
    return path


def test_hocr_spec_finds_it_valid(file) -> None:
    said = run("hocr-spec", file)
    assert "Document is valid" in said.stdout + said.stderr
    assert "ERROR" not in said.stdout + said.stderr


def test_hocr_check_finds_no_fault(file) -> None:
    said = run("hocr-check", "-o", file)
    assert said.returncode == 0
    assert "not ok" not in said.stderr
    assert "ok 1" in said.stderr


def test_hocr_lines_prints_the_page_in_order(tmp_path) -> None:
    path = tmp_path / "page.hocr"
    path.write_text(PAGES["receipt"](), "utf-8")
    printed = run("hocr-lines", path).stdout
    lines = [" ".join(line.split()) for line in printed.splitlines() if line.strip()]
    assert " ".join(lines).split() == stored("receipt").text.split()


@pytest.mark.parametrize("name", ["receipt", "photo"])
def test_hocr_pdf_makes_a_pdf_with_the_same_words(tmp_path, name) -> None:
    """As pdfminer reads it; hocr-pdf's own font has no outlines, so others lose short words."""
    pdfminer = pytest.importorskip("pdfminer.high_level")
    result, image = stored(f"receipt{'-photo' if name == 'photo' else ''}"), PICTURES[name]
    with Image.open(image) as opened:
        opened.convert("RGB").save(tmp_path / "page.jpg", dpi=(150, 150))
    (tmp_path / "page.hocr").write_text(PAGES[name](), "utf-8")
    made = run("hocr-pdf", "--savefile", tmp_path / "page.pdf", tmp_path)
    assert made.returncode == 0, made.stderr
    read = Counter(pdfminer.extract_text(tmp_path / "page.pdf").split())
    want = Counter(result.text.split())
    assert (want & read).total() >= 0.97 * want.total()


@pytest.mark.parametrize(("clockwise", "textangle"), [(90, 270), (180, 180), (270, 90)])
def test_ocrmypdfs_reader_sees_which_way_lines_are_turned(tmp_path, clockwise, textangle) -> None:
    reader = pytest.importorskip("ocrmypdf.hocrtransform.hocr_parser")
    turned = turned_page(page([word("가나다", 100, 100, 90, 24)]), clockwise)
    path = tmp_path / "page.hocr"
    path.write_text(toolkit.hocr(turned, png(400, 400)), "utf-8")
    (line,) = reader.HocrParser(path).parse().lines
    assert line.textangle == textangle


@pytest.mark.parametrize("degrees", [7, -12])
def test_ocrmypdfs_reader_sees_how_lines_lean(tmp_path, degrees) -> None:
    reader = pytest.importorskip("ocrmypdf.hocrtransform.hocr_parser")
    leaning = turned_page(page([word("가나다", 100, 100, 90, 24)]), degrees)
    path = tmp_path / "page.hocr"
    path.write_text(toolkit.hocr(leaning, png(400, 400)), "utf-8")
    (line,) = reader.HocrParser(path).parse().lines
    assert (line.baseline.slope > 0) == (degrees > 0)
    assert line.words[0].text == "가나다"
