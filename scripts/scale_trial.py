"""Kill a worker of an engine at 40 % of a run: Dask, with and without the ledger; or another one.

`--engine ray`, `spark` or `daft`: what the docs show for it, with the ledger; it must be installed.
Prints what each cost. Fails if the ledger let a bill pass that no row announces.
"""

import argparse
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from nhncloud_ocr_toolkit.scale import Ledger
from scale_trials.trial import write_images

LONGEST = 5.0  # seconds, after which a claim without a result is given up
NAMES = {"dask": "Dask", "ray": "Ray Data", "spark": "Spark", "daft": "Daft"}


def main():
    """Run the trials; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=600)
    parser.add_argument("--engine", choices=NAMES, default="dask")
    parser.add_argument("--ray", action="store_const", const="ray", dest="engine")
    arguments = parser.parse_args()
    name = NAMES[arguments.engine]
    trial = import_module(f"scale_trials.on_{arguments.engine}").trial
    with tempfile.TemporaryDirectory() as folder:
        paths = write_images(Path(folder) / "images", arguments.images)
        if arguments.engine == "dask":
            print(f"{name} without a ledger: {trial(paths, None)}", flush=True)
        held = trial(paths, Ledger((Path(folder) / "ledger").as_uri(), longest=LONGEST))
        print(f"{name} with the ledger: {held}", flush=True)
    return 0 if held.holds(arguments.images) else 1


if __name__ == "__main__":
    sys.exit(main())
