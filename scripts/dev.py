"""Run a task of this project on a machine that has nothing but Python 3.11 or newer.

    python3 scripts/dev.py                        list the tasks
    python3 scripts/dev.py SESSION [-- ARGS]      run one (several: SESSION SESSION)
    python3 scripts/dev.py demo my.jpg            what is no session goes behind `--` by itself

The first run puts nox into `.venv`; nox then makes what the session needs. This program needs only
the standard library, and installs nothing again until the Python, the place or the pins change.
What it installs must have the hashes that `scripts/bootstrap.txt` says.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (said here, in words, before anything else fails)
    sys.exit(
        "This project needs Python 3.11 or newer, and this is Python "
        + ".".join(map(str, sys.version_info[:3]))
        + ".\nRun it with a newer one, for example: python3.13 scripts/dev.py demo"
    )

import hashlib
import importlib.util
import os
import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOTSTRAP = ROOT / "scripts" / "bootstrap.txt"
VENV = ROOT / ".venv"
STAMP = VENV / "set-up-of.txt"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
# What PYTHONPATH names would pass for installed, in `.venv` and in every session.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

NO_INSTALLER = """\
This Python ({python}) comes without `ensurepip` and without pip, so it can install nothing.
On Debian and Ubuntu they are packages of their own:  sudo apt install python3-venv
Without root: any other Python 3.11 or newer will do, for example one from python.org."""


def digest():
    """Return what `.venv` was made from: another value means that it is to be made anew."""
    made_from = [sys.version, sys.base_prefix, str(ROOT), BOOTSTRAP.read_text(encoding="utf-8")]
    return hashlib.sha256("\n".join(made_from).encode()).hexdigest()


def pip_for_venv():
    """Return the command that installs into `.venv`, or None where this Python has no pip at all.

    Debian leaves `ensurepip` out of its `python3`; the pip outside can install into a bare `.venv`.
    """
    if importlib.util.find_spec("ensurepip"):
        return [str(PYTHON), "-m", "pip"]
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    return None


def set_up():
    """Make `.venv` with nox in it, unless it stands already.

    Raises:
        SystemExit: when this Python cannot install packages, or pip failed (its own words say why).
    """
    expected = digest()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == expected:
        return
    pip = pip_for_venv()
    if pip is None:
        sys.exit(NO_INSTALLER.format(python=sys.executable))
    print("Setting up, once: nox, which runs this project's tasks, goes into", VENV, flush=True)
    print("This takes some ten seconds and needs the package index.", flush=True)
    if Path(sys.prefix).resolve() != VENV:  # else this very program runs on it
        # Only an environment that bears our stamp is ours to clear.
        has_ensurepip = importlib.util.find_spec("ensurepip") is not None
        venv.create(VENV, clear=STAMP.exists(), with_pip=has_ensurepip)
    quietly = ["--quiet", "--disable-pip-version-check"]
    hashed = ["--require-hashes", "-r", str(BOOTSTRAP)]
    done = subprocess.run([*pip, "install", *quietly, *hashed], env=ENVIRONMENT)
    if done.returncode:
        sys.exit(done.returncode)
    STAMP.write_text(expected, encoding="utf-8")


def with_dashes(arguments):
    """Return the arguments with `--` before the first that can be no session: `demo my.jpg`.

    A session's name is one word; a file or a URL has a dot, a slash or a blank in it, or exists.
    """
    for at, argument in enumerate(arguments):
        if argument.startswith("-"):
            return arguments
        if at and (not argument.isidentifier() or Path(argument).exists()):
            return [*arguments[:at], "--", *arguments[at:]]
    return arguments


def main():
    """Run nox with the arguments of the command line and return its exit code."""
    set_up()
    arguments = ["--session", *with_dashes(sys.argv[1:])] if sys.argv[1:] else ["--list"]
    nox = [str(PYTHON), "-m", "nox", "--noxfile", str(ROOT / "noxfile.py")]
    try:
        return subprocess.run([*nox, *arguments], env=ENVIRONMENT).returncode
    except KeyboardInterrupt:  # nox heard it too, and has said so
        return 130


if __name__ == "__main__":
    sys.exit(main())
