"""Recognise a Dask bag, or a column of a Dask dataframe (extra `dask`).

from nhncloud_ocr_toolkit.dask import recognize

rows = recognize(dask.bag.from_sequence(paths, npartitions=20), ledger=Ledger("s3://bucket/ledger"))
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from .bulk.states import COLUMNS
from .scale import Ledger, recognize_column
from .scale.column import ClientOptions


def recognize(
    images: Any,
    *,
    ledger: Ledger,
    client_options: ClientOptions | None = None,
    concurrency: int = 16,
) -> Any:
    """Return a bag of rows (dicts) for a bag, a dataframe for a column; nothing is sent until it is
    computed, and then each image once, however often that is.

    images, client_options: as for `recognize_column`. concurrency: calls in flight of one task; a
    worker with four threads has four times as many.
    """
    options = {
        "ledger": ledger,
        "client_options": client_options,
        "concurrency": concurrency,
    }
    if isinstance(images, import_module("dask.bag").Bag):
        return images.map_partitions(_rows, **options)
    if not hasattr(images, "map_partitions"):
        raise TypeError(
            f"images must be a Dask bag or a column of a Dask dataframe, not "
            f"{type(images).__name__}"
        )
    return images.map_partitions(_frame, **options, meta=_frame_of({name: [] for name in COLUMNS}))


def _rows(partition: Iterable[Any], **options: Any) -> list[dict[str, Any]]:
    columns = recognize_column(partition, **options)
    return [dict(zip(COLUMNS, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _frame(partition: Any, **options: Any) -> Any:
    """Return the rows of one partition of a column, under its own index."""
    return _frame_of(recognize_column(partition, **options), partition.index)


def _frame_of(columns: dict[str, list[Any]], index: Any = None) -> Any:
    types = {"attempts": "int64", "maybe_billed": "bool"}
    pandas = import_module("pandas")
    series = {
        name: pandas.Series(values, index=index, dtype=types.get(name, "object"))
        for name, values in columns.items()
    }
    return pandas.DataFrame(series)
