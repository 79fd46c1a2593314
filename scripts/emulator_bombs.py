"""Send every bomb to an emulator, and print what it cost.

    python scripts/emulator_bombs.py [--engine tesseract|photo] [--workers 2] [--list] [NAME...]

Each bomb goes to both of the emulator's endpoints at the same time, over HTTP on loopback; while
it is read, a small image is sent again and again. A line each: the result codes, the seconds until
the last of the answers, the emulator's CPU seconds for each image, the most memory that all its
processes held together (what they share counted once), and the longest that the small image took.
NAME chooses bombs by a part of their names.

The exit code is 1 when a code is none of the documented ones, or a limit is missed. A
machine that does other things meanwhile misses limits of time: CPU seconds tell what it was. Only
of what is given up when its time is up (5005003) they tell no more than that machine left for it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Final

import httpx
from bombs import Bomb, all_bombs
from loopback_servers import Served, serve
from nhncloud_ocr_emulator._results import SERVICE
from process_usage import cpu_seconds, proportional

SMALL: Final = (
    Path(__file__).resolve().parent.parent / "tests/data/images/ours/s05_en_screen_13.png"
)
SECONDS: Final = 65.0
MEMORY: Final = 1.2e9
SMALL_SECONDS: Final = 5.0
UNKNOWN_ERROR: Final = -1  # documented, and a bug of the emulator
SAMPLE: Final = 0.03  # seconds
PAUSE: Final = 0.2  # seconds between two small images
HEAD: Final = f"{'':44} {'seconds':>8} {'CPU':>7} {'MB':>6} {'small':>6}   codes"


@dataclass
class Cost:
    """What a bomb came to."""

    codes: set[int] = field(default_factory=set)
    seconds: float = 0.0  # of the slowest answer
    cpu: float = 0.0  # of all its answers
    answers: int = 0
    memory: int = 0  # bytes
    small: float = 0.0  # seconds of the slowest small image
    wrong: str = ""

    @property
    def missed(self) -> list[str]:
        """The limits that were not kept."""
        told = {
            "code": self.codes - SERVICE.keys() | self.codes & {UNKNOWN_ERROR},
            "time": self.seconds > SECONDS,
            "memory": self.memory > MEMORY,
            "small image": self.small > SMALL_SECONDS,
            self.wrong: self.wrong,
        }
        return [name for name, is_missed in told.items() if is_missed]


class Caller:
    """Uploads images to an emulator."""

    def __init__(self, served: Served) -> None:
        self._url = served.base_url + served.path
        self._client = httpx.Client(
            headers={"Authorization": served.secret_key}, timeout=2 * SECONDS, verify=False
        )

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def call(self, image: bytes, endpoint: str = "") -> tuple[int, float]:
        """Return the result code, and the seconds that it took."""
        began = time.perf_counter()
        answer = self._client.post(self._url + endpoint, files={"image": ("image", image)})
        code = answer.json()["header"]["resultCode"]
        return code, time.perf_counter() - began


@contextmanager
def meanwhile(chore: Callable[[], None], pause: float) -> Iterator[None]:
    """Do something again and again, with so many seconds between, until the block ends."""
    done = Event()

    def repeat() -> None:
        while not done.wait(pause):
            chore()

    thread = Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@contextmanager
def watched(served: Served, cost: Cost) -> Iterator[None]:
    """Note the most memory that is held meanwhile, and the CPU time that is spent."""

    def watch() -> None:
        cost.memory = max(cost.memory, proportional(served.process.pid) or 0)

    before = cpu_seconds(served.process.pid)
    with meanwhile(watch, SAMPLE):
        yield
    cost.cpu += cpu_seconds(served.process.pid) - before


@contextmanager
def small_ones(caller: Caller, cost: Cost, alone: float) -> Iterator[None]:
    """Send a small image again and again meanwhile; what they cost `alone` is not the bomb's."""
    image = SMALL.read_bytes()

    def send() -> None:
        code, took = caller.call(image)
        cost.small = max(cost.small, took)
        if code:
            cost.wrong = f"small image {code}"
        else:
            cost.cpu -= alone

    with meanwhile(send, PAUSE):
        yield


def measured(bomb: Bomb, served: Served, caller: Caller, alone: float) -> Cost:
    """Send all images of a bomb."""
    cost = Cost()
    images = list(bomb.images())
    with ThreadPoolExecutor(2) as both, watched(served, cost), small_ones(caller, cost, alone):
        for image in images:
            sent = [both.submit(caller.call, image, end) for end in ("", "/cropping")]
            for answer in sent:
                code, took = answer.result()
                cost.codes.add(code)
                cost.seconds = max(cost.seconds, took)
                cost.answers += 1
    return cost


def of_engine(engine: str, workers: int = 2, names: Sequence[str] = ()) -> Iterator[bool]:
    """Print a line for each bomb; yields whether the limits are kept."""
    print(f"\n{engine}, {workers} workers; CPU seconds are of one image\n{HEAD}", flush=True)
    worst = Cost()
    with serve(engine, "--workers", str(workers)) as served, Caller(served) as caller:
        alone = _small_alone(served, caller)
        for bomb in chosen(names):
            cost = measured(bomb, served, caller, alone)
            print(_row(bomb.name, cost), flush=True)
            worst = _worse(worst, cost)
            yield not cost.missed
    print(_row("the most of each", worst), flush=True)


def chosen(names: Iterable[str]) -> Iterator[Bomb]:
    """The bombs that are asked for."""
    parts = tuple(names)
    return (bomb for bomb in all_bombs() if not parts or any(part in bomb.name for part in parts))


def _small_alone(served: Served, caller: Caller, rounds: int = 8) -> float:
    """The CPU seconds of a small image while nothing else is read; all workers are begun.

    The least of some, not their mean: a worker that still loads, or a machine that does other
    things, adds up to a half, which would be taken off a bomb for each small image beside it.
    """
    image = SMALL.read_bytes()
    with ThreadPoolExecutor(8) as many:
        list(many.map(lambda _: caller.call(image), range(8)))

    def cpu_of_one() -> float:
        before = cpu_seconds(served.process.pid)
        caller.call(image)
        return cpu_seconds(served.process.pid) - before

    return min(cpu_of_one() for _ in range(rounds))


def _row(name: str, cost: Cost) -> str:
    codes = " ".join(map(str, sorted(cost.codes)))
    missed = f"   MISSED: {', '.join(cost.missed)}" if cost.missed else ""
    cpu = max(cost.cpu, 0) / max(cost.answers, 1)
    return (
        f"{name:44} {cost.seconds:8.1f} {cpu:7.1f} {cost.memory / 1e6:6.0f} {cost.small:6.1f}"
        f"   {codes}{missed}"
    )


def _worse(one: Cost, other: Cost) -> Cost:
    dearest = max((one, other), key=lambda cost: cost.cpu / max(cost.answers, 1))
    return Cost(
        one.codes | other.codes,
        max(one.seconds, other.seconds),
        dearest.cpu,
        dearest.answers,
        max(one.memory, other.memory),
        max(one.small, other.small),
    )


def main() -> int:
    """Print the table; 1 when a limit was missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--engine", choices=("tesseract", "photo"), default="tesseract")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="name the bombs, and end")
    options = parser.parse_args()
    if options.list:
        print(*(bomb.name for bomb in chosen(options.names)), sep="\n")
        return 0
    return 0 if all([*of_engine(options.engine, options.workers, options.names)]) else 1


if __name__ == "__main__":
    raise SystemExit(main())
