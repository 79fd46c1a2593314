"""Every task of this project; `nox -l` or `python3 scripts/dev.py` lists them.

Each session has its own environment under `.nox`, pinned by `constraints.txt`, made once and used
again until something it was made from changes.
"""

import hashlib
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import nox
from nox.command import CommandFailed
from nox.project import dependency_groups, load_toml
from packaging.utils import canonicalize_name

nox.options.sessions = ["tests"]
nox.options.reuse_venv = "yes"
nox.options.default_venv_backend = "virtualenv"  # brings its own pip: no `ensurepip`, no uv needed
nox.options.error_on_missing_interpreters = True

ROOT = Path(__file__).resolve().parent
CONSTRAINTS = ROOT / "constraints.txt"
SDK = load_toml(ROOT / "pyproject.toml")
EMULATOR = load_toml(ROOT / "emulator/pyproject.toml")
PACKAGES = ("generated", "overlay", "toolkit", "emulator")

STYLE = (("ruff", "check", "--quiet", "."), ("ruff", "format", "--check", "--quiet", "."))
TYPES = (("mypy", "--strict", *PACKAGES), ("pyright", *PACKAGES))
GENERATED = ("python", "scripts/generate.py", "--check")
DESCRIPTION = ("python", "scripts/check_spec.py", "--python-only")


def install(session: nox.Session, *groups: str, projects: bool = True, photo: bool = False) -> None:
    """Install dependency groups of `pyproject.toml` and, editable, the SDK and the emulator.

    Does nothing when the environment was made from the same inputs already, by the same Python.
    Fails when anything came in that `constraints.txt` does not pin.
    """
    requirements = list(dependency_groups(SDK, "build", *groups))
    engine = []
    if projects:
        for project in (SDK, EMULATOR):
            requirements += project["project"]["dependencies"]
        if photo:
            requirements += EMULATOR["project"]["optional-dependencies"]["photo"]
        engine = [each for each in requirements if each.startswith("tesserocr")]
        requirements = [each for each in requirements if each not in engine]

    stamp = Path(session.virtualenv.location) / "set-up-of.txt"
    made_from = [str(ROOT), sys.version, CONSTRAINTS.read_text("utf-8"), *engine, *requirements]
    if projects:  # an editable install copies the metadata: entry points, packages
        made_from += [
            json.dumps([each["project"], each["tool"]["hatch"]]) for each in (SDK, EMULATOR)
        ]
    digest = hashlib.sha256("\n".join(made_from).encode()).hexdigest()
    if stamp.exists():
        if stamp.read_text("utf-8") == digest:
            return
        session.virtualenv.reuse_existing = False  # else what is no longer required would stay
        session.virtualenv.create()

    session.install("-c", str(CONSTRAINTS), *requirements)
    complete = not engine or install_engine(session, engine)
    if projects:
        # Its parts are installed and pinned by now; an isolated build would fetch its own.
        session.install("--no-deps", "--no-build-isolation", "-e", ".", "-e", "./emulator")
    refuse_unpinned(session)
    if complete:
        stamp.write_text(digest, "utf-8")


def install_engine(session: nox.Session, engine: Sequence[str]) -> bool:
    """Install tesserocr where it has a wheel; elsewhere the emulator serves `fixture`.

    Returns whether it was installed. If not, the next run tries again: it may have been the network.
    """
    try:
        session.install("-c", str(CONSTRAINTS), "--only-binary=tesserocr", *engine)
    except CommandFailed:
        session.warn(
            "no wheel of tesserocr could be had: the emulator will serve its `fixture` engine"
        )
        return False
    return True


def refuse_unpinned(session: nox.Session) -> None:
    """Fail, with the names, when a package is installed that `constraints.txt` does not pin."""
    freeze = ("python", "-m", "pip", "freeze", "--exclude-editable")
    installed = pins(str(session.run(*freeze, silent=True)))
    if unpinned := sorted(installed - pins(CONSTRAINTS.read_text("utf-8"))):
        session.error(f"constraints.txt lacks {', '.join(unpinned)}: run `nox -s constraints`")


def pins(text: str) -> set[str]:
    """Return the `name==version` of each line that has one, the names in canonical spelling."""
    found = re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)
    return {f"{canonicalize_name(name)}=={version}" for name, version in found}


def script(session: nox.Session, name: str, *arguments: str) -> None:
    """Run one program of `scripts/` with the arguments, then those after `--`."""
    session.run("python", f"scripts/{name}", *arguments, *session.posargs)


