"""What keeps the overlay thin: its size, and the one seam to the generated client."""

import ast
from pathlib import Path

import nhncloud_ocr
import pytest

OVERLAY = Path(nhncloud_ocr.__file__).parent
MODULES = sorted(OVERLAY.glob("*.py"))


def imported(path):
    """The modules that a file imports from elsewhere, at any depth."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def test_the_overlay_without_its_command_stays_under_1200_lines():
    """As `wc -l` counts them: comments, docstrings and blank lines too."""
    counted = [path for path in MODULES if path.name != "_cli.py"]
    assert sum(len(path.read_text("utf-8").splitlines()) for path in counted) < 1200


def test_one_module_alone_imports_the_generated_client():
    seam = [
        path
        for path in MODULES
        if any(name.startswith("nhncloud_ocr_api") for name in imported(path))
    ]
    assert len(seam) == 1


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_every_module_says_what_it_is_and_holds_one_idea(path):
    text = path.read_text("utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 300


def test_no_finalizers():
    for path in MODULES:
        names = {
            node.name
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.FunctionDef)
        }
        assert "__del__" not in names


def test_the_core_brings_no_image_library():
    foreign = {name.partition(".")[0] for path in MODULES for name in imported(path)}
    assert not foreign & {"PIL", "numpy", "cv2", "requests", "pydantic"}
