"""Hold bulk runs to what they promise, on real processes: kills, caps, limits, deploys, speed.

`bulk_trial.py` runs all, `bulk_trial.py kills caps` some; `--images N --kills N` smaller ones.
Prints a line each; fails if one does not hold.
"""

import argparse
import sys

from bulk_trials.begun import first_call
from bulk_trials.capped import caps
from bulk_trials.deployed import deploy
from bulk_trials.killed import kills, pairs
from bulk_trials.limited import limit
from bulk_trials.memory import memory
from bulk_trials.place import say
from bulk_trials.power_cut import power
from bulk_trials.speed import speed

TRIALS = (kills, pairs, power, caps, limit, deploy, speed, memory, first_call)


def main():
    """Run the trials that were asked for; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trials", nargs="*", metavar="TRIAL")
    parser.add_argument("--images", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=30)
    arguments = parser.parse_args()
    wanted = [trial for trial in TRIALS if trial.__name__ in (arguments.trials or named())]
    failed = [trial.__name__ for trial in wanted if not trial(arguments)]
    if failed:
        say(f"does not hold: {', '.join(failed)}")
    return 1 if failed else 0


def named():
    return [trial.__name__ for trial in TRIALS]


if __name__ == "__main__":
    sys.exit(main())
