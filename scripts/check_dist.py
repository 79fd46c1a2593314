"""Build both distributions and hold what users would download to what we promise of it.

    python scripts/check_dist.py FOLDER

Leaves the wheels and source archives in FOLDER, and prints for each wheel its size and what a clean
install of it brings. The exit code is 1, with a line for each finding, when a file is missing or
does not belong, a wheel or an install is too large, a dependency is never imported, or what was
installed does not work on a Python that has nothing else.
"""

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


@dataclass(frozen=True)
class Promise:
    """What a distribution may hold and bring; sizes in bytes."""

    project: Path  # the folder of its pyproject.toml
    command: str
    trial: str  # a program of `scripts/` that uses what was installed
    for_others: frozenset[str] = frozenset()  # required, but imported by another requirement alone
    data: frozenset[str] = frozenset()  # files besides modules and `py.typed`, below the packages
    largest_wheel: int | None = None
    most_distributions: int | None = None  # in a clean install, itself included
    largest_install: int | None = None  # without bytecode


SDK = Promise(
    project=ROOT,
    command="nhncloud-ocr",
    trial="try_sdk.py",
    for_others=frozenset({"sniffio"}),  # httpcore's
    largest_wheel=300_000,
    most_distributions=11,
    largest_install=4_000_000,
)
EMULATOR = Promise(
    project=ROOT / "emulator",
    command="nhncloud-ocr-emulator",
    trial="try_emulator.py",
    data=frozenset(
        f"nhncloud_ocr_emulator/{name}"
        for name in (
            *("models/eng.traineddata", "models/kor.traineddata", "models/NOTICE.md"),
            *("playground/index.html", "playground/style.css", "playground/texts.js"),
            *("playground/page.js", "playground/viewer.js", "playground/json_pairs.js"),
            *("playground/elements.js", "playground/turn.js", "playground/icon.svg", "sample.png"),
        )
    ),
)


def main(folder: Path) -> int:
    """Build, check and report both; return the exit code."""
    findings = []
    for promise in (SDK, EMULATOR):
        wheel = build(promise, folder)
        rebuilt = wheel_of_sdist(wheel.parent, wheel)
        findings += [*wheel_findings(promise, wheel), *rebuilt, *install_findings(promise, wheel)]
    for finding in findings:
        print(f"check_dist: {finding}", file=sys.stderr)
    return 1 if findings else 0


def build(promise: Promise, folder: Path, *targets: str) -> Path:
    """Build the targets (`wheel`, `sdist`; both by default) into the folder; return the wheel."""
    flags = [part for target in targets for part in ("-t", target)]
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder.resolve()), *flags]
    subprocess.run(command, cwd=promise.project, check=True, stdout=subprocess.DEVNULL)
    return newest(folder, f"{promise.command.replace('-', '_')}-[0-9]*.whl")


def newest(folder: Path, pattern: str) -> Path:
    return max(folder.glob(pattern), key=lambda path: path.stat().st_mtime_ns)


def packages(promise: Promise) -> list[Path]:
    """Return the folders of the import packages that the project's wheel is made of."""
    settings = tomllib.loads((promise.project / "pyproject.toml").read_text("utf-8"))
    names = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    return [promise.project / name for name in names]


def files_of(wheel: Path) -> dict[str, int]:
    """Return the files in the wheel with their checksums, its metadata left out."""
    with zipfile.ZipFile(wheel) as archive:
        found = {each.filename: each.CRC for each in archive.infolist() if not each.is_dir()}
    return {
        name: checksum
        for name, checksum in found.items()
        if not PurePosixPath(name).parts[0].endswith(".dist-info")
    }


def wheel_findings(promise: Promise, wheel: Path) -> Iterator[str]:
    """Yield what the wheel lacks, what it has too much, and whether it is too large."""
    expected = set(promise.data)
    for package in packages(promise):
        modules = {path.relative_to(package.parent).as_posix() for path in package.rglob("*.py")}
        expected |= modules | {f"{package.name}/py.typed"}
    found = files_of(wheel).keys()
    yield from (f"{wheel.name} lacks {name}" for name in sorted(expected - found))
    yield from (f"{wheel.name} has no use for {name}" for name in sorted(found - expected))
    if promise.largest_wheel and wheel.stat().st_size >= promise.largest_wheel:
        yield f"{wheel.name} has {wheel.stat().st_size} bytes, not under {promise.largest_wheel}"


