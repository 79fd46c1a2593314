"""Kill a worker of Dask at 40 % of a run, with and without the ledger; `--ray`: Ray Data with it.

Prints what each cost. Fails if the ledger let a bill pass that no row announces.
"""

import argparse
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from nhncloud_ocr import OcrClient, OcrError
from nhncloud_ocr_emulator import Emulator, embed_text
from nhncloud_ocr_toolkit.scale import Ledger, recognize_column

ROOT = Path(__file__).resolve().parent.parent
PNG = (ROOT / "tests/data/images/ours/s37_tiny_30x16.png").read_bytes()
LATENCY = 0.1
LONGEST = 5.0


def main():
    """Run the trials; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=600)
    parser.add_argument("--ray", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = write_images(Path(folder) / "images", arguments.images)
        ledger = Ledger((Path(folder) / "ledger").as_uri(), longest=LONGEST)
        if arguments.ray:
            return ray_trial(paths, ledger)
        plain = dask_trial(paths, None)
        print(f"Dask without a ledger: {plain}", flush=True)
        held = dask_trial(paths, ledger)
        print(f"Dask with the ledger:  {held}", flush=True)
    return 0 if held.holds(arguments.images) else 1


class Trial:
    """What a trial came to."""

    def __init__(self, emulator, rows):
        self.rows = rows
        self.states = Counter(row["state"] for row in rows)
        self.bills = sum(emulator.billed.values())
        self.extra = self.bills - len(emulator.billed)
        announced = {row["sha256"] for row in rows if row["state"] == "unknown"}
        self.unannounced = sum(
            bills - 1 for image, bills in emulator.billed.items() if image not in announced
        )
        self.again = 0

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


def plain_rows(partition):
    """What one writes without a ledger."""
    rows = []
    with OcrClient() as client:
        for path in partition:
            try:
                state, text = "done", client.recognize(path).text
            except OcrError:
                state, text = "failed", None
            rows.append({"state": state, "text": text, "sha256": None})
    return rows


def dask_trial(paths, ledger):
    """Compute a bag on two worker processes, one of which is killed; then once more."""
    import dask
    import dask.bag
    from distributed import Client, LocalCluster
    from nhncloud_ocr_toolkit.dask import recognize

    dask.config.set({"distributed.scheduler.allowed-failures": 10})
    with Emulator(engine="fixture", playground=False) as emulator:
        prepare(emulator, len(paths))
        bag = dask.bag.from_sequence(paths, partition_size=max(1, len(paths) // 12))
        if ledger is None:
            rows = bag.map_partitions(plain_rows)
        else:
            rows = recognize(bag, ledger=ledger, concurrency=4)
        with (
            LocalCluster(
                n_workers=2, threads_per_worker=4, processes=True, dashboard_address=None
            ) as cluster,
            Client(cluster) as client,
        ):
            workers = list(client.run(os.getpid).values())
            kill_later(emulator, workers[0], len(paths))
            found = client.compute(rows).result()
            trial = Trial(emulator, found)
            client.compute(rows.map(dict)).result()
            trial.again = sum(emulator.billed.values()) - trial.bills
        return trial


class Column:
    """What Ray calls with a batch: paths in, results out."""

    def __init__(self, ledger):
        self.ledger = ledger

    def __call__(self, batch):
        found = recognize_column(list(batch["item"]), ledger=self.ledger, concurrency=4)
        return {name: found[name] for name in ("ref", "state", "sha256")}


def ray_trial(paths, ledger):
    """The same over Ray Data: two actors, of which one is killed."""
    import ray

    with Emulator(engine="fixture", playground=False) as emulator:
        prepare(emulator, len(paths))
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
        data = ray.data.from_items(paths, override_num_blocks=12)
        rows = data.map_batches(Column, fn_constructor_args=(ledger,), concurrency=2, batch_size=50)
        kill_later(emulator, None, len(paths))
        found = rows.take_all()
        ray.shutdown()
        trial = Trial(emulator, found)
        print(f"Ray Data with the ledger: {trial}")
        return 0 if trial.holds(len(paths)) else 1


def prepare(emulator, images):
    """Let each reply take a while, and put the keys where workers look for them."""
    emulator.faults.add(latency=LATENCY, times=20 * images)
    os.environ["NHNCLOUD_OCR_BASE_URL"] = emulator.base_url
    os.environ["NHNCLOUD_OCR_APP_KEY"] = emulator.app_key
    os.environ["NHNCLOUD_OCR_SECRET_KEY"] = emulator.secret_key


def kill_later(emulator, worker, images):
    """Kill a worker process once 40 % of the images have been billed."""

    def wait():
        while len(emulator.billed) < 0.4 * images:
            time.sleep(0.01)
        os.kill(worker or an_actor(), signal.SIGKILL)

    threading.Thread(target=wait, daemon=True).start()


def an_actor():
    """Return the process of one of Ray's actors."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
            if line.startswith(b"ray::") and b"MapBatches" in line:
                return int(entry.name)
    raise LookupError("none of Ray's actors was found")


if __name__ == "__main__":
    sys.exit(main())
