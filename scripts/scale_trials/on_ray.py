"""Ray Data with two actors, one of which is killed. Stays on this machine, and reports nothing."""

import os

from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_toolkit.scale import recognize_column

from scale_trials.trial import TOLD, Trial, kill_later, prepare, process_whose


class Recognized:
    """What Ray calls with a batch: paths in, results out."""

    def __init__(self, ledger):
        self.ledger = ledger

    def __call__(self, batch):
        found = recognize_column(list(batch["item"]), ledger=self.ledger, concurrency=4)
        return {name: found[name] for name in TOLD}


def trial(paths, ledger):
    """Compute a dataset, then once more."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    import ray

    with Emulator(engine="fixture", playground=False) as emulator:
        prepare(emulator, len(paths))
        ray.init(
            num_cpus=2, include_dashboard=False, log_to_driver=False, _node_ip_address="127.0.0.1"
        )
        try:
            ray.data.DataContext.get_current().enable_progress_bars = False
            data = ray.data.from_items(paths, override_num_blocks=12)
            rows = data.map_batches(
                Recognized, fn_constructor_args=(ledger,), concurrency=2, batch_size=50
            )
            kill_later(emulator, len(paths), an_actor)
            came = Trial(emulator, rows.take_all())
            rows.take_all()
            return came.computed_again()
        finally:
            ray.shutdown()


def an_actor():
    """Return the process of one of Ray's actors."""
    return process_whose(lambda line: line.startswith(b"ray::") and b"MapBatches" in line)
