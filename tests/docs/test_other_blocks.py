"""Blocks marked `py` need what the tests at large have not: a store, an engine, an exporter.

They run where that is installed, with a folder for the store; everywhere, they are Python, and what
they import of ours is there.
"""

import ast
import importlib
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
_BLOCK = re.compile(r"^```py\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NAMES = sorted(
    path.relative_to(DOCS / "en").as_posix()
    for path in (DOCS / "en").rglob("*.md")
    if _BLOCK.search(path.read_text("utf-8"))
)


def blocks(language: str, name: str) -> list[str]:
    return _BLOCK.findall((DOCS / language / name).read_text("utf-8"))


COUNTED_CALL = """
from nhncloud_ocr import OcrClient
from nhncloud_ocr_toolkit.otel import OpenTelemetry
from prometheus_client import generate_latest

with OcrClient(observers=[OpenTelemetry()]) as ocr:
    ocr.recognize("receipt.png")
print(generate_latest().decode())
"""


def python(program: str) -> str:
    """What a program prints."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def can_run(block: str) -> bool:
    """Whether all that a block imports is installed: Dask, but hardly Ray and Spark as well."""
    needed = {"pandas"} if "dask.dataframe" in block else set()
    for node in ast.walk(ast.parse(block)):
        if isinstance(node, ast.Import):
            needed |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            needed.add(str(node.module).partition(".")[0])
    return all(find_spec(name) is not None for name in needed)


@pytest.mark.parametrize("name", NAMES)
def test_they_are_the_same_in_both_languages(name) -> None:
    assert blocks("en", name) == blocks("ko", name)


@pytest.mark.parametrize("name", NAMES)
def test_what_they_import_of_ours_is_there(name) -> None:
    for node in ast.walk(ast.parse("\n".join(blocks("en", name)))):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("nhncloud_ocr"):
            try:
                module = importlib.import_module(str(node.module))
            except ImportError as error:
                pytest.skip(f"{node.module} needs an extra: {error}")
            assert all(hasattr(module, alias.name) for alias in node.names)


@pytest.mark.filterwarnings("default")  # what engines say about each other's versions
def test_columns_are_recognised_with_a_ledger(workplace) -> None:
    for needed in ("obstore", "dask.bag"):
        pytest.importorskip(needed)
    for name in ("a.png", "b.png"):
        shutil.copy(workplace / "receipt.png", workplace / name)
    shown: dict[str, object] = {"__name__": "docs", "paths": ["a.png", "b.png"]}
    ledger = (workplace / "ledger").as_uri()
    for block in filter(can_run, blocks("en", "how-to/scale.md")):
        if find_spec("pandas") is None:
            block = block.replace("rows.to_dataframe()", "")
        exec(block.replace("s3://bucket/ocr-ledger", ledger), shown)
    assert shown["columns"]["state"] == ["done", "done"]
    rows = shown["rows"].compute(scheduler="synchronous")
    assert [row["state"] for row in rows] == ["done", "done"]


def test_metrics_can_be_fetched(workplace) -> None:
    """In a process of its own, which has one provider of metrics for good."""
    pytest.importorskip("opentelemetry.exporter.prometheus")
    set_up = "\n".join(blocks("en", "how-to/telemetry.md")).replace("9464", "0")
    told = python(set_up + COUNTED_CALL)
    (calls,) = re.findall(r"^nhncloud_ocr_calls_total{.*} (.*)$", told, re.MULTILINE)
    assert float(calls) == 1
