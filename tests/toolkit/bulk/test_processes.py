"""Real processes: killed, ended politely, two at a time."""

import os
import signal
import sqlite3
import stat
import sys
from contextlib import closing

import pytest
from patience import PATIENCE
from toolkit.bulk.conftest import (
    billed,
    finished,
    hold_up,
    kill_midway,
    lines,
    no_bill_is_unannounced,
    query,
    states,
    until,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills by signals")


def test_killed_runs_pay_nothing_twice_unannounced(
    start, served, images, folder, journal_path
) -> None:
    images(150)
    hold_up(served)
    kills = 4
    for _ in range(kills):
        kill_midway(served, lambda: start(folder, "--concurrency", 8))
    code, _, err = finished(start(folder))
    unknown = states(journal_path).get("unknown", 0)
    assert code == (3 if unknown else 0), err
    assert unknown <= 8 * kills
    assert states(journal_path).get("done", 0) + unknown == 150
    no_bill_is_unannounced(served, journal_path)

    before = billed(served)
    assert finished(start(folder, "--retry-unknown"))[0] == 0
    assert states(journal_path) == {"done": 150}
    assert billed(served) == before + unknown
    no_bill_is_unannounced(served, journal_path)


def test_two_processes_share_a_journal(start, served, images, folder, journal_path) -> None:
    images(120)
    hold_up(served)
    both = [start(folder, "--concurrency", 6) for _ in range(2)]
    assert [finished(process)[0] for process in both] == [0, 0]
    assert states(journal_path) == {"done": 120}
    assert set(served.billed.values()) == {1}


def test_one_goes_on_with_what_a_dead_one_had(start, served, images, folder, journal_path) -> None:
    images(80)
    hold_up(served, calls=5)
    hold_up(served, 3600, calls=6)
    first = start(folder, "--concurrency", 6)
    until(lambda: not served.faults, first)
    second = start(folder, "--concurrency", 6)
    until(lambda: len(query(journal_path, "SELECT id FROM owner")) == 2, second)
    first.kill()
    first.wait()
    assert finished(second)[0] in (0, 3)
    found = states(journal_path)
    assert set(found) <= {"done", "unknown"}
    assert sum(found.values()) == 80
    no_bill_is_unannounced(served, journal_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_lets_calls_end(
    start, served, images, folder, journal_path, number
) -> None:
    images(60)
    hold_up(served, 2.0)  # long enough not to be through with all
    process = start(folder, "--concurrency", 4)
    until(lambda: billed(served) >= 2, process)
    process.send_signal(number)
    code, _, err = finished(process)
    assert code == 130
    assert "run this again" in err
    found = states(journal_path)
    assert set(found) <= {"done", "pending"}
    assert found["done"] == billed(served) < 60
    served.faults.clear()
    assert finished(start(folder))[0] == 0
    assert set(served.billed.values()) == {1}


def test_the_second_signal_ends_at_once(start, served, images, folder, journal_path) -> None:
    images(4)
    hold_up(served, 3600)
    process = start(folder)
    until(lambda: (journal_path.exists() and served.calls) or sending(journal_path), process)
    process.send_signal(signal.SIGINT)
    assert "once more ends at once" in next(line for line in process.stderr if "ending" in line)
    process.send_signal(signal.SIGINT)
    assert finished(process)[0] == 130
    assert states(journal_path)["unknown"] == 1


def test_the_second_signal_ends_what_is_held_up(
    start, served, images, folder, journal_path
) -> None:
    images(4)
    hold_up(served, 3600)
    process = start(folder)
    until(lambda: sending(journal_path), process)
    with closing(sqlite3.connect(journal_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # nobody else can write now
        process.send_signal(signal.SIGTERM)
        assert "once more ends at once" in next(line for line in process.stderr if "ending" in line)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 130


def sending(path):
    try:
        return states(path).get("sending", 0)
    except Exception:
        return 0


def test_a_cap_survives_kills(start, served, images, folder, journal_path) -> None:
    images(100)
    hold_up(served)
    process = start(folder, "--max-cost", "60", "--price", "1.5", "--concurrency", 16)
    until(lambda: billed(served) >= 10, process)
    process.kill()
    process.wait()
    code, _, err = finished(start(folder, "--max-cost", "60", "--price", "1.5"))
    assert code == 4, err
    assert billed(served) <= 40
    (calls,) = query(journal_path, "SELECT calls FROM budget")[0]
    assert calls == 40


def test_the_journal_is_private(start, images, folder, journal_path) -> None:
    images(1)
    assert finished(start(folder))[0] == 0
    assert stat.S_IMODE(journal_path.stat().st_mode) == 0o600
    assert [path.name for path in journal_path.parent.iterdir() if "owner" in path.name] == []


def test_it_says_what_it_is_about_to_do(start, images, folder) -> None:
    images(7)
    _, out, err = finished(start(folder, "--price", "2"))
    assert "7 images; at most 7 calls, cost 14" in err.splitlines()[0]
    assert out == ""


def test_a_dry_run_sends_nothing_and_names_the_calls(start, served, images, folder) -> None:
    paths = images(9)
    (folder / "copy.png").write_bytes(paths[0].read_bytes())
    (folder / "empty.png").touch()
    _, out, _ = finished(start(folder, "--dry-run"))
    assert not served.calls
    assert "images: 11" in out
    assert "calls: 9" in out
    assert finished(start(folder))[0] == 1
    assert len(served.calls) == 9
    assert "calls: 0" in finished(start(folder, "--dry-run"))[1]


def test_a_deploy_is_waited_out(start, served, images, folder, journal_path) -> None:
    images(40)
    served.faults.add(deploy=2.0)
    assert finished(start(folder))[0] in (0, 3)
    found = states(journal_path)
    assert set(found) <= {"done", "unknown"}
    resets = query(journal_path, "SELECT count(*) FROM attempt WHERE outcome = 'unknown'")[0][0]
    assert found.get("unknown", 0) == resets < 10
    assert sys.platform


def test_refused_keys_end_it_with_2(start, served, images, folder, monkeypatch) -> None:
    images(20)
    served_key = served.secret_key
    process = start(folder, "--secret-key-file", wrong(folder))
    code, _, err = finished(process)
    assert code == 2
    assert served_key not in err
    assert len(served.calls) == 1


def wrong(folder):
    path = folder.parent / "key.txt"
    path.write_text("wrong", "utf-8")
    return path


def test_exports_hold_equal_rows_in_the_order_of_the_sources(
    start, images, folder, journal_path, tmp_path, monkeypatch, capsys
) -> None:
    from nhncloud_ocr_toolkit.cli import main

    paths = images(30)
    (folder / "bad.png").write_bytes(b"no image")
    listed = [*paths[::-1], folder / "bad.png"]
    assert finished(start(*listed))[0] == 1
    written = {}
    for suffix in ("jsonl", "csv", "sqlite"):
        out, errors = tmp_path / f"rows.{suffix}", tmp_path / "errors.jsonl"
        arguments = ["bulk", "export", journal_path, "--out", out, "--ordered", "--errors", errors]
        code = main([str(each) for each in arguments])
        assert code == 0
        written[suffix] = out
    rows = lines(written["jsonl"])
    assert [row["ref"] for row in rows] == list(map(str, listed))
    assert [row["ref"] for row in lines(errors)] == [str(folder / "bad.png")]
    table = query(written["sqlite"], "SELECT ref, state, text, error, attempts FROM rows")
    names = ("ref", "state", "text", "error", "attempts")
    assert table == [tuple(row[name] for name in names) for row in rows]
    import csv

    with written["csv"].open(encoding="utf-8-sig", newline="") as file:
        cells = list(csv.DictReader(file))
    assert list(cells[0]) == list(rows[0])
    assert [cell["text"] for cell in cells] == [row["text"] or "" for row in rows]
    capsys.readouterr()
    assert main(["bulk", "status", str(journal_path)]) == 0
    assert "done: 30" in capsys.readouterr().out