def wheel_of_sdist(folder: Path, wheel: Path) -> Iterator[str]:
    """Yield a finding when the source archive does not build the same wheel."""
    name, version = wheel.name.split("-")[:2]
    with tempfile.TemporaryDirectory() as scratch:
        sdist = folder / f"{name}-{version}.tar.gz"
        flags = ["--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", scratch]
        subprocess.run([*PIP, "wheel", *flags, str(sdist)], check=True)
        if files_of(newest(Path(scratch), "*.whl")) != files_of(wheel):
            yield f"{sdist.name} builds a wheel of other files"


def install_findings(promise: Promise, wheel: Path) -> Iterator[str]:
    """Install the wheel into a new environment, print what came, yield what should not have."""
    with tempfile.TemporaryDirectory() as scratch:
        venv.create(scratch, with_pip=False)
        scripts = Path(scratch, "Scripts" if os.name == "nt" else "bin")
        python = str(scripts / ("python.exe" if os.name == "nt" else "python"))
        constraints = ["-c", str(without_hashes(ROOT / "constraints.txt", Path(scratch)))]
        target = [*PIP, "--python", python]
        subprocess.run([*target, "install", "--quiet", *constraints, str(wheel)], check=True)
        listing = subprocess.run([python, "-c", PROBE], check=True, capture_output=True, text=True)
        usage = subprocess.run([scripts / promise.command, "--help"], stdout=subprocess.DEVNULL)
        trial = subprocess.run([python, "-I", "-W", "error", ROOT / "scripts" / promise.trial])
    installed = json.loads(listing.stdout)
    size = sum(each["bytes"] for each in installed.values())
    print(f"{wheel.name}: {wheel.stat().st_size / 1000:.0f} kB; a clean install of it brings")
    print(f"  {len(installed)} distributions, {size / 1e6:.1f} MB: {', '.join(sorted(installed))}")

    if usage.returncode:
        yield f"{promise.command} --help ends with exit code {usage.returncode}"
    if trial.returncode:
        yield f"scripts/{promise.trial} fails with what {wheel.name} installs"
    imported = {name for package in packages(promise) for name in imports(package)}
    for name in (direct_requirements(wheel) & installed.keys()) - promise.for_others:
        if not imported & set(installed[name]["modules"]):
            yield f"{wheel.name} requires {name} and never imports it"
    if promise.most_distributions and len(installed) > promise.most_distributions:
        yield f"{wheel.name} brings {len(installed)} distributions"
    if promise.largest_install and size > promise.largest_install:
        yield f"{wheel.name} brings {size} bytes"


def without_hashes(constraints: Path, folder: Path) -> Path:
    """Write the pins alone into the folder; with hashes, pip would ask the wheel itself for one."""
    pins = re.findall(r"^[\w.-]+==[^\\\n]+", constraints.read_text("utf-8"), re.MULTILINE)
    path = folder / constraints.name
    path.write_text("\n".join(pins), "utf-8")
    return path


# Runs in the new environment: name -> bytes without bytecode, top-level modules.
PROBE = """
import json, importlib.metadata as metadata, pathlib, re
modules = {}
for module, names in metadata.packages_distributions().items():
    for name in names:
        modules.setdefault(name, []).append(module)
found = {}
for distribution in metadata.distributions():
    name = distribution.metadata["Name"]
    paths = [pathlib.Path(distribution.locate_file(file)) for file in distribution.files]
    size = sum(path.stat().st_size for path in paths if path.suffix != ".pyc" and path.exists())
    canonical = re.sub("[-_.]+", "-", name).lower()
    found[canonical] = {"bytes": size, "modules": modules.get(name, [])}
print(json.dumps(found))
"""


def direct_requirements(wheel: Path) -> set[str]:
    """Return the names that the wheel's metadata requires, extras left out."""
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(name for name in archive.namelist() if name.endswith("/METADATA"))
        text = archive.read(metadata).decode()
    lines = re.findall(r"^Requires-Dist: ([\w.-]+)(.*)$", text, re.MULTILINE)
    return {re.sub("[-_.]+", "-", name).lower() for name, rest in lines if "extra ==" not in rest}


def imports(package: Path) -> Iterator[str]:
    """Yield the top-level name of each module that is imported, by `import_module` too."""
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
                yield ast.unparse(node.args[0]).strip("'").partition(".")[0]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
