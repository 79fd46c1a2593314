"""Nothing stays behind, however the emulator ends; and its users' programs run once."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from patience import PATIENCE

pytest.importorskip("tesserocr")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc and pidfd are Linux's")

IMAGES = Path(__file__).parent.parent / "data/images/ours"
IMAGE = IMAGES / "s05_en_screen_13.png"

SCRIPT = """
import sys, httpx
from nhncloud_ocr_emulator import Emulator
print("begun")
with Emulator(workers=1) as emulator:
    response = httpx.post(
        f"{emulator.base_url}/v1.0/appkeys/{emulator.app_key}/general",
        files={"image": open(sys.argv[1], "rb")},
        headers={"Authorization": emulator.secret_key}, timeout=300,
    )
    print(response.json()["header"]["resultCode"])
"""

COMMAND = "from nhncloud_ocr_emulator._cli import main; raise SystemExit(main())"

# In the place of an engine: tells which process loads it, and does not come to an end.
ENDLESS = """
import os, signal
with open(os.environ["LOADING"], "w") as pipe:
    pipe.write(str(os.getpid()))
signal.pause()
"""

# Leaves a call under way in a process that is stopped, then tells which.
BUSY = """
import os, signal, sys
from nhncloud_ocr_emulator import Emulator
emulator = Emulator(workers=2)
with emulator:
    emulator.base_url
    workers = emulator.app.service.reader._workers
    image = open(sys.argv[1], "rb").read()
    first = next(iter(workers._crew.processes))
    os.kill(first._popen.pid, signal.SIGSTOP)
    jobs = [workers.submit(image, cropping=False) for _ in range(2)]
    jobs[1].future.result()
    print(*(process._popen.pid for process in workers._crew.processes), flush=True)
    sys.stdin.read()
"""


def children_of(pid: int) -> list[int]:
    """What a process has begun, in whichever of its threads."""
    children: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # the thread has ended meanwhile
            children += map(int, listed.read_text().split())
    return children


def wait_until_gone(descriptor: int) -> None:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    assert poll.poll(1000 * PATIENCE), "a process stayed"
    os.close(descriptor)


@contextmanager
def busy() -> Iterator[tuple[subprocess.Popen[str], Callable[[], None]]]:
    """A program with two workers, one of them stuck; and what waits until both are gone."""
    with subprocess.Popen(
        [sys.executable, "-c", BUSY, str(IMAGE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        workers = [os.pidfd_open(int(pid)) for pid in process.stdout.readline().split()]
        assert len(workers) == 2

        def all_gone() -> None:
            for worker in workers:
                wait_until_gone(worker)

        try:
            yield process, all_gone
        finally:
            process.kill()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGABRT])
def test_no_process_outlives_its_parent(end: signal.Signals) -> None:
    with busy() as (process, all_gone):
        process.send_signal(end)
        process.wait(PATIENCE)
        all_gone()


def test_nor_one_that_ends_by_itself() -> None:
    with busy() as (process, all_gone):
        assert process.stdin
        process.stdin.close()
        assert process.wait(PATIENCE) == 0
        all_gone()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_the_command_ends_with_all_it_began(end: signal.Signals) -> None:
    """As a terminal does it: the whole group hears the signal."""
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, "--workers", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    ) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("base URL: ")
        workers = list(map(os.pidfd_open, children_of(process.pid)))
        assert len(workers) == 1
        os.killpg(process.pid, end)
        _, errors = process.communicate(timeout=PATIENCE)
        for worker in workers:
            wait_until_gone(worker)
    assert (process.returncode, errors) == (0, "")


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_engine_that_is_being_loaded_is_not_waited_for(
    end: signal.Signals, tmp_path: Path
) -> None:
    (tmp_path / "tesserocr.py").write_text(ENDLESS)
    os.mkfifo(pipe := tmp_path / "loading")
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, "--engine", "tesseract"],
        env=os.environ | {"PYTHONPATH": str(tmp_path), "LOADING": str(pipe)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        worker = os.pidfd_open(int(pipe.read_text()))
        process.send_signal(end)
        output = process.communicate(timeout=PATIENCE)
        wait_until_gone(worker)
    assert output == ("", "")
    assert process.returncode == (-end if end == signal.SIGKILL else 0)


def test_a_program_without_a_guard_runs_once(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    (tmp_path / "json.py").write_text("raise SystemExit('imported from where the program runs')")
    done = subprocess.run(
        [sys.executable, "-P", str(script), str(IMAGE)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.stdout, done.stderr) == ("begun\n0\n", "")
