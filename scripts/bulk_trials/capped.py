"""A cap on calls, over restarts and kills."""

import tempfile
import time
from pathlib import Path

from bulk_trials.place import LATENCY, Place, say


def caps(arguments):
    """A cap over restarts and kills, 32 in flight."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), arguments.images)
        most = arguments.images // 3
        with place.emulator:
            place.emulator.faults.add(latency=LATENCY, times=10 * arguments.images)
            for share in (0.2, 0.5, 0.8):
                process = place.start("--max-calls", str(most))
                while place.billed() < share * most:
                    time.sleep(0.002)
                process.kill()
                process.wait()
            code = place.start("--max-calls", str(most)).wait()
            ((calls,),) = place.query("SELECT calls FROM budget")
        say(f"cap of {most}, three kills: {calls} calls, {place.billed()} bills, exit code {code}")
        return calls == most and place.billed() <= most and code == 4
