"""What the READMEs say is true: their programs run, their links lead somewhere, both agree."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import demo
import pytest
import readme_figures
from e2e.conftest import IMAGES, needs_tesserocr
from variables import variables

ROOT = Path(__file__).resolve().parent.parent.parent
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
KOREAN = (ROOT / "README.ko.md").read_text(encoding="utf-8")
EMULATOR = (ROOT / "emulator/README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REPOSITORY = PROJECT["urls"]["Repository"]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def without_comments(program: str) -> str:
    return re.sub(r" *#.*", "", program)


PROGRAMS = [each for each in blocks(ENGLISH, "python") if "import" in each]


@pytest.mark.parametrize("language", ["python", "console"])
def test_both_languages_show_the_same_programs_and_commands(language) -> None:
    english, korean = (
        [without_comments(each) for each in blocks(text, language)] for text in (ENGLISH, KOREAN)
    )
    assert english == korean


@pytest.mark.parametrize("program", PROGRAMS, ids=["sync", "async", "toolkit", "retry"])
def test_the_programs_run(program, emulator, tmp_path, monkeypatch, capsys) -> None:
    samples = {
        "receipt.jpg": "s09_mixed_receipt_photo.jpg",
        "long-screenshot.png": "s30_tall_chat_720x5400.png",
        "one.jpg": "s09_mixed_receipt_photo.jpg",
        "two.png": "s06_mixed_order.png",
    }
    for name, sample in samples.items():
        shutil.copy(IMAGES / "ours" / sample, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for name, value in variables(emulator).items():
        monkeypatch.setenv(name, value)
    program = program.replace('app_key="...", secret_key="..."', "")
    with demo.image_server(tmp_path) as url:
        exec(program.replace("https://example.com", url), {"__name__": "readme"})
    assert capsys.readouterr().out


@needs_tesserocr
def test_the_emulators_programs_run(tmp_path, monkeypatch) -> None:
    start, shown_test = blocks(EMULATOR, "python")
    exec(start, {"__name__": "readme"})
    monkeypatch.chdir(tmp_path)
    shutil.copy(IMAGES / "ours/s06_mixed_order.png", "blank.png")
    Path("test_shown.py").write_text(shown_test, "utf-8")
    command = [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert "1 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("text", [ENGLISH, KOREAN, EMULATOR], ids=["en", "ko", "emulator"])
def test_links_read_well_on_a_package_index_and_lead_to_files_that_exist(text) -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if link[0] != "#"]
    assert [link for link in links if not link.startswith("https://")] == []
    ours = [link.partition("?")[0] for link in links if link.startswith(REPOSITORY)]
    files = [link.removeprefix(f"{REPOSITORY}/blob/main/") for link in ours]
    assert [file for file in files if not (ROOT / file).is_file()] == []


@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
def test_the_figures_are_those_of_a_command(name) -> None:
    printed = "Python 3.11.1, httpx 0.28.1; ratios\n"
    printed += "".join(f"{row:<57} 1.25    <= 1\n" for row in readme_figures.ROWS)
    table = readme_figures.table(printed, name)
    assert table.count("1.25") == len(readme_figures.ROWS)
    shown = (ROOT / name).read_text("utf-8").partition(readme_figures.BEGIN)[2]
    shown = shown.partition(readme_figures.END)[0].strip()
    anonymous = [re.sub(r"\d[\d.]*\d", "0", text).splitlines() for text in (table, shown)]
    assert anonymous[0] == anonymous[1]


def test_a_bench_without_a_row_is_noticed() -> None:
    with pytest.raises(LookupError, match="no row"):
        readme_figures.table("Python 3.11.1, httpx 0.28.1; ratios\n", "README.md")
