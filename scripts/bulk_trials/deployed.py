"""A service that is deployed anew while a run is under way."""

import tempfile
import time
from pathlib import Path

from bulk_trials.place import Place, say


def deploy(arguments):
    """A deploy of 30 seconds in the middle."""
    with tempfile.TemporaryDirectory() as folder:
        images = min(arguments.images, 600)
        place = Place(Path(folder), images)
        with place.emulator:
            process = place.start()
            while place.billed() < images // 3 and process.poll() is None:
                time.sleep(0.005)
            place.emulator.faults.add(deploy=30.0)
            code = process.wait()
            states = place.states()
        say(f"deploy of 30 s: {states}, exit code {code}")
        return set(states) <= {"done", "unknown"} and states.get("unknown", 0) <= 48
