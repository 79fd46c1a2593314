"""The overlay stands on the generated client: whatever is renamed breaks its types.

Many names are renamed at once, and each must be complained of by its own name: so all of them are
tried in a few runs of mypy. A name that other names are reached through is tried in another run
than those.
"""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import check_spec
import generate
import pytest

DESCRIPTION = check_spec.load(check_spec.DESCRIPTION)
SCHEMAS = DESCRIPTION["components"]["schemas"]

OPERATIONS = [
    operation["operationId"]
    for path in DESCRIPTION["paths"].values()
    for method, operation in path.items()
    if method == "post"
]
UNTOLD = {"GeneralResponse", "CroppingResponse", "GatewayError"}
"""Schemas that the overlay takes from the operations, whatever they are called."""


def parts(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [schema, *schema.get("allOf", [])]


def required(schema: dict[str, Any]) -> set[str]:
    """The fields that a schema always has: an optional one need not be used by hand."""
    return {
        field
        for part in parts(schema)
        for field in part.get("properties", {})
        if field in part.get("required", [])
    }


FIELDS = {*set[str]().union(*map(required, SCHEMAS.values())), "result"}
THROUGH = {"header", "result"}
RUNS = {
    "fields": FIELDS - THROUGH,
    "fields with others inside": THROUGH,
    "schemas": SCHEMAS.keys() - UNTOLD,
}


def python_name(name: str) -> str:
    """As it is called in Python: classes as they are, all else in snake case."""
    return name if name in SCHEMAS else re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def type_errors(tree: Path, cache: Path) -> list[str]:
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
    return [line for line in result.stdout.splitlines() if ": error:" in line]


def renamed(node: Any, names: set[str]) -> Any:
    """The description with "Anew" behind the names, where they are fields, operations, schemas."""

    def anew(name: str) -> str:
        return f"{name}Anew" if name in names else name

    def changed(key: str, value: Any) -> Any:
        if key in ("properties", "schemas"):
            return {anew(name): renamed(each, names) for name, each in value.items()}
        if key in ("required", "x-duplicate-keys") and isinstance(value, list):
            return [anew(name) for name in value]
        if key == "operationId":
            return anew(value)
        if key == "$ref":
            folder, _, name = value.rpartition("/")
            return f"{folder}/{anew(name)}" if folder.endswith("schemas") else value
        return renamed(value, names)

    if isinstance(node, list):
        return [renamed(each, names) for each in node]
    if not isinstance(node, dict):
        return node
    return {key: changed(key, value) for key, value in node.items() if key != "examples"}


def missing_imports(tree: Path) -> set[str]:
    """The names that the overlay of a tree imports from its generated client and does not get.

    Asked of Python: mypy would find the modules of an installed client beside those of the tree.
    """
    imports = [
        f"from {node.module} import {alias.name}"
        for path in (tree / "overlay").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(generate.PACKAGE)
        for alias in node.names
    ]
    program = """
import sys
for line in sys.stdin.read().splitlines():
    try:
        exec(line)
    except ImportError as error:
        print(line.split()[-1])
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        input="\n".join(imports),
        env={**os.environ, "PYTHONPATH": str(tree / "generated"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def rename(tree: Path, names: set[str]) -> None:
    """Give the names a new one wherever the description has them, and generate."""
    description = tree / "openapi" / "general-ocr.yaml"
    description.write_text(json.dumps(renamed(DESCRIPTION, names)), "utf-8")  # JSON is YAML
    assert generate.main(["--root", str(tree)]) == 0


def test_the_description_has_the_names_that_are_tried() -> None:
    assert {"conf", "y4", "fileType", "isSuccessful", "slicesImages", "imageUrl"} <= FIELDS
    assert {"recognizeGeneral", "recognizeGeneralCroppingV11"} <= set(OPERATIONS)
    assert "TextLine" in RUNS["schemas"]


@pytest.mark.parametrize("run", RUNS)
def test_each_renamed_name_fails_the_type_check_of_the_overlay(
    tree: Path, tmp_path_factory: pytest.TempPathFactory, run: str
) -> None:
    cache = tmp_path_factory.getbasetemp() / "mypy-cache"  # one for all: the second run is quick
    assert type_errors(tree, cache) == []
    rename(tree, RUNS[run])

    errors = type_errors(tree, cache)

    assert all(Path(line.partition(":")[0]).parts[0] == "overlay" for line in errors), errors
    unnoticed = {
        name
        for name in RUNS[run]
        if not any(re.search(rf'\b{python_name(name)}"', line) for line in errors)
    }
    assert not unnoticed, errors


def test_each_renamed_operation_is_missed_where_the_overlay_imports_it(tree: Path) -> None:
    assert missing_imports(tree) == set()
    rename(tree, set(OPERATIONS))
    assert missing_imports(tree) == set(map(python_name, OPERATIONS))
