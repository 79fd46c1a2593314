"""The command `nhncloud-ocr`, run as a user runs it, against the emulator."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig

import demo
import pytest
from e2e.conftest import IMAGES
from nhncloud_ocr_emulator import embed_text
from patience import PATIENCE
from variables import variables


@pytest.fixture
def run(emulator):
    """Run the command with the keys in the environment; return the finished process."""

    def run(*arguments, **environment):
        keys = {**variables(emulator), "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "nhncloud_ocr", *map(str, arguments)],
            env={**os.environ, **keys, **environment},
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )
        assert emulator.secret_key not in done.stdout + done.stderr
        assert emulator.app_key not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    return run


@pytest.fixture
def receipt(tmp_path):
    path = tmp_path / "receipt.png"
    path.write_bytes(
        embed_text((IMAGES / "ours/s06_mixed_order.png").read_bytes(), "영수증 No. 17")
    )
    return path


def test_the_text_is_printed(run, receipt) -> None:
    done = run("recognize", receipt)
    assert (done.returncode, done.stderr) == (0, "")
    assert "영수증 No. 17" in done.stdout


def test_json_is_one_result_per_line(run, receipt) -> None:
    done = run("recognize", "--json", receipt, receipt)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert len(results) == 2
    assert results[0]["file_type"] == "png"


def test_cropping_says_how_many_slices(run, receipt) -> None:
    done = run("recognize", "--json", "--cropping", receipt)
    assert json.loads(done.stdout)["slices"] == 1


def test_a_url_works_like_a_file(run, receipt) -> None:
    with demo.image_server(receipt.parent) as url:
        done = run("recognize", f"{url}/receipt.png")
    assert "영수증 No. 17" in done.stdout


def test_after_a_failed_image_the_next_is_recognised(run, receipt, tmp_path) -> None:
    done = run("recognize", tmp_path / "missing.png", IMAGES / "malformed/b02_text_as.png", receipt)
    assert done.returncode == 1
    assert "영수증 No. 17" in done.stdout
    failures = done.stderr.splitlines()
    assert len(failures) == 2
    assert "missing.png" in failures[0]
    assert "b02_text_as.png" in failures[1]


def test_a_console_that_cannot_show_korean_raises_nothing(run, receipt) -> None:
    done = run("recognize", receipt, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "No. 17" in done.stdout


def test_the_secret_key_may_come_from_a_file(run, receipt, emulator, tmp_path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{emulator.secret_key}\n")
    done = run("recognize", "--secret-key-file", file, receipt, NHNCLOUD_OCR_SECRET_KEY="")
    assert done.returncode == 0


@pytest.mark.parametrize("arguments", [[], ["recognize"], ["recognise", "a.png"], ["--nonsense"]])
def test_bad_usage_is_exit_code_2(run, arguments) -> None:
    assert run(*arguments).returncode == 2


def test_without_keys_one_line_says_what_is_missing(run, receipt) -> None:
    done = run("recognize", receipt, NHNCLOUD_OCR_APP_KEY="")
    assert done.returncode != 0
    assert len(done.stderr.splitlines()) == 1
    assert "NHNCLOUD_OCR_APP_KEY" in done.stderr


def test_the_installed_command_is_the_same_program(run) -> None:
    command = shutil.which("nhncloud-ocr", path=sysconfig.get_path("scripts"))
    done = subprocess.run(
        [command, "--help"],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "80"},
    )
    assert done.stdout == run("--help", COLUMNS="80").stdout
