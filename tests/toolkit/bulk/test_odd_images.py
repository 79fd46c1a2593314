"""Images that cannot be sent, or not as they are: one row each, and the run goes on."""

import os
import shutil
import struct
import sys
import tempfile
import zlib
from contextlib import contextmanager
from pathlib import Path

import pytest
from nhncloud_ocr_emulator import embed_text
from toolkit.bulk.conftest import finished, image, lines
from unit.support import PNG


def blank(width, height, text):
    """Return a white PNG of this size, which the engine `fixture` reads as this text."""

    def chunk(kind, data):
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return embed_text(b"\x89PNG\r\n\x1a\n" + data, [[text]])


@pytest.fixture
def odd(folder):
    """Fill the folder with what goes wrong, and two that go right; return the names of the bad."""
    (folder / "good.png").write_bytes(image("gut"))
    (folder / "copy of good.png").write_bytes(image("gut"))
    (folder / "empty.png").touch()
    (folder / "large.png").write_bytes(PNG + bytes(21 * 2**20))
    (folder / "cut.png").write_bytes(PNG[:30])
    (folder / "report.png").write_bytes(b"%PDF-1.7")
    (folder / "tall.png").write_bytes(blank(20, 600, "1:30"))
    return {"empty.png", "large.png", "cut.png", "report.png", "tall.png"}


def name(ref):
    return Path(ref).name


def test_each_bad_image_is_one_row_and_the_run_goes_on(bulk, odd, folder, service) -> None:
    rows, stopped = bulk([folder, folder / "vanished.png", folder / "good.png"])
    assert stopped is None
    assert len(rows) == len(odd) + 3
    bad = [row for row in rows if row.state == "failed"]
    assert sorted(name(row.ref) for row in bad) == sorted({*odd, "vanished.png"})
    assert all(row.error and not row.maybe_billed for row in bad)
    assert {row.text for row in rows if row.state == "done"} == {"gut"}
    assert sum(service.billed.values()) == 1


def test_the_command_tells_of_each_bad_image_once(start, served, odd, folder, journal_path) -> None:
    from nhncloud_ocr_toolkit.cli import main

    code, _, err = finished(start(folder, folder / "vanished.png"))
    assert code == 1
    assert "Warning" not in err
    assert f"failed {len(odd) + 1}" in err
    out = journal_path.with_suffix(".jsonl")
    assert main(["bulk", "export", str(journal_path), "--out", str(out)]) == 0
    errors = {name(row["ref"]): row["error"] for row in lines(out)}
    assert len(errors) == len(odd) + 3
    assert {each for each, error in errors.items() if error} == {*odd, "vanished.png"}
    assert "20 MiB" in errors["large.png"]
    assert "ratio" in errors["tall.png"]
    assert sum(served.billed.values()) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes of Unix")
def test_nobody_waits_for_a_pipe(bulk, images, folder) -> None:
    images(1)
    os.mkfifo(folder / "pipe.png")
    rows, _ = bulk([folder, "/dev/zero"])
    told = {name(row.ref): (row.state, row.error) for row in rows}
    why = "this is no file but a pipe or a device"
    assert told == {
        "0000.png": ("done", None),
        "pipe.png": ("failed", why),
        "zero": ("failed", why),
    }


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of Unix")
def test_what_may_not_be_read_is_one_row(bulk, folder, service) -> None:
    folder.joinpath("good.png").write_bytes(image("gut"))
    bulk([folder])  # all that a run imports is there by then
    with a_folder_for_all() as place:
        place.joinpath("locked.png").write_bytes(image("zu"))
        place.joinpath("locked.png").chmod(0)
        place.joinpath("open.png").write_bytes(image("offen"))
        place.joinpath("below").mkdir()
        place.joinpath("below").chmod(0)
        with as_nobody():
            rows, stopped = bulk([place], journal=place / "run.db")
    assert stopped is None
    told = {name(row.ref): (row.state, row.error) for row in rows}
    assert told == {
        "open.png": ("done", None),
        "locked.png": ("failed", "Permission denied"),
        "below": ("failed", "a folder that cannot be read: Permission denied"),
    }
    assert sum(service.billed.values()) == 2


@contextmanager
def a_folder_for_all():
    place = Path(tempfile.mkdtemp())
    place.chmod(0o777)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def as_nobody():
    """Be somebody whom permissions bind, as root is not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_long_images_are_sliced_when_told_to(bulk, folder, service) -> None:
    (folder / "tall.png").write_bytes(blank(1, 60, "긴 것"))
    (folder / "wide.png").write_bytes(image("넓은 것"))
    bulk([folder], cropping="auto")
    paths = sorted(call.path.rpartition("/")[2] for call in service.calls)
    assert paths == ["cropping", "general"]
