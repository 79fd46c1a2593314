"""How soon a run over a very large folder begins."""

import os
import tempfile
import time
from pathlib import Path

from bulk_trials.place import PNG, Place, say


def first_call(arguments):
    """The first call of a folder of a million names, most of which are images."""
    names = 1000 * arguments.images // 3
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), 1)
        for number in range(names):
            os.close(os.open(place.scans / f"x{number}.txt", os.O_CREAT | os.O_WRONLY))
        for number in range(1, 200):
            (place.scans / f"{number:06}.png").write_bytes(PNG + b"%d" % number)
        with place.emulator:
            begun = time.monotonic()
            process = place.start()
            while not place.billed():
                time.sleep(0.002)
            seconds = time.monotonic() - begun
            process.terminate()
            process.wait()
    say(f"first call of a folder of {names:,} names, with Python's start: {seconds:.1f} s")
    return seconds < 2
