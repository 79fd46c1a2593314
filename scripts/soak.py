"""Put the emulator under mixed load for minutes: no answer may be lost, no memory kept.

    python scripts/soak.py [--minutes 10] [--engine tesseract] [--workers 2] [--clients 8]

Each client sends, in an order of chance, good images, malformed ones, hostile ones, and calls that
it abandons. An answer is lost when none comes, when it has no documented result code, or when an
image gets another one than the first time. Memory is compared at rest, after the first minute and
at the end: under load it tells what the images of that moment take. It stops by itself; the exit
code is 1 when an answer was lost, or memory at the end is 10 % away from that of the first minute.
"""

from __future__ import annotations

import argparse
import io
import random
import socket
import struct
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from threading import Condition, Event, Lock, Thread

import httpx
from loopback_servers import Served, serve
from nhncloud_ocr_emulator._results import SERVICE
from PIL import Image
from process_usage import resident

IMAGES = Path(__file__).resolve().parent.parent / "tests/data/images"
GOOD = (
    "s05_en_screen_13.png",
    "s08_mixed_receipt.png",
    "s15_mixed_gray.png",
)
UNKNOWN_ERROR = -1  # documented, and a bug of the emulator
TOO_LONG = frozenset({5005003, 5000503})
PATIENCE = 75.0  # seconds, as the SDK has
SAMPLES_A_SECOND = 4
REST = 35.0  # seconds: the process that helps out ends when it had no work for 30


@dataclass
class Kind:
    """Images of one kind, and how many of a hundred calls are about them."""

    name: str
    share: int
    images: list[bytes]
    may_take_too_long: bool = False
    abandoned: bool = False


