"""Daft, whose function runs in a process of its own, which is killed: its query fails then, and is
run again.
"""

import os

from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_toolkit.scale import recognize_column

from scale_trials.trial import TOLD, Trial, kill_later, prepare, process_whose


def trial(paths, ledger):
    """Collect a query until it comes to its end, then once more."""
    os.environ["DO_NOT_TRACK"] = "1"
    import daft
    from daft import DataType

    fields = {name: DataType.string() for name in TOLD} | {"maybe_billed": DataType.bool()}

    @daft.func.batch(return_dtype=DataType.struct(fields), use_process=True, batch_size=50)
    def recognized(column: daft.Series):
        found = recognize_column(column.to_pylist(), ledger=ledger, concurrency=8)
        rows = zip(*(found[name] for name in TOLD), strict=True)
        return [dict(zip(TOLD, row, strict=True)) for row in rows]

    with Emulator(engine="fixture", playground=False) as emulator:
        prepare(emulator, len(paths))
        frame = daft.from_pydict({"path": paths})
        query = frame.with_column("page", recognized(daft.col("path")))
        kill_later(emulator, len(paths), a_worker)
        rows = None
        while rows is None:
            try:
                rows = query.to_pydict()["page"]
            except Exception as exc:
                print(f"the query has failed ({type(exc).__name__}): once more", flush=True)
        came = Trial(emulator, rows)
        query.to_pydict()
        return came.computed_again()


def a_worker():
    """Return the process that runs Daft's functions."""
    return process_whose(lambda line: b"udf_worker" in line)
