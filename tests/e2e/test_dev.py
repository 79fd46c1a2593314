"""The bootstrap `scripts/dev.py`: what a newcomer meets before anything is installed."""

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import dev
import pytest


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A project folder of its own for the bootstrap, with the subprocesses it starts recorded."""
    bootstrap = tmp_path / "bootstrap.txt"
    bootstrap.write_text("nox==1\n", encoding="utf-8")
    monkeypatch.setattr(dev, "BOOTSTRAP", bootstrap)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "STAMP", tmp_path / ".venv" / "stamp")
    monkeypatch.setattr(dev, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    (tmp_path / ".venv").mkdir()
    started = []

    def run(command, **_):
        started.append([str(part) for part in command])
        return subprocess.CompletedProcess(command, returncode=0)

    monkeypatch.setattr(dev.subprocess, "run", run)
    monkeypatch.setattr(dev.venv, "create", lambda *_, **__: None)
    return tmp_path, started


def test_an_old_python_is_told_what_to_do() -> None:
    program = "import runpy, sys; sys.version_info = (3, 10, 4); runpy.run_path(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", program, dev.__file__], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith(
        "This project needs Python 3.11 or newer, and this is Python 3.10.4."
    )


def test_an_old_python_can_read_the_program_that_tells_it() -> None:
    source = Path(dev.__file__).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))


def test_the_first_run_installs_nox_by_its_hashes_and_the_second_nothing(place) -> None:
    _, started = place
    dev.set_up()
    assert started[0][-3:] == ["--require-hashes", "-r", str(dev.BOOTSTRAP)]
    dev.set_up()
    assert len(started) == 1


def test_other_pins_are_installed(place) -> None:
    _, started = place
    dev.set_up()
    dev.BOOTSTRAP.write_text("nox==2\n", encoding="utf-8")
    dev.set_up()
    assert len(started) == 2


def test_a_failed_install_ends_the_program_and_is_tried_again(place, monkeypatch) -> None:
    _, started = place
    succeed = dev.subprocess.run
    failed = subprocess.CompletedProcess([], returncode=3)
    monkeypatch.setattr(dev.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(SystemExit) as ended:
        dev.set_up()
    assert ended.value.code == 3
    monkeypatch.setattr(dev.subprocess, "run", succeed)
    dev.set_up()
    assert len(started) == 1


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ({"ensurepip"}, ["-m", "pip", "--python"]),  # Debian without python3-venv, with python3-pip
        (set(), ["-m", "pip", "install"]),
    ],
)
def test_a_python_without_ensurepip_installs_with_the_pip_it_has(
    place, monkeypatch, missing, expected
) -> None:
    _, started = place
    hide(monkeypatch, missing)
    dev.set_up()
    assert started[0][1:4] == expected


def test_a_python_that_can_install_nothing_says_what_to_do(place, monkeypatch) -> None:
    hide(monkeypatch, {"ensurepip", "pip"})
    with pytest.raises(SystemExit, match="sudo apt install python3-venv"):
        dev.set_up()


def test_the_arguments_reach_nox_and_its_exit_code_comes_back(place, monkeypatch) -> None:
    _, started = place
    dev.set_up()
    monkeypatch.setattr(sys, "argv", ["dev.py", "demo", "--", "my image.jpg"])
    assert dev.main() == 0
    assert started[-1][-4:] == ["--session", "demo", "--", "my image.jpg"]


@pytest.mark.parametrize(
    ("given", "run"),
    [
        (["demo", "my.jpg"], ["demo", "--", "my.jpg"]),
        (
            ["demo", "https://example.com/a", "b.png"],
            ["demo", "--", "https://example.com/a", "b.png"],
        ),
        (["demo", "--", "my.jpg"], ["demo", "--", "my.jpg"]),
        (["lint", "types"], ["lint", "types"]),
        (["demo"], ["demo"]),
    ],
)
def test_an_image_needs_no_dashes_before_it(place, monkeypatch, given, run) -> None:
    _, started = place
    monkeypatch.setattr(sys, "argv", ["dev.py", *given])
    assert dev.main() == 0
    assert started[-1][started[-1].index("--session") + 1 :] == run


def test_what_is_installed_first_has_the_pins_of_everything_else() -> None:
    root = Path(dev.__file__).resolve().parent.parent
    pins = set(re.findall(r"^[\w.-]+==\S+", (root / "constraints.txt").read_text("utf-8"), re.M))
    first = re.findall(r"^[\w.-]+==\S+", dev.BOOTSTRAP.read_text("utf-8"), re.M)
    assert first and set(first) <= pins


def test_without_arguments_the_sessions_are_listed(place, monkeypatch) -> None:
    _, started = place
    monkeypatch.setattr(sys, "argv", ["dev.py"])
    dev.main()
    assert started[-1][-1] == "--list"


def hide(monkeypatch, modules):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        dev.importlib.util, "find_spec", lambda name: None if name in modules else find(name)
    )