@dataclass
class Outcome:
    """What came of all calls, shared by the clients."""

    answers: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    codes: dict[tuple[str, int], int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def answered(self, kind: Kind, which: int, code: object) -> None:
        """Count an answer, or tell why it is none."""
        with self.lock:
            self.answers[kind.name] += 1
            if code not in SERVICE or code == UNKNOWN_ERROR:
                self._lose(f"{kind.name} {which}: {code!r}")
            elif not (kind.may_take_too_long and code in TOO_LONG):
                first = self.codes.setdefault((kind.name, which), int(str(code)))
                if code != first:
                    self._lose(f"{kind.name} {which}: {code}, and {first} before")

    def _lose(self, what: str) -> None:
        print(f"lost: {what}", flush=True)
        self.lost.append(what)


class Gate:
    """Lets calls begin, or holds them up until none is under way."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._open = True
        self._inside = 0

    @contextmanager
    def call(self) -> Iterator[None]:
        """Make a call, once the gate is open."""
        with self._changed:
            self._changed.wait_for(lambda: self._open)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Have no call under way."""
        with self._changed:
            self._open = False
            self._changed.wait_for(lambda: not self._inside)
        try:
            yield
        finally:
            with self._changed:
                self._open = True
                self._changed.notify_all()


def png(image: Image.Image) -> bytes:
    """An image as a file."""
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def kinds() -> list[Kind]:
    """What the clients send."""
    good = [(IMAGES / "ours" / name).read_bytes() for name in GOOD]
    bad = [path.read_bytes() for path in sorted((IMAGES / "malformed").iterdir())]
    file = io.BytesIO()
    # Searched for lines all four ways up, which takes the whole minute.
    Image.effect_noise((5000, 5000), 110).save(file, "JPEG", quality=12)
    noise = file.getvalue()
    small = good[0]
    chunk = struct.pack(">I", 0) + b"tEXt" + struct.pack(">I", zlib.crc32(b"tEXt"))
    hostile = [
        png(Image.new("1", (1, 49_999_999), 1)),
        png(Image.new("RGBA", (6000, 6000), (9, 9, 9, 99))),
        small[:33] + chunk * 500_000 + small[33:],
        b"\xff\xd8" + b"\xff" * 5_000_000,
        b"\xff\xd8" + b"\xff\xfe\0\2" * 1_000_000,
    ]
    return [
        Kind("good", 60, good),
        Kind("bad", 20, bad),
        Kind("hostile", 8, hostile, may_take_too_long=True),
        Kind("abandoned", 10, [*good, noise], abandoned=True),
        Kind("endless", 2, [noise], may_take_too_long=True),
    ]


class Client:
    """One of many that call until told to stop."""

    def __init__(
        self,
        served: Served,
        sent: list[Kind],
        seed: int,
        outcome: Outcome,
        gate: Gate,
        stop: Event,
    ) -> None:
        self._served = served
        self._chance = random.Random(seed)
        self._outcome = outcome
        self._gate = gate
        self._stop = stop
        self._kinds = sent

    def run(self) -> None:
        """Call after call."""
        headers = {"Authorization": self._served.secret_key}
        with httpx.Client(headers=headers, timeout=PATIENCE, verify=False) as client:
            while not self._stop.is_set():
                (kind,) = self._chance.choices(self._kinds, [kind.share for kind in self._kinds])
                which = self._chance.randrange(len(kind.images))
                with self._gate.call():
                    if self._stop.is_set():
                        break
                    if kind.abandoned:
                        self._abandon(kind.images[which])
                        self._outcome.answered(kind, which, 0)
                    else:
                        self._call(client, kind, which)

    def _call(self, client: httpx.Client, kind: Kind, which: int) -> None:
        path = self._served.path + self._chance.choice(["", "/cropping"])
        # Whether an image is cropped makes two of it, as far as its code is concerned.
        number = 2 * which + path.endswith("/cropping")
        files = {"image": ("image", kind.images[which])}
        try:
            answer = client.post(self._served.base_url + path, files=files).json()
            code: object = answer["header"]["resultCode"]
        except (httpx.HTTPError, ValueError, KeyError) as error:
            code = repr(error)
        self._outcome.answered(kind, number, code)

    def _abandon(self, image: bytes) -> None:
        """Send a whole call, stay for a moment, and hang up."""
        address = ("127.0.0.1", self._served.port)
        with socket.create_connection(address, timeout=PATIENCE) as connection:
            connection.sendall(self._served.upload(image))
            self._stop.wait(self._chance.uniform(0, 2))


def sample(process: int, seconds: float) -> list[int]:
    """The memory of the emulator's processes together, several times a second."""
    samples = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (held := resident(process)) is not None:
            samples.append(held)
        time.sleep(1 / SAMPLES_A_SECOND)
    return samples


def at_rest(process: int, gate: Gate) -> float | None:
    """The memory of the emulator's processes together while no call is under way."""
    with gate.closed():
        time.sleep(REST)
        samples = sample(process, 2)
    return median(samples) if samples else None


def main() -> int:
    """Run the soak; 1 when it found something."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--engine", choices=("tesseract", "photo"), default="tesseract")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    outcome, gate, stop = Outcome(), Gate(), Event()
    with serve(options.engine, "--workers", str(options.workers)) as served:
        sent = kinds()
        clients = [
            Client(served, sent, seed, outcome, gate, stop) for seed in range(options.clients)
        ]
        threads = [Thread(target=client.run) for client in clients]
        for thread in threads:
            thread.start()
        server = served.process.pid
        left = 60 * options.minutes
        first = None
        while left > 0:
            span = min(left, 60, 15 * options.minutes)
            print(_told(outcome, sample(server, span)), flush=True)
            left -= span
            first = first or at_rest(server, gate)
        stop.set()
        last = at_rest(server, gate)
        for thread in threads:
            thread.join()
        ended = time.monotonic()
    print(f"ended in {time.monotonic() - ended:.1f} s; lost: {len(outcome.lost)}")
    return int(bool(outcome.lost) or _grown(first, last))


def _told(outcome: Outcome, samples: list[int]) -> str:
    with outcome.lock:
        counts = ", ".join(f"{number} {name}" for name, number in sorted(outcome.answers.items()))
        lost = len(outcome.lost)
    memory = f"{median(samples) / 1e6:.0f} MB, at most {max(samples) / 1e6:.0f}" if samples else "?"
    return f"{counts}; lost {lost}; memory {memory}"


def _grown(first: float | None, last: float | None) -> bool:
    if first is None or last is None:
        print("memory: not told by this system")
        return False
    change = 100 * (last / first - 1)
    told = f"{first / 1e6:.0f} MB after the first minute, {last / 1e6:.0f} at the end"
    print(f"memory at rest: {told}: {change:+.1f} %")
    return abs(change) > 10


if __name__ == "__main__":
    raise SystemExit(main())
