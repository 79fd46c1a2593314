"""Hold a release's tag to the two distributions and the changelog: they name one version.

Its examples are kept, too, so that later versions are tried with them.

    python scripts/check_version.py v1.2.3

The exit code is 1, with a line for each place that says otherwise.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import keep_examples

ROOT = Path(__file__).resolve().parent.parent


def main(tag: str, root: Path = ROOT) -> int:
    """Check the tag; return the exit code."""
    findings = list(disagreements(tag.removeprefix("v"), root))
    for finding in findings:
        print(f"check_version: {finding}", file=sys.stderr)
    return 1 if findings else 0


def disagreements(version: str, root: Path) -> Iterator[str]:
    """Yield each place that names another version than the tag, or none."""
    sdk = (root / "overlay/nhncloud_ocr/__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "(.+)"$', sdk, re.MULTILINE)
    if found is None or found[1] != version:
        yield f"overlay/nhncloud_ocr/__init__.py has {found and found[1]}, the tag {version}"

    emulator = tomllib.loads((root / "emulator/pyproject.toml").read_text("utf-8"))
    if emulator["project"]["version"] != version:
        yield f"emulator/pyproject.toml has {emulator['project']['version']}, the tag {version}"

    changelog = (root / "CHANGELOG.md").read_text("utf-8")
    if not re.search(rf"^## {re.escape(version)}\b", changelog, re.MULTILINE):
        yield f"CHANGELOG.md has no section {version}: rename `Unreleased`, and begin a new one"

    if not keep_examples.kept(version, root):
        yield f"{keep_examples.FOLDER} has no programs of {version}: scripts/keep_examples.py"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
