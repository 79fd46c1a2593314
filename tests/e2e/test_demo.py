"""The demo, as a newcomer runs it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import demo
from e2e.conftest import IMAGES, needs_tesserocr
from patience import PATIENCE

SMALL = IMAGES / "ours/s06_mixed_order.png"


# The emulator gives a reading up after 60 s, as the service does: a busy machine may need longer.
PATIENT = f"""
import runpy, sys
from nhncloud_ocr_emulator._settings import Settings
Settings.__init__.__kwdefaults__["read_seconds"] = {PATIENCE}
sys.argv[0] = {demo.__file__!r}
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-c", PATIENT, *map(str, arguments)],
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )


@needs_tesserocr
def test_the_samples_are_recognised_each_in_its_way() -> None:
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    for shown in ("s08_mixed_receipt.png", "s09_mixed_receipt_photo.jpg", "cropping", "slices"):
        assert shown in done.stdout
    assert "http://127.0.0.1:1" in done.stdout  # by URL, from a port in 10000-12000
    assert "합계" in done.stdout


@needs_tesserocr
def test_it_shows_the_text_and_confidences_on_request() -> None:
    text = run(SMALL).stdout.split("\n\n")[1]
    scored = run("--confidences", SMALL).stdout.split("\n\n")[1]
    assert not re.search(r" [01]\.\d\d( |$)", text, re.M)
    assert len(re.findall(r" [01]\.\d\d( |$)", scored, re.M)) == int(
        re.search(r"(\d+) words", scored)[1]
    )


def test_a_missing_image_is_one_line_and_the_next_goes_on() -> None:
    done = run("missing.png", SMALL, IMAGES / "malformed/b02_text_as.png")
    assert done.returncode == 1
    assert SMALL.name in done.stdout
    missing, rejected = [line for line in done.stderr.splitlines() if line]
    assert missing == "missing.png: No such file or directory"
    assert rejected.startswith(str(IMAGES / "malformed/b02_text_as.png"))


def test_a_console_that_cannot_show_korean_raises_nothing() -> None:
    done = run(SMALL, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert SMALL.name in done.stdout


def test_tall_images_are_told_by_their_sides(tmp_path) -> None:
    assert demo.is_tall(str(IMAGES / "ours/s30_tall_chat_720x5400.png"))
    assert not demo.is_tall(str(SMALL))
    assert not demo.is_tall(str(IMAGES / "malformed/b02_text_as.png"))
    assert not demo.is_tall(str(tmp_path / "missing.png"))


def test_samples_stand_where_the_demo_looks() -> None:
    assert Path(demo.SAMPLES).is_dir()
