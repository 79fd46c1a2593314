"""Runs whose power is cut: what was not synced is gone, from the files too."""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bulk_trials.place import LATENCY, Place, say

SOURCE = Path(__file__).with_suffix(".c")
_COMMAND = """
import sys
from nhncloud_ocr_toolkit.bulk import schema
from nhncloud_ocr_toolkit.cli import main
schema.SYNCHRONOUS = {!r}
sys.exit(main())
"""


class Disk:
    """What a power cut leaves of a journal. Needs Linux and a C compiler."""

    def __init__(self, folder, journal):
        self.journal = journal
        self.place = folder / "disk"
        self.place.mkdir()
        library = folder / "power_cut.so"
        compiler = [os.environ.get("CC", "cc"), "-shared", "-fPIC", "-O1", "-w"]
        subprocess.run([*compiler, "-o", library, SOURCE], check=True)
        self.environment = {
            "LD_PRELOAD": str(library),
            "JOURNAL": str(journal.resolve()),
            "DISK": str(self.place),
        }

    @staticmethod
    def can_be_made():
        return sys.platform == "linux" and shutil.which(os.environ.get("CC", "cc")) is not None

    def power_is_back(self):
        """Let the journal be what was on the disk when its process ended."""
        for path in self.journal.parent.glob(f"{self.journal.name}*"):
            path.unlink()
        for path in self.place.iterdir():
            if not path.name.startswith("."):  # one that was being copied
                shutil.copy(path, self.journal.parent)


def power(arguments):
    """Cut the power of runs at random moments; the same as if an intent were not synced."""
    if not Disk.can_be_made():
        say("power cuts: no C compiler here, left out")
        return True
    images, cuts = arguments.images, arguments.kills
    few = max(1, cuts // 6)
    lost, _, _ = cut_again_and_again(images // 6, few, "NORMAL")
    say(f"{few} power cuts with synchronous=NORMAL, {images // 6} images: {lost} unannounced")
    lost, unknown, done = cut_again_and_again(images, cuts, "FULL")
    say(
        f"{cuts} power cuts as it is (FULL), {images} images: {lost} unannounced, {unknown} "
        f"unknown; --retry-unknown: all done: {done}"
    )
    return not lost and done and unknown <= 32 * cuts


def cut_again_and_again(images, cuts, synchronous):
    """Return how many images were paid without a word, how many were unknown, and if all came."""
    chance = random.Random(cuts)
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), images)
        disk = Disk(Path(folder), place.journal)
        program = ("-c", _COMMAND.format(synchronous))
        with place.emulator:
            place.emulator.faults.add(latency=LATENCY, times=10 * images)
            step = images // (cuts + 1)
            for _ in range(cuts):
                process = place.start(program=program, environment=disk.environment)
                goal = place.billed() + chance.randint(1, max(2, step))
                while place.billed() < goal and process.poll() is None:
                    time.sleep(0.002)
                process.kill()
                process.wait()
                disk.power_is_back()
            place.start().wait()
            unknown = place.states().get("unknown", 0)
            lost = place.unannounced()
            place.start("--retry-unknown").wait()
            return lost, unknown, place.states() == {"done": images}
