"""Where results go, and that nobody pays for one that can be written nowhere."""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

import pypdf
import pytest
from nhncloud_ocr_toolkit.cli import main, targets
from toolkit.conftest import KOREAN
from toolkit.pages import DATA, RECEIPT
from unit.support import PNG

FULL = Path("/dev/full")


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_to_find_is_said_before_a_call(run, service, image, text) -> None:
    code, _, err = run("find", text, image)
    assert (code, service.received) == (2, [])
    assert "nothing to find" in err


@pytest.mark.parametrize("threshold", ["2", "-0.1", "nan"])
def test_a_threshold_of_no_sense_is_said_before_a_call(run, service, image, threshold) -> None:
    code, _, err = run("find", "합계", image, f"--threshold={threshold}")
    assert (code, service.received) == (2, [])
    assert "within 0..1" in err


def test_a_place_where_nothing_can_be_written_is_said_before_a_call(
    run, service, image, tmp_path
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    for option, target, reason in [
        ("--out", file, "no folder"),
        ("--out", file / "below", "no folder"),
        ("--pdf", tmp_path, "a folder"),
        ("--pdf", tmp_path / "nowhere" / "out.pdf", "no such folder"),
        ("--pdf", file / "out.pdf", "no folder"),
    ]:
        code, _, err = run("recognize", image, option, target)
        assert (code, service.received) == (2, [])
        assert str(target) in err
        assert reason in err
        assert run("export", DATA / "replies/receipt.json", option, target)[0] == 2


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no such permissions")
def test_a_folder_that_must_not_be_written_is_said_before_a_call(
    run, service, image, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(targets.os, "access", lambda *_: False)  # root may always
    code, _, err = run("recognize", image, "--out", tmp_path / "new" / "folder")
    assert (code, service.received) == (2, [])
    assert "nothing can be written" in err
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize("options", [[], ["--json"], ["--raw"], ["--csv"]])
def test_a_full_disk_ends_the_run_for_each_image_would_be_paid_for(
    service, image, monkeypatch, capsys, options
) -> None:
    full = FULL.open("w", encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", full)
    assert main(["recognize", "--jobs", "1", *options, *[str(image)] * 9]) == 1
    monkeypatch.undo()
    with contextlib.suppress(OSError):
        full.close()
    assert len(service.received) <= 4  # one, and what was begun ahead
    assert "no further image is sent" in capsys.readouterr().err


def test_a_pdf_is_printed(service, image, monkeypatch) -> None:
    stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", stdout)
    assert main(["recognize", str(RECEIPT), "--pdf", "-"]) == 0
    assert len(pypdf.PdfReader(io.BytesIO(stdout.buffer.getvalue()), strict=True).pages) == 1


def test_two_forms_on_standard_output_are_refused(run, service, image) -> None:
    code, _, err = run("recognize", image, "--pdf", "-", "--csv")
    assert (code, service.received) == (2, [])
    assert "standard output" in err


def test_a_name_with_control_characters_stays_on_its_line(run, service, tmp_path) -> None:
    odd = tmp_path / "a\nb\x1b[31m.png"
    odd.write_bytes(PNG)
    _, out, err = run("recognize", odd, tmp_path / "\x1b[31mnone.png")
    assert out == f"==> {tmp_path}/a?b?[31m.png <==\n{KOREAN}\n"
    assert "\x1b" not in err


def test_export_reads_standard_input(run, monkeypatch) -> None:
    raw = (DATA / "replies/receipt.json").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    code, out, _ = run("export", "-")
    assert code == 0
    assert "합계" in out


def test_export_says_of_a_file_what_is_wrong_with_the_file(run, tmp_path) -> None:
    page = tmp_path / "page.json"
    page.write_text("<html>")
    code, out, err = run("export", "--json", page)
    assert code == 1
    assert "not JSON" in err
    assert "proxy" not in err
    assert "HTTP" not in json.loads(out)["error"]
