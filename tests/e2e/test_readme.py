"""What the READMEs say is true: their programs run, their links lead somewhere, both agree."""

import re
import shutil
from pathlib import Path

import demo
import pytest
from e2e.conftest import IMAGES

ROOT = Path(__file__).resolve().parent.parent.parent
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
KOREAN = (ROOT / "README.ko.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def without_comments(program: str) -> str:
    return re.sub(r" *#.*", "", program)


PROGRAMS = [each for each in blocks(ENGLISH, "python") if "import" in each]


@pytest.mark.parametrize("language", ["python", "console"])
def test_both_languages_show_the_same_programs_and_commands(language):
    english, korean = (
        [without_comments(each) for each in blocks(text, language)] for text in (ENGLISH, KOREAN)
    )
    assert english == korean


@pytest.mark.parametrize("program", PROGRAMS, ids=["sync", "async"])
def test_the_programs_run(program, emulator, tmp_path, monkeypatch, capsys):
    samples = {
        "receipt.jpg": "s09_mixed_receipt_photo.jpg",
        "long-screenshot.png": "s30_tall_chat_720x5400.png",
        "one.jpg": "s09_mixed_receipt_photo.jpg",
        "two.png": "s06_mixed_order.png",
    }
    for name, sample in samples.items():
        shutil.copy(IMAGES / "ours" / sample, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NHNCLOUD_OCR_APP_KEY", emulator.app_key)
    monkeypatch.setenv("NHNCLOUD_OCR_SECRET_KEY", emulator.secret_key)
    monkeypatch.setenv("NHNCLOUD_OCR_BASE_URL", emulator.base_url)
    program = program.replace('app_key="...", secret_key="..."', "")
    with demo.image_server(tmp_path) as url:
        exec(program.replace("https://example.com", url), {"__name__": "readme"})
    assert capsys.readouterr().out


@pytest.mark.parametrize("text", [ENGLISH, KOREAN], ids=["en", "ko"])
def test_links_lead_to_files_that_exist(text):
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
