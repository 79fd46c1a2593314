"""The overlay stands on the generated client: a renamed field breaks its types."""

import os
import re
import subprocess
import sys
from pathlib import Path

import generate
import pytest


def type_errors(tree: Path, cache: Path) -> set[str]:
    """What mypy --strict finds in the overlay of a tree, beside that tree's generated client."""
    result = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--no-error-summary"),
            *("--cache-dir", str(cache), "generated", "overlay"),
        ],
        cwd=tree,
        env={**os.environ, "MYPYPATH": os.pathsep.join(["generated", "overlay"])},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert not result.stderr
    return {line for line in result.stdout.splitlines() if ": error:" in line}


@pytest.mark.parametrize("field", ["conf", "x1", "imageUrl"])
def test_a_renamed_field_fails_the_type_check_of_the_overlay(
    tree: Path, tmp_path_factory: pytest.TempPathFactory, field: str
) -> None:
    cache = tmp_path_factory.getbasetemp() / "mypy-cache"  # one for all: the second run is quick
    before = type_errors(tree, cache)

    description = tree / "openapi" / "general-ocr.yaml"
    text, count = re.subn(rf"\b{field}\b", "renamed", description.read_text("utf-8"))
    assert count
    description.write_text(text, "utf-8")
    assert generate.main(["--root", str(tree)]) == 0

    errors = type_errors(tree, cache) - before
    assert errors
    assert all(Path(line.partition(":")[0]).parts[0] == "overlay" for line in errors), errors
