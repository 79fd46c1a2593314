"""Programs written for API v1.0 run as they were published, with the same two keys."""

import runpy
import shutil
from pathlib import Path

import demo
import pytest
from e2e.conftest import IMAGES

PUBLISHED = Path(__file__).resolve().parents[1] / "data" / "published"
SAMPLES = {
    "receipt.jpg": "s09_mixed_receipt_photo.jpg",
    "long-screenshot.png": "s30_tall_chat_720x5400.png",
    "one.jpg": "s09_mixed_receipt_photo.jpg",
    "two.png": "s06_mixed_order.png",
}


@pytest.mark.parametrize("program", sorted(PUBLISHED.glob("*.py")), ids=lambda path: path.stem)
def test_a_published_program_runs_unchanged_but_for_its_placeholders(
    program, emulator, tmp_path, monkeypatch, capsys
):
    for name, sample in SAMPLES.items():
        shutil.copy(IMAGES / "ours" / sample, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NHNCLOUD_OCR_APP_KEY", emulator.app_key)
    monkeypatch.setenv("NHNCLOUD_OCR_SECRET_KEY", emulator.secret_key)
    monkeypatch.setenv("NHNCLOUD_OCR_BASE_URL", emulator.base_url)
    keys = f'app_key="{emulator.app_key}", secret_key="{emulator.secret_key}"'
    before = len(emulator.calls)
    with demo.image_server(tmp_path) as url:
        filled = program.read_text("utf-8").replace('app_key="...", secret_key="..."', keys)
        (tmp_path / "program.py").write_text(filled.replace("https://example.com", url), "utf-8")
        runpy.run_path("program.py", run_name="__main__")
    assert capsys.readouterr().out
    made = emulator.calls[before:]
    assert made
    assert {call.kind for call in made} == {"recognition"}
