"""Programs written for API v1.0 run as they were published, with the same two keys."""

import re
import runpy
import shutil
from pathlib import Path

import demo
import pytest
from e2e.conftest import IMAGES
from nhncloud_ocr import AccessToken
from variables import variables

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
) -> None:
    for name, sample in SAMPLES.items():
        shutil.copy(IMAGES / "ours" / sample, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    for name, value in variables(emulator).items():
        monkeypatch.setenv(name, value)
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


@pytest.mark.parametrize("language", ["README.md", "README.ko.md"])
def test_one_line_moves_a_program_to_v1_1(
    language, emulator, tmp_path, monkeypatch, capsys
) -> None:
    """The two lines that the READMEs show, one in place of the other."""
    readme = (PUBLISHED.parents[2] / language).read_text("utf-8")
    old, new = re.findall(r"^(with OcrClient\(.*\) as ocr:) +# v1\.[01]$", readme, re.MULTILINE)
    program = (PUBLISHED / "v0_1_0_sync.py").read_text("utf-8")
    assert program.count(old) == 1
    for name, sample in SAMPLES.items():
        shutil.copy(IMAGES / "ours" / sample, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NHNCLOUD_OCR_BASE_URL", emulator.base_url)
    monkeypatch.setenv("NHNCLOUD_OCR_TOKEN_URL", emulator.token_url)
    names = {
        "AccessToken": AccessToken,
        "app_key": emulator.app_key,
        "access_key_id": emulator.user_access_key_id,
        "secret_access_key": emulator.secret_access_key,
    }
    before = len(emulator.calls)
    with demo.image_server(tmp_path) as url:
        exec(program.replace(old, new).replace("https://example.com", url), names)
    assert capsys.readouterr().out
    made = [call.path.split("/")[1] for call in emulator.calls[before:]]
    assert made == ["oauth2", "v1.1", "v1.1", "v1.1"]
