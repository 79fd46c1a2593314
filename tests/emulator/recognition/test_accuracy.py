"""The program that measures how well the emulator reads."""

import shutil
from pathlib import Path

import pytest

from .pictures import IMAGES

pytest.importorskip("tesserocr")
pytest.importorskip("rapidfuzz")


def manifest(folder: Path, *, truth: str | None = None) -> Path:
    """Write a manifest of one plain page, with its true text or another."""
    shutil.copy(IMAGES / "ours/s05_en_screen_13.png", folder / "page.png")
    text = truth or (IMAGES / "truth/s05_en_screen_13.txt").read_text("utf-8")
    (folder / "page.txt").write_text(text, "utf-8")
    path = folder / "manifest.tsv"
    path.write_text("file\tkind\tlanguage\ttruth\npage.png\tplain\ten\tpage.txt\n", "utf-8")
    return path


def test_a_page_read_well_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import accuracy

    assert accuracy.main([str(manifest(tmp_path))]) == 0
    printed = capsys.readouterr().out
    assert "the same text as from the engine alone" in printed
    assert "plain      en" in printed
    assert "before" in printed


def test_too_many_errors_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import accuracy

    assert accuracy.main([str(manifest(tmp_path, truth="something else"))]) == 1
    assert "character errors, 2 % allowed" in capsys.readouterr().out


def test_more_errors_than_before_fail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import accuracy

    path = manifest(tmp_path, truth="something else")
    monkeypatch.setattr(accuracy.Tesserocr, "read", lambda self, path: "something else")
    assert accuracy.main([str(path)]) == 1
    assert "points more errors than before" in capsys.readouterr().out


def test_another_text_than_the_engine_gives_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import accuracy

    monkeypatch.setattr(accuracy, "text_alone", lambda *_, **__: "nothing like it")
    assert accuracy.main([str(manifest(tmp_path))]) == 1
    assert "not the same text as from the engine alone: page.png" in capsys.readouterr().out
