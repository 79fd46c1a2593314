"""Every task of this project; `nox -l` or `python3 scripts/dev.py` lists them.

Each task runs in one of a few environments under `.nox`, which tasks with the same needs share. An
environment is pinned, with hashes, by `constraints.txt`; it is made once and used again until
something that it was made from changes.
"""

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nox
from nox.command import CommandFailed
from nox.project import dependency_groups, load_toml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

nox.options.sessions = ["tests"]

ROOT = Path(__file__).resolve().parent
CONSTRAINTS = ROOT / "constraints.txt"
BOOTSTRAP = ROOT / "scripts/bootstrap.txt"
SDK = load_toml(ROOT / "pyproject.toml")
EMULATOR = load_toml(ROOT / "emulator/pyproject.toml")
PACKAGES = ("generated", "overlay", "toolkit", "emulator")

STYLE = (("ruff", "check", "--quiet", "."), ("ruff", "format", "--check", "--quiet", "."))
TYPES = (
    ("mypy", "--strict", *PACKAGES, "tests/contract"),
    ("pyright", *PACKAGES, "tests/contract", "tests/emulator"),
)
GENERATED = ("python", "scripts/generate.py", "--check")
DESCRIPTION = ("python", "scripts/check_spec.py", "--python-only")


@dataclass(frozen=True)
class Environment:
    """The packages that some tasks need, in a folder of their own under `.nox`."""

    name: str
    groups: tuple[str, ...] = ()  # of the root pyproject.toml
    extras: tuple[str, ...] = ()  # of either distribution
    projects: bool = True  # the SDK and the emulator themselves, editable

    @property
    def folder(self) -> Path:
        return ROOT / ".nox" / self.name

    @property
    def programs(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    def requirements(self) -> list[str]:
        """Return what is asked for, by name and range, as the two pyproject.toml say it."""
        wanted = list(dependency_groups(SDK, "build", *self.groups))
        if self.projects:
            for project in (SDK, EMULATOR):
                wanted += project["project"]["dependencies"]
                optional = project["project"].get("optional-dependencies", {})
                wanted += [each for extra in self.extras for each in optional.get(extra, ())]
        return wanted


PDFJS = "pdfjs-dist@5.6.205"  # Firefox's viewer, which only npm has

RUN = Environment("run")
DEVELOP = Environment(
    "develop",
    groups=("test", "contract", "generate", "spec", "types"),
    extras=("stores",),  # small, and the type check looks into it
)
PHOTO = Environment("photo", groups=("test", "contract", "report"), extras=("photo",))
READERS = Environment("readers", groups=("test", "readers"))
SCALE = Environment(
    "scale", groups=("test", "frames"), extras=("dask", "otel", "parquet", "stores")
)
RAY = Environment("ray", groups=("test", "ray"), extras=("parquet", "stores"))
BROWSER = Environment("browser", groups=("test", "browser", "docs"))
DOCS = Environment("docs", groups=("docs",))
RELEASE = Environment("release", groups=("pins", "release"), projects=False)


class Prepared:
    """A session in its environment, which stands by then: runs commands there."""

    def __init__(self, session: nox.Session, environment: Environment) -> None:
        self.session = session
        self.environment = environment
        self._set_up()

    def run(self, program: str, *arguments: str) -> None:
        """Run a program of the environment; nox says which, and fails with it."""
        path = [str(self.environment.programs), os.environ["PATH"]]
        found = shutil.which(program, path=str(self.environment.programs)) or program
        variables = {"PATH": os.pathsep.join(path), "VIRTUAL_ENV": str(self.environment.folder)}
        self.session.run(found, *arguments, env=variables)

    def run_all(self, *commands: Sequence[str]) -> None:
        """Run every command, also after one failed; then fail with the list of those that did."""
        failed = []
        for command in commands:
            try:
                self.run(*command)
            except CommandFailed:
                failed.append(" ".join(command))
        if failed:
            self.session.error("\n  ".join(["failed:", *failed]))

    def script(self, name: str, *arguments: str) -> None:
        """Run one program of `scripts/` with the arguments, then those after `--`."""
        self.run("python", f"scripts/{name}", *arguments, *self.session.posargs)

    def pytest(self, *arguments: str) -> None:
        """Run pytest with the arguments, then those after `--`."""
        self.run("python", "-m", "pytest", *arguments, *self.session.posargs)

    def _set_up(self) -> None:
        """Make the environment, unless it was made from the same inputs already."""
        environment = self.environment
        requirements = environment.requirements()
        stamp = environment.folder / "made-from.txt"
        digest = digest_of(environment, requirements)
        if stamp.exists() and stamp.read_text("utf-8") == digest:
            return

        self.session.log(f"Setting up .nox/{environment.name}, once: it takes a minute or two.")
        virtualenv = (sys.executable, "-m", "virtualenv", "--quiet", "--clear")
        self.session.run(*virtualenv, str(environment.folder), silent=True, log=False)
        engine = [each for each in requirements if each.startswith("tesserocr")]
        self._install(*pinned([each for each in requirements if each not in engine]))
        complete = not engine or self._install_engine(engine)
        if environment.projects:
            # Its parts are installed and pinned by now; an isolated build would fetch its own.
            self._pip("install", "--no-deps", "--no-build-isolation", "-e", ".", "-e", "./emulator")
        if complete:
            stamp.write_text(digest, "utf-8")

    def _install(self, *requirements: str) -> None:
        """Install pinned requirements; pip refuses what `constraints.txt` has no hash for."""
        self._pip("install", "-c", str(CONSTRAINTS), *requirements)

    def _install_engine(self, engine: Sequence[str]) -> bool:
        """Install tesserocr where it has a wheel; elsewhere the emulator serves `fixture`.

        Returns whether it was installed. If not, the next run tries again: it may have been the
        network.
        """
        try:
            self._install("--only-binary=tesserocr", *pinned(engine))
        except CommandFailed:
            self.session.warn("tesserocr has no wheel here: the emulator will serve `fixture`")
            return False
        return True

    def _pip(self, *arguments: str) -> None:
        """Run the environment's pip; what it prints is shown only when it fails."""
        python = str(self.environment.programs / ("python.exe" if os.name == "nt" else "python"))
        command = (python, "-m", "pip", "--disable-pip-version-check", *arguments)
        self.session.run(*command, silent=True, log=False)


def digest_of(environment: Environment, requirements: Sequence[str]) -> str:
    """Return a text that changes with anything that the environment is made from."""
    made_from = [str(ROOT), sys.version, CONSTRAINTS.read_text("utf-8"), *requirements]
    if environment.projects:  # an editable install copies the metadata: entry points, packages
        for project in (SDK, EMULATOR):
            made_from.append(json.dumps([project["project"], project["tool"]["hatch"]]))
    return hashlib.sha256("\n".join(made_from).encode()).hexdigest()


def pinned(requirements: Sequence[str]) -> list[str]:
    """Return the requirements with their versions from `constraints.txt`, markers kept."""
    lines = CONSTRAINTS.read_text("utf-8")
    versions = dict(re.findall(r"^([\w.-]+)==(\S+)", lines, re.MULTILINE))
    found = []
    for requirement in map(Requirement, requirements):
        name = canonicalize_name(requirement.name)
        if name not in versions:
            raise LookupError(f"constraints.txt lacks {name}: run `nox -s constraints`")
        extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
        marker = f" ; {requirement.marker}" if requirement.marker else ""
        found.append(f"{name}{extras}=={versions[name]}{marker}")
    return found


def with_engine(session: nox.Session) -> Environment:
    """Return the environment whose emulator has the engine that `--engine` asks for."""
    asked = [argument.rpartition("=")[2] for argument in session.posargs]
    return PHOTO if "photo" in asked else DEVELOP


def task(function: Callable[[nox.Session], None]) -> None:
    """Register a task. nox makes no environment for it: `Prepared` does."""
    nox.session(python=False)(function)


@task
def demo(session: nox.Session) -> None:
    """Recognise sample images through SDK, HTTP and emulator. `-- IMAGE...`: your own images."""
    prepared = Prepared(session, RUN)
    session.cd(session.invoked_from)  # the user's paths are relative to where the user is
    prepared.run("python", str(ROOT / "scripts/demo.py"), *session.posargs)


@task
def tests(session: nox.Session) -> None:
    """Everything that CI holds the project to. `-- PYTEST_ARGS` runs pytest alone, with these."""
    prepared = Prepared(session, DEVELOP)
    if session.posargs:
        prepared.pytest()
    else:
        pytest = ("python", "-m", "pytest", "-n", "2", "-q")
        prepared.run_all(*STYLE, *TYPES, GENERATED, DESCRIPTION, pytest)


@task
def photo(session: nox.Session) -> None:
    """Test the emulator's engine for photographs, which is too large (430 MB) for `tests`."""
    prepared = Prepared(session, PHOTO)
    prepared.pytest("tests/emulator/recognition/test_photo.py", "tests/contract/test_engines.py")


@task
def readers(session: nox.Session) -> None:
    """Ask other programs what they read in our exports. `-- --table`: the table of the docs."""
    prepared = Prepared(session, READERS)
    node = READERS.folder / "node"
    if shutil.which("npm") and shutil.which("node") and not node.exists():
        install = ("npm", "install", "--silent", "--ignore-scripts", "--prefix", str(node))
        try:
            session.run(*install, PDFJS, external=True)
        except CommandFailed:
            session.warn("npm could not install pdf.js")
    for program in ("pdftotext", "pdfimages", "qpdf", "node", "npm"):
        if shutil.which(program) is None:
            session.warn(f"{program} is not there: what needs it is skipped")
    if "--table" in session.posargs:
        prepared.run("python", "scripts/readers_table.py")
    else:
        prepared.pytest("-m", "readers", "-rs", "tests/readers")


@task
def browser(session: nox.Session) -> None:
    """Test playground and site in a Chromium (CHROMIUM: another). `-- --screenshots`: pictures."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    if not (os.environ.get("CHROMIUM") or any(map(shutil.which, names))):
        session.skip(f"no Chromium was found, by the names {', '.join(names)}, or CHROMIUM")
    prepared = Prepared(session, BROWSER)
    if "--screenshots" in session.posargs:
        prepared.run("python", "scripts/screenshots.py")
    else:
        prepared.pytest("-m", "browser", "tests/browser")


@task
def contract(session: nox.Session) -> None:
    """Hold the API to its description, over HTTP. `-- --base-url URL`: any server; `-- --live`."""
    Prepared(session, with_engine(session)).script("contract.py")


@task
def drift(session: nox.Session) -> None:
    """Prove that the contract suite bites: break the server in every way, see each one noticed."""
    Prepared(session, with_engine(session)).script("drift.py")


@task
def generate(session: nox.Session) -> None:
    """Make `generated/nhncloud_ocr_api` from `openapi/`. `-- --check`: only compare."""
    Prepared(session, DEVELOP).script("generate.py")


@task
def spec(session: nox.Session) -> None:
    """Run all linters over the description. `-- --diff OLD.yaml`: what changed, and what breaks."""
    prepared = Prepared(session, DEVELOP)
    if "--diff" in session.posargs:
        arguments = [each for each in session.posargs if each != "--diff"]
        prepared.run("python", "scripts/spec_diff.py", *arguments)
    else:
        prepared.script("check_spec.py")


@task
def lint(session: nox.Session) -> None:
    """Check style and formatting with ruff. `-- --fix` mends what it can."""
    prepared = Prepared(session, DEVELOP)
    if "--fix" in session.posargs:
        prepared.run("ruff", "check", "--fix", ".")
        prepared.run("ruff", "format", ".")
    else:
        prepared.run_all(*STYLE)


@task
def types(session: nox.Session) -> None:
    """Check types with mypy --strict and pyright."""
    Prepared(session, DEVELOP).run_all(*TYPES)


@task
def bench(session: nox.Session) -> None:
    """Measure import, call and memory as ratios to bare httpx, in one interleaved run."""
    Prepared(session, DEVELOP).script("bench.py")


@task
def bulk(session: nox.Session) -> None:
    """Hold bulk runs to their promises: 30 kills, caps, limits, deploys. `-- caps speed`: some."""
    Prepared(session, SCALE).script("bulk_trial.py")


@task
def scale(session: nox.Session) -> None:
    """Run the tests that need Dask, and kill a worker of it. `-- --ray`: of Ray Data (600 MB)."""
    if "--ray" in session.posargs:
        prepared = Prepared(session, RAY)
    else:
        prepared = Prepared(session, SCALE)
        prepared.run("python", "-m", "pytest", "-q", "tests/toolkit/scale")
    prepared.script("scale_trial.py")


@task
def fuzz(session: nox.Session) -> None:
    """Throw 20,000 arbitrary bodies and images at each property of the client. `-- N`: so many."""
    Prepared(session, DEVELOP).script("fuzz.py")


@task
def build(session: nox.Session) -> None:
    """Build both distributions into `dist/`, check what is in them, install each cleanly."""
    Prepared(session, RELEASE).script("check_dist.py", "dist")


@task
def release(session: nox.Session) -> None:
    """Hold what `build` left in `dist/`, and the workflows, to what an index and auditors ask."""
    prepared = Prepared(session, RELEASE)
    built = sorted(str(path) for path in (ROOT / "dist").glob("nhncloud_ocr*"))
    if not built:
        session.error("dist/ is empty: run `nox -s build` first")
    wheels = [path for path in built if path.endswith(".whl")]
    prepared.run_all(
        ("twine", "check", "--strict", *built),
        ("check-wheel-contents", *wheels),
        ("pyroma", "--min=9", "."),
        ("pyroma", "--min=9", "emulator"),
        ("zizmor", "--offline", "--min-severity=medium", ".github"),
    )


@task
def docs(session: nox.Session) -> None:
    """Build the site into `site/`, both languages. `-- --serve` shows it while you write."""
    prepared = Prepared(session, DOCS)
    if "--serve" in session.posargs:
        prepared.run("mkdocs", "serve", "--dev-addr", "127.0.0.1:8000")
    else:
        prepared.run("mkdocs", "build", "--strict")
        prepared.run("python", "scripts/check_site.py", "site", "docs/api.txt")


@task
def accuracy(session: nox.Session) -> None:
    """Print character errors and word recall per kind and language. `-- --help` says what else."""
    Prepared(session, PHOTO).script("accuracy.py")


@task
def report(session: nox.Session) -> None:
    """Print the emulator's figures: accuracy, speed, overhead, memory."""
    Prepared(session, PHOTO).script("emulator_report.py")


@task
def bombs(session: nox.Session) -> None:
    """Send each hostile image to the emulator: a quarter of an hour. `-- NAME --engine photo`."""
    Prepared(session, PHOTO).script("emulator_bombs.py")


@task
def soak(session: nox.Session) -> None:
    """Load the emulator for 10 minutes with images of all kinds. `-- --minutes N`."""
    Prepared(session, RUN).script("soak.py")


@task
def constraints(session: nox.Session) -> None:
    """Write `constraints.txt` anew: one set of pins for Python 3.11 and up, on every platform."""
    prepared = Prepared(session, RELEASE)
    shared = (
        "--universal",
        "--python-version=3.11",
        "--generate-hashes",
        "--no-annotate",
        "--no-header",
        "--no-sources",
        "--quiet",
        *session.posargs,
    )
    header = (
        "# Pins, with hashes, all that any session installs. Written by `nox -s constraints`.\n"
    )
    groups = [f"--group={group}" for group in SDK["dependency-groups"]]
    everything = ("pyproject.toml", "emulator/pyproject.toml", *groups, "--all-extras")
    compile_pins = ("uv", "pip", "compile", *everything, "--fork-strategy=fewest", *shared)
    prepared.run(*compile_pins, "--upgrade", "-o", str(CONSTRAINTS))
    CONSTRAINTS.write_text(header + CONSTRAINTS.read_text("utf-8"), "utf-8")

    header = "# What scripts/dev.py installs, with hashes. Written by `nox -s constraints`.\n"
    nox_alone = ("uv", "pip", "compile", "--group=tasks", *shared)
    prepared.run(*nox_alone, "-c", str(CONSTRAINTS), "-o", str(BOOTSTRAP))
    BOOTSTRAP.write_text(header + BOOTSTRAP.read_text("utf-8"), "utf-8")
