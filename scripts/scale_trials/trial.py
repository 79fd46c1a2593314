"""What a trial needs, and what it came to: images, an emulator that counts, a worker's end."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from nhncloud_ocr_emulator import embed_text

ROOT = Path(__file__).resolve().parents[2]
PNG = (ROOT / "tests/data/images/ours/s37_tiny_30x16.png").read_bytes()
LATENCY = 0.1
TOLD = ("ref", "state", "sha256", "maybe_billed")  # of a row


class Trial:
    """What a trial came to. rows: dicts with what is `TOLD`."""

    def __init__(self, emulator, rows):
        self._emulator = emulator
        self.rows = rows
        self.states = Counter(row["state"] for row in rows)
        self.bills = sum(emulator.billed.values())
        self.extra = self.bills - len(emulator.billed)
        announced = {row["sha256"] for row in rows if row["maybe_billed"]}
        self.unannounced = sum(
            bills - 1 for image, bills in emulator.billed.items() if image not in announced
        )
        self.again = 0

    def computed_again(self):
        """Note what has been billed since."""
        self.again = sum(self._emulator.billed.values()) - self.bills
        return self

    def holds(self, images):
        """Whether each image has its row, and no bill came unannounced."""
        return len(self.rows) == images and not self.unannounced and not self.again

    def __str__(self):
        return (
            f"{len(self.rows)} rows {dict(self.states)}, {self.bills} bills, {self.extra} extra, "
            f"{self.unannounced} of them unannounced; computed again: {self.again} more bills"
        )


def write_images(folder, count):
    """Write so many images, each of its own text; return their paths."""
    folder.mkdir()
    paths = []
    for number in range(count):
        path = folder / f"{number:05}.png"
        path.write_bytes(embed_text(PNG, [[f"No. {number}"]]))
        paths.append(str(path))
    return paths


def prepare(emulator, images):
    """Let each reply take a while, and put the keys where workers look for them."""
    emulator.faults.add(latency=LATENCY, times=20 * images)
    os.environ["NHNCLOUD_OCR_BASE_URL"] = emulator.base_url
    os.environ["NHNCLOUD_OCR_APP_KEY"] = emulator.app_key
    os.environ["NHNCLOUD_OCR_SECRET_KEY"] = emulator.secret_key


def kill_later(emulator, images, worker: Callable[[], int]):
    """Kill a worker process once 40 % of the images have been billed."""

    def wait():
        while len(emulator.billed) < 0.4 * images:
            time.sleep(0.01)
        os.kill(worker(), signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


def process_whose(is_it: Callable[[bytes], bool]):
    """Return the number of a process, by its command line; of several the youngest."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
            except OSError:  # it has ended meanwhile
                continue
            if is_it(line):
                found.append(int(entry.name))
    if not found:
        raise LookupError("no worker was found")
    return max(found)
