"""The journal of bulk runs: one SQLite file that says of each image what it may have cost."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from . import claims, rows, schema
from .commits import Commits
from .owners import OwnerLock, new_lock
from .states import DONE, EMPTY, FAILED, STATES, UNKNOWN, JournalError, Row, Store


@dataclass(frozen=True, slots=True)
class Status:
    """What a journal holds. states: how many images are in each. calls: those that count towards a
    cap. requests: those that were sent, turned away or not. maybe_billed: those without a reply.
    """

    states: dict[str, int]
    calls: int
    requests: int
    maybe_billed: int
    price: str | None

    @property
    def images(self) -> int:
        return sum(self.states.values())


class Journal:
    """Where runs write each call before they make it. Several processes may share one.

    path: a file on a disk of this machine, made if need be, readable to its owner alone.
    store: what to keep of replies: "raw" (all, compressed), "text" (no words), or "none".

    Raises JournalError, OSError. Close it, or use it in a `with` block; twice is fine.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, store: Store = "raw", create: bool = True
    ) -> None:
        if store not in ("raw", "text", "none"):
            raise ValueError('store must be "raw", "text" or "none"')
        self.path = Path(path).absolute()
        self.store: Store = store
        self.stopped: str | None = None
        """Why the latest run ended before all was done: "cap", "quota", "away", "drained" or
        "refused", "failed"; None if it did not."""
        self._commits: Commits | None = Commits(schema.connect(self.path, create=create))

    @property
    def commits(self) -> Commits:
        """The thread that writes. Raises JournalError once the journal is closed."""
        if self._commits is None:
            raise JournalError(f"{self.path}: this journal is closed")
        return self._commits

    def status(self) -> Status:
        """Count what is in it."""
        with closing(self.reader()) as connection:
            return _status(connection)

    def rows(self, states: Sequence[str] = (DONE, EMPTY, FAILED, UNKNOWN)) -> Iterator[Row]:
        """Yield what became of the images, in the order of the sources."""
        with closing(self.reader()) as connection:
            yield from rows.rows(connection, states)

    def begin(self, **settings: str) -> tuple[int, OwnerLock]:
        """Begin a run: return its number and what it holds as long as it is alive.

        settings: what all runs of a journal must have in common. Raises JournalError.
        """
        lock = new_lock(self.path)
        try:
            owner = self.commits.call(lambda c: _begin(c, self.path, lock.path.name, settings))
        except BaseException:
            lock.release()
            raise
        return owner, lock

    def end(self, owner: int, lock: OwnerLock) -> None:
        """End a run; what it still had under way may have been billed."""
        try:
            self.commits.call(lambda c: claims.retire(c, owner))
        finally:
            lock.release()

    def remember(self, name: str, value: str) -> None:
        """Keep a note for `status`."""
        self.commits.call(lambda c: _remember(c, name, value))

    def close(self) -> None:
        """Close the file. Twice is fine."""
        if self._commits is not None:
            self._commits.close()
            self._commits = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Journal({str(self.path)!r}, store={self.store!r})"

    def reader(self) -> sqlite3.Connection:
        """Return a connection of one's own: a long look at the rows must not hold up a run."""
        connection = sqlite3.connect(self.path, timeout=60.0, isolation_level=None)
        with suppress(sqlite3.Error):
            connection.execute("PRAGMA query_only = ON")
        return connection


def _begin(connection: sqlite3.Connection, path: Path, lock: str, settings: dict[str, str]) -> int:
    schema.refuse_other_settings(connection, path, settings)
    for name, value in settings.items():
        _remember(connection, name, value)
    owner = claims.register(connection, lock)
    claims.take_over(connection, path, owner)
    return owner


def _remember(connection: sqlite3.Connection, name: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


def _status(connection: sqlite3.Connection) -> Status:
    def one(query: str) -> Any:
        found = connection.execute(query).fetchone()
        return None if found is None else found[0]

    counted = Counter(
        dict(connection.execute("SELECT state, count(*) FROM item GROUP BY state").fetchall())
    )
    return Status(
        states={state: counted[state] for state in STATES},
        calls=one("SELECT calls FROM budget"),
        requests=one("SELECT count(*) FROM attempt"),
        maybe_billed=one("SELECT count(*) FROM attempt WHERE outcome = 'unknown'"),
        price=one("SELECT value FROM meta WHERE name = 'price'"),
    )
