"""The commands that pages show exist, and their options are taken."""

import ast
import re
import shlex
from pathlib import Path

import pytest
from nhncloud_ocr_emulator import _cli as emulator_command
from nhncloud_ocr_toolkit.cli import bulk_reports, command, recognize

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *sorted((ROOT / "docs/en").rglob("*.md")),
    *sorted((ROOT / "docs/ko").rglob("*.md")),
    ROOT / "README.md",
    ROOT / "README.ko.md",
]
_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SHELL = re.compile(r"^```(?:sh|bash|shell)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SESSIONS = {
    node.name
    for node in ast.parse((ROOT / "noxfile.py").read_text("utf-8")).body
    if isinstance(node, ast.FunctionDef)
    and any(isinstance(each, ast.Name) and each.id == "task" for each in node.decorator_list)
}


def shown(path: Path) -> list[list[str]]:
    """The commands of a page, without comments, split as a shell does."""
    text = path.read_text("utf-8").replace("\\\n", " ")
    lines = [line[2:] for line in "".join(_CONSOLE.findall(text)).splitlines() if line[:2] == "$ "]
    lines += "".join(_SHELL.findall(text)).splitlines()
    commands = (shlex.split(line, comments=True) for line in lines)
    return [words for words in commands if words]


def check(words: list[str]) -> None:
    """Raise, or exit, if a command could not work as it is shown."""
    program, *arguments = words
    if program == "nhncloud-ocr":
        plain = recognize.with_plain_options(arguments)
        command._parser().parse_args(bulk_reports.with_joined_names(plain))
    elif program == "nhncloud-ocr-emulator":
        emulator_command._parser().parse_args(arguments)
    elif program == "python3" and arguments[0] == "scripts/dev.py":
        assert not arguments[1:] or arguments[1] in SESSIONS
    elif program == "python3" and arguments[0].startswith("scripts/"):
        assert (ROOT / arguments[0]).is_file()
    elif program == "nox":
        assert arguments[:1] == ["-s"] and arguments[1] in SESSIONS
    elif program == "cp":
        assert (ROOT / arguments[0]).is_file()
    elif program == "pip":
        assert arguments[0] == "install"
        paths = [each.strip("'").partition("[")[0] for each in arguments[1:] if each[0] == "."]
        assert all((ROOT / each / "pyproject.toml").is_file() for each in paths)
    else:
        assert program in {"git", "cd", ".", "export", "python3", "ocrmypdf", "dask"}, words


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_that_is_shown_could_be_given(path) -> None:
    for words in shown(path):
        check(words)


def test_commands_are_found() -> None:
    found = shown(ROOT / "docs/en/tutorial.md")
    assert ["nhncloud-ocr", "recognize", "--layout", "receipt.png"] in found


@pytest.mark.parametrize(
    "wrong",
    [
        "nhncloud-ocr recognise a.png",
        "nhncloud-ocr recognize --hOCR a.png",
        "python3 scripts/dev.py x",
    ],
)
def test_a_wrong_command_is_noticed(wrong, capsys) -> None:
    with pytest.raises((SystemExit, AssertionError)):
        check(shlex.split(wrong))
