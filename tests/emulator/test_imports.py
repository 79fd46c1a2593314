"""How the emulator's modules import each other, and what they must not import."""

from __future__ import annotations

import ast
from pathlib import Path

import nhncloud_ocr_emulator
import pytest

PACKAGE = Path(nhncloud_ocr_emulator.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))


def imported(module: Path) -> list[tuple[int, str]]:
    """Level and name of each import of a module."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [(0, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.level, node.module or ""))
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_package_imports_itself_by_dots_and_nothing_of_the_sdk(module: Path) -> None:
    for level, name in imported(module):
        if level == 0:
            assert not name.startswith("nhncloud_ocr"), name
