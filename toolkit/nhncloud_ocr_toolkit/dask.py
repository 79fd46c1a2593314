"""Recognise a Dask bag, or a column of a Dask dataframe (extra `dask`).

from nhncloud_ocr_toolkit.dask import recognize

rows = recognize(dask.bag.from_sequence(paths, npartitions=20), ledger=Ledger("s3://bucket/ledger"))
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
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
    work = _Work(ledger, client_options, concurrency)
    if isinstance(images, import_module("dask.bag").Bag):
        return images.map_partitions(work.rows)
    if not hasattr(images, "map_partitions"):
        raise TypeError(
            f"images must be a Dask bag or a column of a Dask dataframe, not "
            f"{type(images).__name__}"
        )
    return images.map_partitions(work, meta=_frame_of({name: [] for name in COLUMNS}))


@dataclass(frozen=True)
class _Work:
    """What is done with each partition. Dask asks functions for a name that is the same wherever
    they are pickled, which it finds for no lambda: `client_options` may be one. So this has its
    own.
    """

    ledger: Ledger
    client_options: ClientOptions | None = field(repr=False)  # Dask logs what fails
    concurrency: int
    name: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __dask_tokenize__(self) -> str:
        return self.name

    def __call__(self, partition: Any) -> Any:
        """Return the rows of one partition of a column, under its own index."""
        return _frame_of(self._columns(partition), partition.index)

    def rows(self, partition: Iterable[Any]) -> list[dict[str, Any]]:
        """Return the rows of one partition of a bag."""
        columns = self._columns(partition)
        return [dict(zip(COLUMNS, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def _columns(self, partition: Iterable[Any]) -> dict[str, list[Any]]:
        return recognize_column(
            partition,
            ledger=self.ledger,
            client_options=self.client_options,
            concurrency=self.concurrency,
        )


def _frame_of(columns: dict[str, list[Any]], index: Any = None) -> Any:
    # Of strings: Dask infers no type for Parquet from objects, which `words` alone must be.
    types = {"attempts": "int64", "maybe_billed": "bool", "words": "object"}
    pandas = import_module("pandas")
    series = {
        name: pandas.Series(values, index=index, dtype=types.get(name, "string"))
        for name, values in columns.items()
    }
    return pandas.DataFrame(series)
