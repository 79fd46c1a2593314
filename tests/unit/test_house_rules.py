"""What keeps the overlay thin: its size, and the one seam to the generated client."""

import ast
import io
import tokenize
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


def lines_of_code(path):
    """How many lines hold code: no blank line, comment or docstring."""
    text = path.read_text("utf-8")
    quiet = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    tokens = [token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type not in quiet]
    code = {line for token in tokens for line in range(token.start[0], token.end[0] + 1)}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            code -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(code)


def test_the_overlay_without_its_command_stays_under_1200_lines():
    counted = [path for path in MODULES if path.name not in ("_cli.py", "__main__.py")]
    assert sum(map(lines_of_code, counted)) < 1200


def test_one_module_alone_imports_the_generated_client():
    seam = [path for path in MODULES if any(name.startswith("nhncloud_ocr_api") for name in imported(path))]
    assert len(seam) == 1


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_every_module_says_what_it_is_and_holds_one_idea(path):
    text = path.read_text("utf-8")
    if path.name != "_version.py":
        assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 300


def test_no_finalizers():
    for path in MODULES:
        names = {
            node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)
        }
        assert "__del__" not in names


def test_the_core_brings_no_image_library():
    foreign = {name.partition(".")[0] for path in MODULES for name in imported(path)}
    assert not foreign & {"PIL", "numpy", "cv2", "requests", "pydantic"}
