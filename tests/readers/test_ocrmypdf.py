"""ocrmypdf itself, with our engine, against the emulator.

ocrmypdf asks for the program tesseract even when another engine reads: where it is not installed, a
stand-in says its version.
"""

import importlib.metadata
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from io import BytesIO

import pytest
from nhncloud_ocr import OcrResult
from patience import PATIENCE
from PIL import Image
from readers import READERS, share
from toolkit.pages import DATA, IMAGES
from variables import variables

pytestmark = pytest.mark.readers
ocrmypdf = pytest.importorskip("ocrmypdf")
emulator_package = pytest.importorskip("nhncloud_ocr_emulator")
pytest.importorskip("tesserocr")
img2pdf = pytest.importorskip("img2pdf")

OURS = IMAGES / "ours"
SCANS = ("s01_ko_doc_myeongjo34.png", "s04_en_doc_serif28.png", "s08_mixed_receipt.png")
BLANK = "s35_blank_white.png"


@pytest.fixture(scope="module")
def emulator():
    with emulator_package.Emulator() as running:
        yield running


@pytest.fixture
def run(emulator, tmp_path):
    """Run ocrmypdf with our plugin in `tmp_path`."""
    programs = tmp_path / "programs"
    programs.mkdir()
    if shutil.which("tesseract") is None:
        (programs / "tesseract").write_text("#!/bin/sh\necho tesseract 5.3.0\n")
        (programs / "tesseract").chmod(0o755)

    def run(*arguments, **more):
        environment = {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            **variables(emulator),
            **more,
        }
        plugin = ("--plugin", "nhncloud_ocr_toolkit.ocrmypdf")
        ended = subprocess.run(
            [sys.executable, "-m", "ocrmypdf", *plugin, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert emulator.secret_key not in ended.stderr
        return ended

    return run


def scan(path, *names):
    path.write_bytes(img2pdf.convert([str(OURS / name) for name in names]))


def expected() -> OcrResult:
    names = ("korean", "english", "receipt")
    pages = [OcrResult.from_raw((DATA / f"replies/{name}.json").read_bytes()) for name in names]
    return OcrResult(lines=tuple(line for each in pages for line in each.lines))


def test_three_pages_are_three_calls_and_keep_their_words(run, emulator, tmp_path) -> None:
    scan(tmp_path / "scan.pdf", *SCANS)
    before = len(emulator.calls)
    ended = run("-l", "kor+eng", "--sidecar", "text.txt", "scan.pdf", "out.pdf")
    assert ended.returncode == 0, ended.stderr
    assert len(emulator.calls) - before == 3
    assert "3 pages: up to 3 calls" in ended.stderr
    sidecar = (tmp_path / "text.txt").read_text("utf-8")
    assert share(expected(), sidecar) >= 0.9  # the page's image is not the very picture
    read_by_us = OcrResult.from_raw(reply_of(sidecar))
    for name, (read, there, _) in READERS.items():
        if there:
            assert share(read_by_us, read(tmp_path / "out.pdf")) >= 0.97, name


def test_the_command_that_the_docs_show_runs(run, tmp_path) -> None:
    shown = (DATA.parent.parent / "docs/en/how-to/scans-to-pdf.md").read_text("utf-8")
    (line,) = re.findall("^ocrmypdf --plugin nhncloud_ocr_toolkit.ocrmypdf (.*)$", shown, re.M)
    scan(tmp_path / "scan.pdf", SCANS[2])
    ended = run(*line.split())
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "searchable.pdf").read_bytes().startswith(b"%PDF")


def test_a_lost_reply_ends_the_run_and_is_not_asked_for_again(run, emulator, tmp_path) -> None:
    scan(tmp_path / "scan.pdf", SCANS[0])
    before = emulator.billed.total()
    emulator.faults.add(reset="before")
    ended = run("-l", "kor", "scan.pdf", "out.pdf")
    emulator.faults.clear()
    assert ended.returncode == 15
    assert "may have been billed" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert emulator.billed.total() - before <= 1


def reply_of(text: str) -> bytes:
    """A reply with this text's words."""
    words = [{"value": word, "conf": 1} for word in text.split()]
    result = {"fileType": "png", "listOfInferTexts": [{"inferTexts": words}]}
    header = {"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS"}
    return json.dumps({"header": header, "result": {**result, "listOfBoundingBoxes": []}}).encode()


def test_another_language_is_refused_before_any_call(run, emulator, tmp_path) -> None:
    scan(tmp_path / "scan.pdf", SCANS[0])
    before = len(emulator.calls)
    assert run("-l", "deu", "scan.pdf", "out.pdf").returncode == 3
    assert len(emulator.calls) == before


def test_a_blank_page_stays_blank(run, tmp_path) -> None:
    scan(tmp_path / "scan.pdf", BLANK)
    ended = run("-l", "kor", "--sidecar", "text.txt", "scan.pdf", "out.pdf")
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "text.txt").read_text("utf-8").strip() == ""


@pytest.mark.parametrize("renderer", ["fpdf2", "hocr"])
def test_other_renderers_are_refused_with_a_sentence(renderer, run, emulator, tmp_path) -> None:
    scan(tmp_path / "scan.pdf", SCANS[0])
    before = len(emulator.calls)
    ended = run("-l", "kor", "--pdf-renderer", renderer, "scan.pdf", "out.pdf")
    assert ended.returncode == 1
    assert "--pdf-renderer sandwich" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(emulator.calls) == before


def test_missing_keys_are_said_before_any_page(run, tmp_path) -> None:
    scan(tmp_path / "scan.pdf", SCANS[0])
    ended = run("-l", "kor", "scan.pdf", "out.pdf", NHNCLOUD_OCR_SECRET_KEY="")
    assert ended.returncode == 1
    assert "NHNCLOUD_OCR_SECRET_KEY" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_refused_keys_end_the_run_with_a_sentence(run, tmp_path) -> None:
    scan(tmp_path / "scan.pdf", SCANS[0])
    ended = run("-l", "kor", "scan.pdf", "out.pdf", NHNCLOUD_OCR_SECRET_KEY="another")
    assert ended.returncode == 1
    assert "4010001" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_engine_asked_for_by_name_makes_no_call(run, emulator, tmp_path) -> None:
    scan(tmp_path / "scan.pdf", SCANS[0])
    before = len(emulator.calls)
    assert run("--ocr-engine", "none", "scan.pdf", "out.pdf").returncode == 0
    assert len(emulator.calls) == before


def test_no_entry_point_brings_the_engine_into_other_runs() -> None:
    ours = importlib.metadata.distribution("nhncloud-ocr").entry_points
    assert not ours.select(group="ocrmypdf")


def test_generate_hocr_raises_a_sentence() -> None:
    from nhncloud_ocr_toolkit.ocrmypdf import Engine
    from ocrmypdf.exceptions import ExitCodeException

    with pytest.raises(ExitCodeException, match="sandwich") as caught:
        Engine.generate_hocr(None, None, None, None)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_an_image_past_the_limit_is_sent_smaller_and_its_words_lie_where_they_were(
    monkeypatch,
) -> None:
    from nhncloud_ocr_toolkit import ocrmypdf as plugin

    noise = Image.effect_noise((700, 500), 60)
    file = BytesIO()
    noise.save(file, "PNG")
    monkeypatch.setattr(plugin, "_MAX_BYTES", 100_000)
    sent = plugin._within_limit(file.getvalue())
    assert len(sent.data) <= 100_000
    with Image.open(BytesIO(sent.data)) as image:
        assert image.width == round(700 * sent.scale)
    assert plugin._within_limit(sent.data).scale == 1
