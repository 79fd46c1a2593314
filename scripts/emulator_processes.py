"""Print what the emulator's processes cost and what they are good for, as ratios and seconds.

    python scripts/emulator_processes.py [--engine tesseract|photo]

A part of `emulator_report.py`, which takes some minutes alone. Traffic goes to loopback only.
Each comparison is interleaved: one run of this, one of that, and the median of the ratios of such
pairs. The exit code is 1 when a figure misses what is promised.
"""

from __future__ import annotations

import argparse
import io
import json
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import NamedTuple

import httpx
import loopback_load
from bombs import of_pages
from figures import line, seconds
from loopback_servers import Served, serve
from nhncloud_ocr_emulator._recognizer import Recognizer
from PIL import Image
from process_usage import cpu_seconds, resident

IMAGES = Path(__file__).resolve().parent.parent / "tests/data/images/ours"
SAME_TEXT = (
    "s04_en_doc_serif28.png",
    "s06_mixed_order.png",
    "s08_mixed_receipt.png",
    "s15_mixed_gray.png",
)
SMALL = "s05_en_screen_13.png"
ENGINES = ("tesseract", "photo")


def words_of(body: str) -> list[list[str]]:
    """The words of a reply, by line."""
    lines = json.loads(body)["result"]["listOfInferTexts"]
    return [[word["value"] for word in line["inferTexts"]] for line in lines]


def against_the_engine(engine: str = "tesseract") -> Iterator[bool]:
    """The same text through HTTP as from the engine, and what HTTP adds to its time."""
    recognizer = Recognizer(engine=engine)
    recognizer.load()
    with serve(engine) as emulator:
        differing = []
        for name in SAME_TEXT:
            data = (IMAGES / name).read_bytes()
            lines = recognizer.recognize(data, cropping=False).lines
            if words_of(loopback_load.run(emulator.port, emulator.upload(data), calls=1).body) != [
                [word.text for word in line] for line in lines
            ]:
                differing.append(name)
        same = "differs" if differing else "the same"
        yield line(
            f"text through HTTP and from {engine}, {len(SAME_TEXT)} images",
            same,
            "the same",
            not differing,
        )
        yield from http_cost(emulator, recognizer)
        yield from one_client(emulator, recognizer)
    recognizer.close()


class Cost(NamedTuple):
    """What HTTP and the process come to, beside the engine alone reading the same images."""

    ratio: float  # of times, the median of pairs
    cpu_ratio: float  # of CPU seconds, the caller's included; 1 where the system tells none
    alone: float  # seconds of the engine


def over_the_engine(
    emulator: Served, recognizer: Recognizer, images: Sequence[bytes], rounds: int
) -> Cost:
    """One client's images, one after the other, each through HTTP and from the engine.

    Two processes that do the same work differ by a tenth from one moment to the next, as others use
    the machine. So the two are as near to each other as they can be, image by image, and which of
    them is first changes from round to round.
    """
    url = emulator.base_url + emulator.path
    through, directly = [], []
    with httpx.Client(timeout=120, headers={"Authorization": emulator.secret_key}) as client:

        def through_http(image: bytes) -> None:
            used = _used(
                emulator,
                lambda: client.post(url, files={"image": ("image.png", image)}).raise_for_status(),
            )
            through.append(used)

        def by_the_engine(image: bytes) -> None:
            used = _used(emulator, lambda: recognizer.recognize(image, cropping=False))
            directly.append(used)

        ways = [through_http, by_the_engine]
        for _ in range(rounds + 1):
            for image in images:
                for way in ways:
                    way(image)
            ways.reverse()
    del through[: len(images)], directly[: len(images)]  # the first round warms up
    return Cost(
        median(a.seconds / b.seconds for a, b in zip(through, directly, strict=True)),
        sum(each.cpu for each in through) / sum(each.cpu for each in directly),
        median(each.seconds for each in directly),
    )


class Used(NamedTuple):
    """What a piece of work took."""

    seconds: float
    cpu: float  # seconds of this process and the emulator's


def _used(emulator: Served, work: Callable[[], object]) -> Used:
    def cpu() -> float:
        return time.process_time() + cpu_seconds(emulator.process.pid)

    before = cpu()
    took = seconds(work)
    return Used(took, cpu() - before)


