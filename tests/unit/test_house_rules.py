"""What holds the rooms apart: imports go down only, and each module is one idea."""

import ast
import subprocess
import sys
from pathlib import Path

import nhncloud_ocr
import nhncloud_ocr_toolkit
import pytest

OVERLAY = Path(nhncloud_ocr.__file__).parent
TOOLKIT = Path(nhncloud_ocr_toolkit.__file__).parent
MODULES = sorted(OVERLAY.rglob("*.py"))
TOOLKIT_MODULES = sorted(TOOLKIT.rglob("*.py"))

LAYERS = [
    "_errors",
    "_urls",
    "_codes",
    "_results",
    "_clock",
    "_sniff",
    "_images",
    "_retry",
    "_usage",
    "_pace",
    "_events",
    "_observers",
    "_auth",
    "_options",
    "_http",
    "_wire",
    "_outcome",
    "_call",
    "_loops",
    "_client",
    "_async_client",
    "__init__",
    "__main__",
]
"""The rooms of the overlay from the ground up: each imports only from those before it."""

WIRE = [
    "shapes",
    "request",
    "nesting",
    "commas",
    "proof",
    "places",
    "strict",
    "grouped",
    "fast",
    "lossless",
    "pairing",
    "reply",
]
"""The same inside of `_wire`."""


def imports(path, root):
    """Yield what a file imports, at any depth, as absolute names that end in the imported name."""
    package = (root.name, *path.relative_to(root).parent.parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = [*base, *(node.module.split(".") if node.module else [])]
            yield from (".".join([*module, alias.name]) for alias in node.names)


UPWARDS = {("_results", "_outcome")}
"""The one import upwards, inside a function: a result can be read from its stored reply."""


def room(path):
    first = path.relative_to(OVERLAY).parts[0]
    return first.removesuffix(".py")


def rooms_used(path):
    """The rooms of the overlay that a module imports from; the package itself holds the version."""
    for name in imports(path, OVERLAY):
        parts = name.split(".")
        if parts[0] == "nhncloud_ocr" and parts[1] != "__version__":
            yield parts[1]


def ids(root):
    return lambda path: str(path.relative_to(root))


def test_every_room_has_its_place_in_the_order() -> None:
    assert {room(path) for path in MODULES} == set(LAYERS)


@pytest.mark.parametrize("path", MODULES, ids=ids(OVERLAY))
def test_imports_go_down_only(path) -> None:
    own = LAYERS.index(room(path))
    for used in rooms_used(path):
        assert used in LAYERS, f"{used} is no room of the overlay"
        if (room(path), used) in UPWARDS:
            continue
        assert LAYERS.index(used) < own or used == room(path), (
            f"{path.name} imports {used}, which stands above it"
        )


@pytest.mark.parametrize("path", sorted((OVERLAY / "_wire").glob("*.py")), ids=lambda p: p.stem)
def test_imports_inside_of_the_wire_go_down_only(path) -> None:
    if path.stem == "__init__":
        assert not list(imports(path, OVERLAY))
        return
    for name in imports(path, OVERLAY):
        if name.startswith("nhncloud_ocr._wire."):
            assert WIRE.index(name.split(".")[2]) < WIRE.index(path.stem)


def test_the_wire_alone_imports_the_generated_client() -> None:
    seam = {
        room(path)
        for path in MODULES
        if any(name.startswith("nhncloud_ocr_api") for name in imports(path, OVERLAY))
    }
    assert seam == {"_wire"}


def test_the_overlay_imports_the_toolkit_only_as_a_program() -> None:
    found = {
        path.name
        for path in MODULES
        if any(name.startswith("nhncloud_ocr_toolkit") for name in imports(path, OVERLAY))
    }
    assert found == {"__main__.py"}


@pytest.mark.parametrize("path", TOOLKIT_MODULES, ids=ids(TOOLKIT))
def test_the_toolkit_uses_public_names_alone(path) -> None:
    for name in imports(path, TOOLKIT):
        package, _, rest = name.partition(".")
        assert package != "nhncloud_ocr_api"
        if package == "nhncloud_ocr":
            assert rest in ("", *nhncloud_ocr.__all__), f"{path.name} imports {name}"


@pytest.mark.parametrize("path", MODULES + TOOLKIT_MODULES, ids=lambda path: path.name)
def test_every_module_says_what_it_is_and_holds_one_idea(path) -> None:
    text = path.read_text("utf-8")
    lines = text.splitlines()
    assert ast.get_docstring(ast.parse(text))
    assert len(lines) <= 300
    assert not [line for line in lines if len(line) > 100]


def test_no_finalizers() -> None:
    for path in MODULES + TOOLKIT_MODULES:
        names = {
            node.name
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.FunctionDef)
        }
        assert "__del__" not in names


def test_the_core_brings_no_image_library() -> None:
    foreign = {name.partition(".")[0] for path in MODULES for name in imports(path, OVERLAY)}
    assert not foreign & {"PIL", "numpy", "cv2", "requests", "pydantic"}


def test_type_checkers_see_the_same_names_in_the_same_homes() -> None:
    tree = ast.parse((OVERLAY / "__init__.py").read_text("utf-8"))
    seen = {
        alias.asname: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
    }
    assert seen == nhncloud_ocr._HOMES
    assert list(seen) == sorted(seen, key=lambda name: (seen[name], name))


# pyright asks the first `python` on the path what is installed, mypy the one that runs it.
OF_THIS_PYTHON = {"mypy": [], "pyright": ["--pythonpath", sys.executable]}


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_a_misspelt_import_fails_the_type_check(tmp_path, checker) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "from nhncloud_ocr import OcrClient, RetryPolicy\n"
        "from nhncloud_ocr import OcrCleint\n"
        "print(OcrClient, RetryPolicy, OcrCleint)\n",
        "utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", checker, *OF_THIS_PYTHON[checker], str(program)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    wrong = [line for line in done.stdout.splitlines() if "error" in line and "program.py:" in line]
    assert len(wrong) == 1, done.stdout + done.stderr
    assert "OcrCleint" in wrong[0]
