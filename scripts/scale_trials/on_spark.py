"""Spark with two threads of tasks and Python workers below them, one of which is killed."""

import os
import sys

from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_toolkit.scale import recognize_column

from scale_trials.trial import TOLD, Trial, kill_later, prepare, process_whose

COLUMNS = "ref string, state string, sha256 string, maybe_billed boolean"


def trial(paths, ledger):
    """Collect a frame, then once more: Spark computes it anew, unless it is told to keep it."""
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["PYSPARK_PYTHON"] = sys.executable  # of the workers
    import pandas as pd
    from pyspark.sql import SparkSession

    def recognized(frames):
        for frame in frames:
            columns = recognize_column(frame["path"], ledger=ledger, concurrency=4)
            yield pd.DataFrame({name: columns[name] for name in TOLD})

    with Emulator(engine="fixture", playground=False) as emulator:
        prepare(emulator, len(paths))
        spark = (
            SparkSession.builder.master("local[2,4]")  # two at a time, four tries of a task
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", "50")
            .getOrCreate()
        )
        spark.sparkContext.setLogLevel("OFF")
        try:
            frame = spark.createDataFrame([(path,) for path in paths], "path string")
            rows = frame.repartition(12).mapInPandas(recognized, COLUMNS)
            kill_later(emulator, len(paths), a_worker)
            came = Trial(emulator, [row.asDict() for row in rows.collect()])
            rows.collect()
            return came.computed_again()
        finally:
            spark.stop()


def a_worker():
    """Return the process of one of Spark's Python workers."""
    return process_whose(lambda line: b"pyspark.daemon" in line)
