"""The toolkit's one list of names: lazy, and known to type checkers."""

import ast
import subprocess
import sys
from pathlib import Path

import nhncloud_ocr_toolkit as toolkit
import pytest

PACKAGE = Path(toolkit.__file__).parent


def python(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_every_name_is_there_and_listed() -> None:
    assert set(toolkit.__all__) <= set(dir(toolkit))
    for name in toolkit.__all__:
        assert getattr(toolkit, name).__doc__
    with pytest.raises(AttributeError, match="hcor"):
        toolkit.hcor  # noqa: B018


def test_type_checkers_are_told_the_same_names() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    told = {
        alias.asname: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
    }
    assert told == toolkit._HOMES


def test_a_misspelt_name_fails_the_type_check(tmp_path) -> None:
    pytest.importorskip("mypy")
    program = tmp_path / "program.py"
    program.write_text(
        "import nhncloud_ocr_toolkit as toolkit\ntoolkit.hcor\nreveal_type(toolkit.rows)\n", "utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", program],
        capture_output=True,
        text=True,
    )
    assert '"hcor"' in done.stdout
    assert "def (page:" in done.stdout
    assert "Found 1 error" in done.stdout


def test_importing_loads_no_export_and_none_loads_another_library() -> None:
    loaded = python(
        "import sys, nhncloud_ocr; before = set(sys.modules)\n"
        "import nhncloud_ocr_toolkit; print(*sorted(set(sys.modules) - before))"
    )
    assert loaded == ["nhncloud_ocr_toolkit"]
    loaded = python(
        "import sys, nhncloud_ocr_toolkit as t\n"
        "[getattr(t, name) for name in t.__all__]\n"
        "print(*{'PIL', 'numpy', 'pandas', 'rapidfuzz', 'lxml'} & set(sys.modules))"
    )
    assert loaded == []


def test_the_sdk_loads_no_toolkit() -> None:
    assert python("import sys, nhncloud_ocr; print('nhncloud_ocr_toolkit' in sys.modules)") == [
        "False"
    ]


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.name)
def test_a_module_is_one_idea_on_public_names(path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nhncloud_ocr."):
            pytest.fail(f"{path.name} imports {node.module}, which is not public")
