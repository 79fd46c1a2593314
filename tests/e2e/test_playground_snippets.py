"""The code that the playground offers runs as it stands, once the environment has the keys."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from nhncloud_ocr_emulator import Emulator, embed_text
from patience import PATIENCE
from PIL import Image


@pytest.mark.parametrize("version", ["v1.0", "v1.1"])
@pytest.mark.parametrize("language", ["python", "async", "curl"])
def test_a_snippet_reads_the_image(tmp_path: Path, language: str, version: str) -> None:
    if language == "curl" and (shutil.which("curl") is None or sys.platform == "win32"):
        pytest.skip("no curl, or no shell for it")
    name = "my \"receipt\" 'one' 합계.png"
    file = io.BytesIO()
    Image.new("L", (64, 64), 255).save(file, "PNG")
    (tmp_path / name).write_bytes(embed_text(file.getvalue(), [["29,300"]]))
    with Emulator(engine="fixture") as emulator:
        asked = {"language": language, "version": version, "cropping": "1", "image": name}
        code = httpx.get(
            f"{emulator.base_url}/playground/snippet", params=asked, timeout=PATIENCE
        ).text
        environment = os.environ | {
            "NHNCLOUD_OCR_APP_KEY": emulator.app_key,
            "NHNCLOUD_OCR_SECRET_KEY": emulator.secret_key,
            "NHNCLOUD_OCR_USER_ACCESS_KEY_ID": emulator.user_access_key_id,
            "NHNCLOUD_OCR_SECRET_ACCESS_KEY": emulator.secret_access_key,
        }
        command = ["sh", "-c", code] if language == "curl" else [sys.executable, "-c", code]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE
        )
        assert "29,300" in done.stdout, done.stderr
        call = emulator.calls[-1]
    assert call.path == f"/{version}/appkeys/{{appKey}}/general/cropping"
    assert call.result_code == 0
