"""Every program of the pages runs and prints what it shows, in both languages."""

import importlib
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from docs.programs import programs, run

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
NAMES = sorted(
    path.relative_to(DOCS / "en").with_suffix("").as_posix()
    for path in (DOCS / "en").rglob("*.md")
    if programs(path)
)
NEEDS = {"how-to/web-frameworks": "fastapi"}  # beside what the tests have anyway


def page(language: str, name: str) -> Path:
    return DOCS / language / f"{name}.md"


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("name", NAMES)
def test_it_runs_and_prints_what_it_shows(name, language, workplace) -> None:
    pytest.importorskip(NEEDS.get(name, "nhncloud_ocr"))
    run(page(language, name))


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_programs(name) -> None:
    english, korean = (programs(page(each, name)) for each in ("en", "ko"))
    assert english == korean


def test_both_languages_have_the_same_pages() -> None:
    english, korean = (
        {path.relative_to(DOCS / each) for path in (DOCS / each).rglob("*.md")}
        for each in ("en", "ko")
    )
    assert english == korean


def test_the_tests_that_a_page_shows_pass(workplace) -> None:
    program = "\n\n".join(each.code for each in programs(page("en", "how-to/testing")))
    (workplace / "test_shown.py").write_text(program, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_shown.py"],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert "3 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.skipif(find_spec("fastapi") is None, reason="fastapi is not installed")
@pytest.mark.filterwarnings("ignore:Using `httpx` with")  # starlette's own client of today
def test_the_web_application_that_a_page_shows_reads_uploads(workplace) -> None:
    shown: dict[str, object] = {"__name__": "docs"}
    for program in programs(page("en", "how-to/web-frameworks")):
        exec(program.code, shown)
    client = importlib.import_module("fastapi.testclient").TestClient(shown["app"])
    with client:
        read = client.post("/receipts", files={"image": (workplace / "receipt.png").read_bytes()})
        assert read.json()["lines"][0]["words"][0]["text"] == "별빛커피"
        refused = client.post("/receipts", files={"image": b"%PDF-1.7"})
        assert (refused.status_code, "PDF" in refused.text) == (422, True)


def test_what_the_tutorial_makes_is_searchable(workplace) -> None:
    pypdf = pytest.importorskip("pypdf")
    run(page("en", "tutorial"))
    (sheet,) = pypdf.PdfReader(workplace / "receipt.pdf").pages
    assert "29,800" in sheet.extract_text()
    assert (workplace / "receipt.csv").read_text("utf-8-sig").startswith("page,line,word,text")
