"""A bag of Dask on two worker processes, one of which is killed."""

import os

import dask
import dask.bag
from distributed import Client, LocalCluster
from nhncloud_ocr import OcrClient, OcrError
from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_toolkit.dask import recognize

from scale_trials.trial import Trial, kill_later, prepare


def trial(paths, ledger):
    """Compute a bag, then once more. ledger: None for what one writes without it."""
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
            kill_later(emulator, len(paths), lambda: workers[0])
            came = Trial(emulator, client.compute(rows).result())
            client.compute(rows.map(dict)).result()
            return came.computed_again()


def plain_rows(partition):
    """What one writes without a ledger."""
    rows = []
    with OcrClient() as client:
        for path in partition:
            try:
                state, text = "done", client.recognize(path).text
            except OcrError:
                state, text = "failed", None
            rows.append({"state": state, "text": text, "sha256": None, "maybe_billed": False})
    return rows
