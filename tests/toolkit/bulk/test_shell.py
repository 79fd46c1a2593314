"""What somebody at a shell sees before, during and after a run."""

import io
import os
import re
import sys

import pytest
from nhncloud_ocr_toolkit.cli import main
from nhncloud_ocr_toolkit.cli.bulk_progress import BulkProgress
from patience import PATIENCE, until
from variables import variables


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_without_a_terminal_there_is_a_line_every_thirty_seconds(capsys) -> None:
    clock = Clock()
    progress = BulkProgress(1000, None, clock)
    for _ in range(300):
        clock.now += 0.31
        progress.count("done", fresh=True, called=True)
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 3
    assert "\r" not in said
    assert said.startswith("nhncloud-ocr: 9")


def test_it_says_money_and_time_left_as_a_range() -> None:
    from decimal import Decimal

    clock = Clock()
    progress = BulkProgress(10_000, Decimal("1.5"), clock)
    for number in range(600):
        clock.now += 0.05 if number < 300 else 0.1
        progress.count("failed" if number == 7 else "done", fresh=True, called=True)
    line = progress.line()
    assert line.startswith("600 of 10,000, ")
    assert "600 calls, cost 900" in line
    assert "failed 1" in line
    low, high = map(int, re.search(r"(\d+) to (\d+) min left", line).groups())
    assert low < high


def test_what_earlier_runs_settled_is_no_speed() -> None:
    clock = Clock()
    progress = BulkProgress(100, None, clock)
    for _ in range(50):
        progress.count("done", fresh=False, called=False)
    clock.now += 10
    assert "/s" not in progress.line()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--journal", "run.db"],
        ["x.png"],
        ["x.png", "--journal", "run.db", "--max-cost", "5"],
        ["x.png", "--journal", "run.db", "--max-cost", "5", "--price", "-1"],
        ["x.png", "--journal", "run.db", "--max-calls", "-1"],
        ["x.png", "--journal", "run.db", "--concurrency", "0"],
        ["x.png", "--manifest", "gone.jsonl", "--journal", "run.db"],
    ],
)
def test_bad_usage_is_told_before_anything_is_sent(
    arguments, tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NHNCLOUD_OCR_APP_KEY", "app")
    monkeypatch.setenv("NHNCLOUD_OCR_SECRET_KEY", "secret")
    try:
        code = main(["bulk", *arguments])
    except SystemExit as exit_:
        code = exit_.code
    assert code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_reports_of_what_is_no_journal_end_with_2(tmp_path, capsys) -> None:
    assert main(["bulk", "status", str(tmp_path / "gone.db")]) == 2
    (tmp_path / "x.db").write_text("no database at all, but a text " * 40, "utf-8")
    out = str(tmp_path / "out.jsonl")
    assert main(["bulk", "export", str(tmp_path / "x.db"), "--out", out]) == 2
    assert "no journal" in capsys.readouterr().err


def test_an_export_of_another_kind_is_refused(
    bulk, images, folder, journal_path, tmp_path, capsys
) -> None:
    images(1)
    bulk([folder])
    code = main(["bulk", "export", str(journal_path), "--out", str(tmp_path / "rows.xlsx")])
    assert code == 2
    assert ".parquet" in capsys.readouterr().err


def test_what_was_too_much_to_count_before_is_counted_beside_the_run(tmp_path) -> None:
    from nhncloud_ocr_toolkit.cli import bulk_run
    from nhncloud_ocr_toolkit.cli.bulk_sources import Named

    for number in range(50):
        (tmp_path / f"{number}.png").touch()
    progress = BulkProgress(None, None)
    with bulk_run._counting(Named([str(tmp_path)], None), progress):
        until(lambda: progress.total is not None)
    assert progress.line().startswith("0 of 50")


def test_names_that_stop_coming_are_not_counted_beside_the_run() -> None:
    from nhncloud_ocr_toolkit.cli import bulk_run
    from nhncloud_ocr_toolkit.cli.bulk_sources import Named

    progress = BulkProgress(None, None)
    with bulk_run._counting(Named(["-"], None), progress):
        pass  # it would take names away from the run
    assert progress.total is None


@pytest.mark.skipif(os.name == "nt", reason="a terminal of Unix")
@pytest.mark.parametrize(("answer", "calls"), [(b"n\n", 0), (b"y\n", 101)])
def test_above_a_hundred_calls_a_terminal_is_asked(
    served, images, folder, journal_path, answer, calls
) -> None:
    import pty
    import subprocess

    images(101)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "nhncloud_ocr", "bulk", folder, "--journal", journal_path],
        env={**os.environ, **variables(served)},
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    os.write(ours, answer)
    _, err = process.communicate(timeout=PATIENCE)
    os.close(ours)
    os.close(theirs)
    assert b"at most 101 calls" in err
    assert b"Go on?" in err
    assert sum(served.billed.values()) == calls
    assert process.returncode == (0 if calls else 1)


def test_parquet_holds_the_same_rows(bulk, images, folder, journal_path, tmp_path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    images(3)
    (folder / "bad.png").write_bytes(b"no image")
    rows, _ = bulk([folder])
    out = tmp_path / "rows.parquet"
    assert main(["bulk", "export", str(journal_path), "--out", str(out)]) == 0
    held = parquet.read_table(out).to_pylist()
    assert sorted(held, key=str) == sorted((row.to_dict() for row in rows), key=str)


def test_names_on_standard_input_are_counted_first(
    served, images, journal_path, monkeypatch, capsys
) -> None:
    paths = images(3)
    for name, value in variables(served).items():
        monkeypatch.setenv(name, value)
    given = io.BytesIO("\n".join(map(str, paths)).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(given, encoding="utf-8"))
    assert main(["bulk", "-", "--journal", str(journal_path)]) == 0
    assert "about to send: 3 images; at most 3 calls" in capsys.readouterr().err
    assert sum(served.billed.values()) == 3
