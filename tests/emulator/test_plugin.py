"""The pytest plugin, as a project that tests its own use of the service sees it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from patience import PATIENCE

PROJECT = """
import httpx
import pytest

@pytest.mark.parametrize("again", [1, 2])
def test_each_test_has_a_fresh_emulator(ocr_emulator, again):
    assert not ocr_emulator.calls and not ocr_emulator.faults
    ocr_emulator.faults.add(status=503, times=5)
    with httpx.Client(transport=ocr_emulator.transport) as client:
        assert client.post("http://ocr/v1.0/appkeys/x/general").status_code == 503
    assert len(ocr_emulator.calls) == 1

def test_over_a_port(ocr_emulator):
    assert httpx.get(ocr_emulator.base_url + "/health").json()["engine"] == "fixture"
"""


def test_another_project_gets_the_fixture_by_installing_the_emulator(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(PROJECT)
    command = [sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE)
    assert "3 passed" in done.stdout, done.stdout + done.stderr


def test_the_plugin_costs_a_run_that_does_not_use_it_nothing() -> None:
    program = (
        "import sys, nhncloud_ocr_emulator.pytest_plugin as _; sys.exit('uvicorn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=PATIENCE).returncode == 0