def run_all(session: nox.Session, *commands: Sequence[str]) -> None:
    """Run every command, also after one failed; then fail with the list of those that did."""
    failed = []
    for command in commands:
        try:
            session.run(*command)
        except CommandFailed:
            failed.append(" ".join(command))
    if failed:
        session.error("\n  ".join(["failed:", *failed]))


@nox.session
def demo(session: nox.Session) -> None:
    """Recognise sample images through SDK, HTTP and emulator. `-- IMAGE...`: your own images."""
    install(session)
    session.cd(session.invoked_from)  # the user's paths are relative to where the user is
    session.run("python", str(ROOT / "scripts/demo.py"), *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Everything that CI holds the project to. `-- PYTEST_ARGS` runs pytest alone, with these."""
    install(session, "test", "contract", "generate", "spec", "types")
    if session.posargs:
        session.run("python", "-m", "pytest", *session.posargs)
    else:
        pytest = ("python", "-m", "pytest", "-n", "2", "-q")
        run_all(session, *STYLE, *TYPES, GENERATED, DESCRIPTION, pytest)


@nox.session
def photo(session: nox.Session) -> None:
    """Test the emulator's engine for photographs, which is too large (430 MB) for `tests`."""
    install(session, "test", photo=True)
    session.run(
        "python", "-m", "pytest", "tests/emulator/recognition/test_photo.py", *session.posargs
    )


@nox.session
def contract(session: nox.Session) -> None:
    """Hold the API to its description, over HTTP. `-- --base-url URL`: any server; `-- --live`."""
    install(session, "test", "contract")
    script(session, "contract.py")


@nox.session
def drift(session: nox.Session) -> None:
    """Prove that the contract suite bites: break the server in every way, see each one noticed."""
    install(session, "test", "contract")
    script(session, "drift.py")


@nox.session
def generate(session: nox.Session) -> None:
    """Make `generated/nhncloud_ocr_api` from `openapi/`. `-- --check`: only compare."""
    install(session, "generate", projects=False)
    script(session, "generate.py")


@nox.session
def spec(session: nox.Session) -> None:
    """Run all linters over the description. `-- --diff OLD.yaml`: what changed, and what breaks."""
    install(session, "spec", "contract", projects=False)
    if "--diff" in session.posargs:
        arguments = [each for each in session.posargs if each != "--diff"]
        session.run("python", "scripts/spec_diff.py", *arguments)
    else:
        script(session, "check_spec.py")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formatting with ruff. `-- --fix` mends what it can."""
    install(session, "generate", projects=False)
    if "--fix" in session.posargs:
        session.run("ruff", "check", "--fix", ".")
        session.run("ruff", "format", ".")
    else:
        run_all(session, *STYLE)


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy --strict and pyright."""
    install(session, "types", "test")
    run_all(session, *TYPES)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure import, call and memory as ratios to bare httpx, in one interleaved run."""
    install(session)
    script(session, "bench.py")


@nox.session
def fuzz(session: nox.Session) -> None:
    """Throw 20,000 arbitrary bodies and images at each property of the client. `-- N`: N of them."""
    install(session, "test")
    script(session, "fuzz.py")


@nox.session
def build(session: nox.Session) -> None:
    """Build both distributions into `dist/`, check what is in them, install each cleanly."""
    install(session, projects=False)
    script(session, "check_dist.py", "dist")


@nox.session
def accuracy(session: nox.Session) -> None:
    """Print character errors and word recall per kind and language. `-- --help` tells what else it takes."""
    install(session, "test", photo=True)
    script(session, "accuracy.py")


@nox.session
def report(session: nox.Session) -> None:
    """Print the emulator's figures: accuracy, speed, overhead, memory."""
    install(session, "test", "report", photo=True)
    script(session, "emulator_report.py")


@nox.session
def constraints(session: nox.Session) -> None:
    """Write `constraints.txt` anew: one set of pins for Python 3.11 and up, on every platform."""
    session.install("-c", str(CONSTRAINTS), "uv")
    projects = ["pyproject.toml", "emulator/pyproject.toml"]
    groups = [f"--group={group}" for group in SDK["dependency-groups"]]
    header = "# Pins all that any session installs. Written by `nox -s constraints`.\n"
    lines = session.run(
        *("uv", "pip", "compile", *projects, *groups, "--all-extras", "--universal"),
        *("--python-version=3.11", "--fork-strategy=fewest", "--no-annotate", "--no-header"),
        *("--no-sources", "--upgrade", "--quiet"),
        silent=True,
    )
    CONSTRAINTS.write_text(header + str(lines), "utf-8")