def http_cost(emulator: Served, recognizer: Recognizer) -> Iterator[bool]:
    """What HTTP and the process add to the engine's time for an image of 1 MB."""
    data = large()
    cost = over_the_engine(emulator, recognizer, [data], rounds=20)  # 8 scatter from -1 to +10 %
    added = 100 * (cost.ratio - 1)
    what = f"HTTP and process over {cost.alone:.2f} s, {len(data) / 1e6:.2f} MB"
    yield line(what, f"{added:+.1f} %", "under 5 %", added < 5)
    print(f"{'  in CPU seconds':58} {100 * (cost.cpu_ratio - 1):+10.1f} %")


def one_client(emulator: Served, recognizer: Recognizer) -> Iterator[bool]:
    """What they come to for small images."""
    images = [(IMAGES / name).read_bytes() for name in SAME_TEXT]
    cost = over_the_engine(emulator, recognizer, images, rounds=16)
    what = "1 client: time over the engine's alone"
    yield line(what, f"{cost.ratio:.2f}", "at most 1.05", cost.ratio <= 1.05)
    print(f"{'  in CPU seconds':58} {cost.cpu_ratio:12.2f}")


def four_clients(engine: str, rounds: int = 3, clients: int = 4) -> Iterator[bool]:
    """Images a second of four clients with two workers, over those with one: before and after."""
    data = (IMAGES / SAME_TEXT[0]).read_bytes()
    lost = 0
    before, after = [], []
    with serve(engine, "--workers", "1") as single, serve(engine, "--workers", "2") as double:
        for number in range(rounds + 1):
            for served, rates in ((single, before), (double, after)):
                sent = served.upload(data)
                load = loopback_load.run(served.port, sent, calls=4 * clients, clients=clients)
                lost += load.lost
                if number:  # the first round begins the processes
                    rates.append(load.rate)
    ratio = median(a / b for a, b in zip(after, before, strict=True))
    print(f"{'4 clients, before (one at a time), images/s':58} {median(before):12.2f}")
    print(f"{'4 clients, after (2 workers), images/s':58} {median(after):12.2f}")
    yield line("4 clients: replies lost", str(lost), "none", lost == 0)
    yield line("4 clients: after over before", f"{ratio:.2f}", "at least 1.7", ratio >= 1.7)


def large() -> bytes:
    """A page of about 1 MB, as PNG: a receipt with the grain of a scan."""
    page = Image.open(IMAGES / "s08_mixed_receipt.png").convert("L")
    page = page.resize((page.width * 3, page.height * 3), Image.Resampling.LANCZOS)
    grain = Image.effect_noise(page.size, 12)
    file = io.BytesIO()
    Image.blend(page, grain, 0.04).save(file, "PNG", compress_level=1)
    return file.getvalue()


def meanwhile(engine: str, rounds: int = 3) -> Iterator[bool]:
    """How long a small image takes while large ones have the workers, and the memory.

    The dense pages take a minute.
    """
    small = (IMAGES / SMALL).read_bytes()
    noise = io.BytesIO()
    Image.effect_noise((7000, 7000), 120).save(noise, "JPEG", quality=12)
    for what, sent in (
        ("49 megapixels of noise", [noise.getvalue()]),
        ("a dense page", [of_pages.dense()]),
        ("two dense pages", [of_pages.dense()] * 2),
    ):
        with serve(engine, "--workers", "2") as served, ExitStack() as callers:
            loopback_load.run(served.port, served.upload(small), calls=1)
            for image in sent:
                caller = socket.create_connection(("127.0.0.1", served.port))
                callers.enter_context(caller)
                caller.sendall(served.upload(image))
            time.sleep(1)
            loads = [
                loopback_load.run(served.port, served.upload(small), calls=1) for _ in range(rounds)
            ]
            held = resident(served.process.pid) or 0
        took, right = max(load.seconds for load in loads), all(map(_is_read, loads))
        figure = f"{took:.1f} s" if right else "not read"
        name = f"{engine}: a small image beside {what} ({held / 1e6:.0f} MB)"
        yield line(name, figure, "within 5 s", right and took <= 5)


def _is_read(load: loopback_load.Load) -> bool:
    return bool(json.loads(load.body)["header"]["resultCode"] == 0)


def all_of(engine: str) -> Iterator[bool]:
    """All rows of an engine."""
    yield from meanwhile(engine)
    yield from against_the_engine(engine)
    yield from four_clients(engine)


def main() -> int:
    """Print the rows; 1 when one of them misses its promise."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=ENGINES, default="tesseract")
    return 0 if all([*all_of(parser.parse_args().engine)]) else 1


if __name__ == "__main__":
    raise SystemExit(main())
