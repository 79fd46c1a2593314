"""Engine processes: what one image or one caller does, the next call does not notice."""

from __future__ import annotations

import errno
import io
import os
import signal
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from math import inf
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
from emulator.wire import connected
from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_emulator._workers import Workers
from nhncloud_ocr_emulator._workers._process import Process
from nhncloud_ocr_emulator.recognition import Recognition, Refused
from patience import PATIENCE, until
from PIL import Image

pytest.importorskip("tesserocr")

IMAGES = Path(__file__).parent.parent / "data/images/ours"
HAS_STOP = pytest.mark.skipif(sys.platform == "win32", reason="no process can be stopped there")


def png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("1", (width, height), 1).save(file, "PNG")
    return file.getvalue()


def first_lines(name: str) -> bytes:
    file = io.BytesIO()
    with Image.open(IMAGES / name) as page:
        page.crop((0, 0, page.width, 120)).save(file, "PNG")
    return file.getvalue()


TEXT = first_lines("s05_en_screen_13.png")
LARGE = png(5000, 4000)
HEAD = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def dense() -> bytes:
    """A page full of small print: half a minute's work."""
    file = io.BytesIO()
    with Image.open(IMAGES / "s08_mixed_receipt.png") as receipt:
        width, height = receipt.size
        page = Image.new("L", (4 * width, 4 * height))
        for column, row in product(range(4), repeat=2):
            page.paste(receipt, (column * width, row * height))
    page.save(file, "PNG", compress_level=1)
    return file.getvalue()


def processes(workers: Workers) -> list[Any]:
    return [process._popen for process in workers._crew.processes]


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    """Two, and however busy the machine is, none helps out unless a test says so."""
    monkeypatch.setattr("nhncloud_ocr_emulator._workers._queue._LONG", inf)
    workers = Workers("tesseract", "repeat", 2, PATIENCE)
    workers.start()
    yield workers
    workers.close()


