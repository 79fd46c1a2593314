"""Runs that are killed at random moments, by one process or two on one journal."""

import random
import tempfile
import time
from pathlib import Path

from bulk_trials.place import LATENCY, Place, say


def kill_again_and_again(place, kills, processes):
    """Kill runs at random moments; return how many were killed."""
    chance = random.Random(kills)
    step = place.images // (kills + 1)
    for _ in range(kills):
        running = [place.start() for _ in range(processes)]
        goal = place.billed() + chance.randint(1, max(2, step))
        while place.billed() < goal and any(process.poll() is None for process in running):
            time.sleep(0.002)
        victim = chance.choice(running)
        victim.kill()
        victim.wait()
        for process in running:
            if process is not victim:
                process.terminate()
                process.wait()
    return kills


def kills(arguments, processes=1):
    """Kill runs with SIGKILL, then send again what is unknown."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), arguments.images)
        with place.emulator:
            place.emulator.faults.add(latency=LATENCY, times=10 * arguments.images)
            kill_again_and_again(place, arguments.kills, processes)
            place.start().wait()
            states = place.states()
            unknown = states.get("unknown", 0)
            wrong = place.unannounced()
            before = place.billed()
            place.start("--retry-unknown").wait()
            extra = place.billed() - before
            done = place.states() == {"done": arguments.images}
            extra_bills = place.billed() - len(place.emulator.billed)
        say(
            f"{arguments.kills} kills over {arguments.images} images, {processes} at a time: "
            f"{wrong} unannounced, {unknown} unknown; --retry-unknown: {extra} calls, "
            f"{extra_bills} paid twice, all done: {done}"
        )
        return (
            not wrong
            and done
            and extra_bills <= unknown
            and unknown <= 32 * arguments.kills * processes
        )


def pairs(arguments):
    """The same with two processes on one journal."""
    return kills(arguments, processes=2)
