"""The journal's tables, and how its file is opened: private, and on a disk of this machine."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path

from .states import JournalError

VERSION = 1
SYNCHRONOUS = "FULL"  # a power cut must not forget an intent: it would be sent, and paid, again
_BUSY = 60.0  # seconds to wait for another process's transaction

# A sum over all of one image's contents: `answer`. One row a request that was made: `attempt`;
# its partial index keeps the same bytes from being sent twice at a time. AUTOINCREMENT, for the
# number of an owner that has gone must not be given to another.
_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE owner (
    id INTEGER PRIMARY KEY AUTOINCREMENT, lock TEXT NOT NULL, began REAL, ended REAL);
CREATE TABLE item (
    id INTEGER PRIMARY KEY, identity BLOB NOT NULL UNIQUE, ref TEXT NOT NULL, given TEXT,
    state TEXT NOT NULL DEFAULT 'pending', owner INTEGER, sha256 TEXT, key TEXT, error TEXT);
CREATE INDEX item_in_hand ON item (owner) WHERE state IN ('pending', 'sending')
    AND owner IS NOT NULL;
CREATE TABLE answer (
    key TEXT PRIMARY KEY, state TEXT NOT NULL, owner INTEGER, attempts INTEGER NOT NULL DEFAULT 0,
    maybe_billed INTEGER NOT NULL DEFAULT 0, error TEXT, text TEXT, reply BLOB) WITHOUT ROWID;
CREATE TABLE attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, item INTEGER NOT NULL,
    owner INTEGER NOT NULL, sent REAL NOT NULL, ended REAL, outcome TEXT);
CREATE UNIQUE INDEX one_at_a_time ON attempt (key) WHERE outcome IS NULL;
CREATE INDEX attempt_open ON attempt (owner) WHERE outcome IS NULL;
CREATE TABLE budget (calls INTEGER NOT NULL);
INSERT INTO budget VALUES (0);
"""

# Locks and shared memory do not work there as SQLite's WAL needs them: it would be damaged.
_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "gpfs", "beegfs"}
    | {"fuse.sshfs", "fuse.s3fs", "fuse.gcsfuse", "fuse.rclone", "fuse.glusterfs", "davfs"}
    | {"fuse.cephfs", "fuse.mergerfs", "ncpfs", "orangefs", "vboxsf", "prl_fs"}
)


def connect(path: Path, *, create: bool) -> sqlite3.Connection:
    """Open a journal, or begin one. Raises JournalError, OSError."""
    refuse_network(path)
    if create:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Readable to its owner alone: it holds names, texts, maybe identity cards.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = look_into(path)
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise JournalError(f"{path}: this file system cannot hold a journal (no WAL): {mode}")
        connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
        _prepare(connection, path)
    except BaseException as exc:
        connection.close()
        if isinstance(exc, sqlite3.Error):
            raise JournalError(f"{path}: the journal cannot be written: {exc}") from None
        raise
    with contextlib.suppress(OSError):  # another user's, who has let us write
        path.chmod(0o600)
    return connection


def look_into(path: Path) -> sqlite3.Connection:
    """Open a journal as it is, or an empty file. Raises JournalError for anything else.

    Nothing is changed: it may be somebody's picture, or the database of another program.
    """
    if not path.is_file():
        raise JournalError(f"{path}: there is no such journal")
    connection = None
    try:
        connection = sqlite3.connect(
            path, timeout=_BUSY, isolation_level=None, check_same_thread=False
        )
        refuse_foreign(connection, path)
    except BaseException as exc:
        if connection is not None:
            connection.close()
        if isinstance(exc, sqlite3.OperationalError):
            raise JournalError(f"{path}: the journal cannot be opened: {exc}") from None
        if isinstance(exc, sqlite3.Error):
            raise JournalError(f"{path}: this is no journal of bulk runs ({exc})") from None
        raise
    return connection


def refuse_foreign(connection: sqlite3.Connection, path: Path) -> bool:
    """Return whether it is a journal, False if it is empty. Raises JournalError, sqlite3.Error."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master").fetchall()}
    if not {"item", "answer", "attempt", "owner"} <= tables:
        if version or tables:
            raise JournalError(f"{path}: this is no journal of bulk runs")
        return False
    if version != VERSION:
        age = "a newer" if version > VERSION else "an older"
        raise JournalError(
            f"{path} was begun by {age} version of this program, which keeps journals of kind "
            f"{version}, not {VERSION}: go on with that one"
        )
    return True


def refuse_other_settings(
    connection: sqlite3.Connection, path: Path, settings: Mapping[str, str]
) -> None:
    """Raise JournalError if a journal was begun with settings that would answer otherwise."""
    for name, value in settings.items():
        held = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        if held is not None and held[0] != value:
            raise JournalError(
                f"{path} was begun with {name} {held[0]!r}, this run has {value!r}: "
                "give it a journal of its own"
            )


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not refuse_foreign(connection, path):
            for statement in _TABLES.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
    finally:
        connection.execute("COMMIT")


def refuse_network(path: Path, mounts: str | None = None) -> None:
    """Raise JournalError for a path on a network file system.

    mounts: the text of /proc/self/mountinfo, by default this process's.
    """
    place = os.path.realpath(path)
    kind = "a network share" if place.startswith("\\\\") else ""
    if mounts is None and sys.platform == "linux":
        with contextlib.suppress(OSError):
            mounts = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape")
    if mounts:
        found = _file_system(place, mounts)
        kind = found if found in _NETWORK else kind
    if kind:
        raise JournalError(
            f"{path} is on a network file system ({kind}), where SQLite's locks do not hold and "
            "an image could be paid twice: keep the journal on a disk of this machine"
        )


def _file_system(place: str, mounts: str) -> str:
    """Return the type of the file system that holds a path: that of the longest mount point."""
    longest, kind = -1, ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        parts = before.split(" ")
        if len(parts) < 5 or not after:
            continue
        point = parts[4].replace("\\040", " ")
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= longest:
            longest, kind = len(point), after.split(" ")[0]
    return kind
