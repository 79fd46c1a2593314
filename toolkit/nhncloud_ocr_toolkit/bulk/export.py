"""Rows of a journal into a file: JSON Lines, CSV, SQLite, Parquet; whole, or not at all."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from .._rows import COLUMNS as OF_WORDS
from .journal import Journal
from .states import COLUMNS, FAILED, UNKNOWN, JournalError, Row

_GROUP = 10_000  # rows of Parquet in one group
_WHOLE_NUMBERS = frozenset({"page", "line", "word"})


def export(
    journal: Journal,
    out: str | os.PathLike[str],
    *,
    errors: str | os.PathLike[str] | None = None,
) -> int:
    """Write a row for each image that is settled; return how many.

    out: its suffix says what it becomes: .jsonl, .csv, .sqlite or .parquet (extra `parquet`).
    errors: a second file, with the rows of failed and unknown images once more.

    Rows come in the order of the sources. Each file is written beside its place and moved there at
    the end. Raises ValueError for another suffix, JournalError, OSError.
    """
    written = _write(journal, journal.rows(), Path(out))
    if errors is not None:
        _write(journal, journal.rows((FAILED, UNKNOWN)), Path(errors))
    return written


def _write(journal: Journal, rows: Iterable[Row], out: Path) -> int:
    writer = _WRITERS.get(out.suffix.lower())
    if writer is None:
        raise ValueError(f"{out}: the name must end with one of {', '.join(_WRITERS)}")
    if out.absolute() == journal.path:
        raise ValueError(f"{out} is the journal itself")
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    os.close(handle)
    temporary = Path(name)
    try:
        written = writer(rows, temporary)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(out)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return written


def _jsonl(rows: Iterable[Row], path: Path) -> int:
    written = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row.to_dict(), ensure_ascii=False) + "\n")
            written += 1
    return written


def _csv(rows: Iterable[Row], path: Path) -> int:
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            cells = _flat(row)
            cells["maybe_billed"] = "true" if row.maybe_billed else "false"
            writer.writerow(cells.values())
            written += 1
    return written


def _sqlite(rows: Iterable[Row], path: Path) -> int:
    written = 0
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "CREATE TABLE rows (id TEXT, ref TEXT, state TEXT, sha256 TEXT, text TEXT, words TEXT, "
            "error TEXT, attempts INTEGER, maybe_billed INTEGER)"
        )
        for row in rows:
            marks = ", ".join("?" * len(COLUMNS))
            insert = f"INSERT INTO rows VALUES ({marks})"  # noqa: S608 (question marks alone)
            connection.execute(insert, tuple(_flat(row).values()))
            written += 1
    return written


def _parquet(rows: Iterable[Row], path: Path) -> int:
    try:
        pa: Any = import_module("pyarrow")
        parquet: Any = import_module("pyarrow.parquet")
    except ImportError:
        raise JournalError('Parquet needs an extra: pip install "nhncloud-ocr[parquet]"') from None
    word = pa.struct([(name, _type_of(pa, name)) for name in OF_WORDS])
    types = {"words": pa.list_(word), "attempts": pa.int64(), "maybe_billed": pa.bool_()}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])
    written = 0
    with parquet.ParquetWriter(path, schema) as writer:
        for group in _groups(rows):
            writer.write_table(pa.Table.from_pylist([row.to_dict() for row in group], schema))
            written += len(group)
    return written


def _type_of(pa: Any, name: str) -> Any:
    if name == "text":
        return pa.string()
    return pa.int64() if name in _WHOLE_NUMBERS else pa.float64()


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while group := list(islice(waiting, _GROUP)):
        yield group


def _flat(row: Row) -> dict[str, Any]:
    """Return the row's fields with the words as JSON, for cells that hold no lists."""
    cells = row.to_dict()
    if row.words is not None:
        cells["words"] = json.dumps(row.words, ensure_ascii=False)
    return cells


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_WRITERS: dict[str, Callable[[Iterable[Row], Path], int]] = {
    ".jsonl": _jsonl,
    ".csv": _csv,
    ".sqlite": _sqlite,
    ".parquet": _parquet,
}