@pytest.fixture
def both_stuck(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The processes of both workers, each at a call that it does not come to the end of."""
    workers._extra.makes_room = False  # which would have them go on
    (first,) = processes(workers)
    first.send_signal(signal.SIGSTOP)
    workers.submit(TEXT, cropping=False)
    workers.submit(TEXT, cropping=False).future.result(PATIENCE)  # so the second one is ready
    (second,) = (each for each in processes(workers) if each is not first)
    second.send_signal(signal.SIGSTOP)
    workers.submit(TEXT, cropping=False)
    monkeypatch.setattr("nhncloud_ocr_emulator._workers._queue._LONG", 0)
    return [first, second]


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(workers=1) as emulator:
        assert emulator.base_url
        yield emulator


def pool(emulator: Emulator) -> Workers:
    workers = emulator.app.service.reader._workers
    assert workers is not None
    return workers


def result_code(emulator: Emulator, image: bytes, path: str = "general") -> int:
    response = httpx.post(
        f"{emulator.base_url}/v1.0/appkeys/{emulator.app_key}/{path}",
        files={"image": ("image.png", image)},
        headers={"Authorization": emulator.secret_key},
        timeout=PATIENCE,
        verify=False,
    )
    code: int = response.json()["header"]["resultCode"]
    return code


def test_they_read_what_the_engine_reads_and_refuse_what_it_refuses(workers: Workers) -> None:
    read = workers.submit(TEXT, cropping=False).future.result(PATIENCE)
    assert [word.text for line in read.lines for word in line]
    for image, code in ((png(64, 64), 4000501), (b"GIF89a", 4000003), (TEXT[:-200], 4000002)):
        with pytest.raises(Refused) as caught:
            workers.submit(image, cropping=True).future.result(PATIENCE)
        assert caught.value.code == code
    assert workers.submit(TEXT, cropping=False).future.result(PATIENCE) == read


@HAS_STOP
def test_no_process_is_begun_before_it_is_needed(workers: Workers) -> None:
    assert len(processes(workers)) == 1
    workers.submit(TEXT, cropping=False).future.result(PATIENCE)
    (process,) = processes(workers)
    process.send_signal(signal.SIGSTOP)
    jobs = [workers.submit(TEXT, cropping=False) for _ in range(5)]
    process.send_signal(signal.SIGCONT)
    for job in jobs:
        job.future.result(PATIENCE)
    assert len(processes(workers)) == 2


@HAS_STOP
def test_closing_ends_every_process_and_cancels_what_waits(workers: Workers) -> None:
    (process,) = processes(workers)
    process.send_signal(signal.SIGSTOP)
    _, second = (workers.submit(TEXT, cropping=False) for _ in range(2))
    second.future.result(PATIENCE)  # by the other process
    ended = processes(workers)
    ended[-1].send_signal(signal.SIGSTOP)
    jobs = [workers.submit(TEXT, cropping=False) for _ in range(4)]
    workers.close()
    workers.close()
    assert all(process.returncode is not None for process in ended)
    assert jobs[-1].future.cancelled()
    with pytest.raises(RuntimeError, match="closed"):
        workers.submit(TEXT, cropping=False)
    workers.start()  # an emulator can be entered again
    workers.submit(TEXT, cropping=False).future.result(PATIENCE)


@HAS_STOP
def test_what_nobody_waits_for_is_ended(workers: Workers) -> None:
    (stuck,) = processes(workers)
    stuck.send_signal(signal.SIGSTOP)
    job = workers.submit(TEXT, cropping=False)
    waiting = [workers.submit(TEXT, cropping=False) for _ in range(2)]
    waiting[0].future.result(PATIENCE)  # by the other process
    waiting[1].future.result(PATIENCE)
    assert not job.future.done()
    job.end()
    stuck.wait(PATIENCE)
    assert workers.submit(TEXT, cropping=False).future.result(PATIENCE)
    kept = processes(workers)
    job.end()  # again: somebody else's process stays
    assert all(process.poll() is None for process in kept if process is not stuck)


@HAS_STOP
def test_large_images_leave_a_process_to_the_small(workers: Workers) -> None:
    (stuck,) = processes(workers)
    stuck.send_signal(signal.SIGSTOP)
    first, second = (workers.submit(LARGE, cropping=False) for _ in range(2))
    for _ in range(3):
        assert workers.submit(TEXT, cropping=False).future.result(PATIENCE)
    assert not first.future.done()
    assert not second.future.done()
    first.end()
    with pytest.raises(Refused) as caught:  # its turn has come
        second.future.result(PATIENCE)
    assert caught.value.code == 4000501


@HAS_STOP
@pytest.mark.parametrize("image", [TEXT, png(1000, 2000)])
def test_small_images_pass_though_all_processes_are_at_long_calls(
    both_stuck: list[Any], workers: Workers, image: bytes
) -> None:
    for _ in range(2):
        with suppress(Refused):  # the blank page
            workers.submit(image, cropping=False).future.result(PATIENCE)
    assert all(process.poll() is None for process in both_stuck)
    assert len(processes(workers)) == 3


@HAS_STOP
def test_the_process_that_helped_out_ends_when_nothing_is_left_for_it(
    both_stuck: list[Any], workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nhncloud_ocr_emulator._workers._extra._STAYS", 0)
    workers.submit(TEXT, cropping=False).future.result(PATIENCE)
    (helper,) = (each for each in processes(workers) if each not in both_stuck)
    monkeypatch.setattr("nhncloud_ocr_emulator._workers._queue._LONG", inf)
    early = workers.submit(TEXT, cropping=False)
    helper.wait(PATIENCE)
    # And another comes when there is need of one again.
    monkeypatch.setattr("nhncloud_ocr_emulator._workers._queue._LONG", 0)
    workers.submit(TEXT, cropping=False).future.result(PATIENCE)
    early.future.result(PATIENCE)


@HAS_STOP
@pytest.mark.parametrize("already", [True, False])
def test_the_process_that_helps_out_is_not_held_by_one_image_either(
    both_stuck: list[Any], workers: Workers, monkeypatch: pytest.MonkeyPatch, already: bool
) -> None:
    workers.submit(TEXT, cropping=False).future.result(PATIENCE)
    (helper,) = (each for each in processes(workers) if each not in both_stuck)
    helper.send_signal(signal.SIGSTOP)
    turn = 0 if already else 0.2  # its turn is over when the other comes, or a little later
    monkeypatch.setattr("nhncloud_ocr_emulator._workers._queue.TURN", turn)
    monkeypatch.setattr("nhncloud_ocr_emulator._workers._extra.TURN", turn)
    begun = Event()
    recognize = Process.recognize

    def noted(process: Process, image: bytes, *, cropping: bool) -> Recognition:
        begun.set()
        return recognize(process, image, cropping=cropping)

    monkeypatch.setattr(Process, "recognize", noted)
    stuck = workers.submit(TEXT, cropping=False)
    assert begun.wait(PATIENCE)
    other = workers.submit(TEXT, cropping=False)
    read = other.future.result(PATIENCE)
    helper.wait(PATIENCE)
    assert stuck.future.result(PATIENCE) == read  # begun anew
    assert all(process.poll() is None for process in both_stuck)


@HAS_STOP
def test_long_calls_take_turns_at_making_room_and_go_on(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    stood: list[Process] = []
    going: list[Process] = []
    for name, which in (("pause", stood), ("go_on", going)):
        done = getattr(Process, name)

        def noted(process: Process, done: Any = done, which: list[Process] = which) -> None:
            which.append(process)
            done(process)

        monkeypatch.setattr(Process, name, noted)
    workers._extra.makes_room = True
    monkeypatch.setattr("nhncloud_ocr_emulator._workers._queue._LONG", 0)
    long = [workers.submit(dense(), cropping=False) for _ in range(2)]
    for _ in range(3):
        workers.submit(TEXT, cropping=False).future.result(PATIENCE)
    at_work = [job.process for job in long]
    assert set(at_work) <= set(stood)
    assert stood == going
    for job in long:
        job.end()
    assert workers.submit(TEXT, cropping=False).future.result(PATIENCE)


@HAS_STOP
def test_nothing_stands_still_for_what_is_not_soon_done(
    both_stuck: list[Any], workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = Event()
    monkeypatch.setattr(Process, "go_on", lambda process: goes_on.set())
    workers.submit(TEXT, cropping=False).future.result(PATIENCE)
    (helper,) = (each for each in processes(workers) if each not in both_stuck)
    helper.send_signal(signal.SIGSTOP)
    monkeypatch.setattr("nhncloud_ocr_emulator._workers._queue.TURN", 0.2)
    monkeypatch.setattr("nhncloud_ocr_emulator._workers._extra.TURN", 0.2)
    workers._extra.makes_room = True
    stuck = workers.submit(TEXT, cropping=False)
    assert goes_on.wait(PATIENCE)
    assert not stuck.future.done()


@HAS_STOP
def test_a_process_that_dies_is_replaced(workers: Workers) -> None:
    (process,) = processes(workers)
    process.send_signal(signal.SIGSTOP)
    job = workers.submit(TEXT, cropping=False)
    process.kill()
    with pytest.raises(Refused) as caught:
        job.future.result(PATIENCE)
    assert caught.value.code == 5005003
    assert workers.submit(TEXT, cropping=False).future.result(PATIENCE)


def test_where_no_process_can_be_begun_a_call_is_told_and_the_next_one_served(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (process,) = processes(pool(emulator))

    def none_left(*arguments: object) -> Process:
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr("nhncloud_ocr_emulator._workers._crew.Process", none_left)
        process.kill()
        process.wait(PATIENCE)
        assert result_code(emulator, TEXT) == 5000503
    assert "Too many open files" in str(emulator.calls[-1].reason)
    ours = [record for record in caplog.records if record.name == "nhncloud_ocr_emulator"]
    assert [record.exc_info for record in ours] == [None]  # a line, no traceback
    assert result_code(emulator, TEXT) == 0


def test_a_process_that_died_while_idle_costs_no_call(workers: Workers) -> None:
    (process,) = processes(workers)
    process.kill()
    process.wait(PATIENCE)
    assert workers.submit(TEXT, cropping=False).future.result(PATIENCE)


@HAS_STOP
@pytest.mark.parametrize(
    ("image", "code"),
    [
        (b"%PDF-1.7", 4000003),
        (HEAD + struct.pack(">II", 65_535, 65_535), 4000002),
        (HEAD + struct.pack(">II", 1, 10_000_000), 4000505),
    ],
)
def test_what_its_first_bytes_refuse_waits_for_no_process(
    emulator: Emulator, image: bytes, code: int
) -> None:
    (process,) = processes(pool(emulator))
    process.send_signal(signal.SIGSTOP)
    assert result_code(emulator, image) == code


@HAS_STOP
def test_past_the_limit_of_time_a_call_is_answered(emulator: Emulator) -> None:
    (process,) = processes(pool(emulator))
    process.send_signal(signal.SIGSTOP)
    settings = emulator.app.service.settings
    object.__setattr__(settings, "read_seconds", 0.2)
    assert result_code(emulator, TEXT) == 5005003
    process.wait(PATIENCE)
    object.__setattr__(settings, "read_seconds", PATIENCE)
    assert result_code(emulator, TEXT) == 0


@HAS_STOP
def test_a_caller_that_hangs_up_takes_its_work_with_it(emulator: Emulator) -> None:
    (process,) = processes(pool(emulator))
    process.send_signal(signal.SIGSTOP)
    body = b'--b\r\nContent-Disposition: form-data; name="image"; filename="i"\r\n\r\n'
    body += TEXT + b"\r\n--b--\r\n"
    with connected(emulator.base_url) as connection:
        connection.sendall(
            f"POST /v1.0/appkeys/{emulator.app_key}/general HTTP/1.1\r\nHost: x\r\n"
            f"Authorization: {emulator.secret_key}\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: multipart/form-data; boundary=b\r\n\r\n".encode()
            + body
        )

        def has_come_to_the_process() -> bool:
            health = httpx.get(f"{emulator.base_url}/health", verify=False, timeout=PATIENCE)
            assert health.status_code == 200
            return bool(pool(emulator)._crew.queue.working)

        until(has_come_to_the_process)
    process.wait(PATIENCE)
    assert result_code(emulator, TEXT) == 0


@HAS_STOP
def test_closing_the_emulator_waits_for_nothing() -> None:
    with Emulator(workers=1) as emulator:
        assert emulator.base_url
        (process,) = processes(pool(emulator))
        process.send_signal(signal.SIGSTOP)
        job = pool(emulator).submit(TEXT, cropping=False)
    assert process.returncode is not None
    assert job.future.cancelled()


@pytest.mark.parametrize("size", [(1, 1201), (1201, 1), (3, 1300), (1, 49_999_999)])
def test_what_would_have_no_end_of_slices_is_refused(
    emulator: Emulator, size: tuple[int, int]
) -> None:
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", *size)
    image = png(*size) if size[0] * size[1] < 10_000 else head.ljust(100, b"\0")
    assert result_code(emulator, image, "general/cropping") == 4000505


def test_fewer_than_one_worker_is_told() -> None:
    with pytest.raises(ValueError, match="workers"):
        Emulator(workers=0)


def test_one_process_is_one_thread_of_tesseract(workers: Workers) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux shows another process's environment")
    (process,) = processes(workers)
    environment = Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
    assert b"OMP_THREAD_LIMIT=1" in environment
    assert os.getpgid(process.pid) != os.getpgid(0)  # a terminal's Ctrl-C is the server's to hear
