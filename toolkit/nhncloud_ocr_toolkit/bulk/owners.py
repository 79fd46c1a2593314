"""Who is still alive: each process holds a lock on a file, which the kernel lets go with it.

A process id proves nothing: another process may have it by now.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class OwnerLock:
    """A lock that is held until `release`, or the end of the process."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self._handle = handle

    def release(self) -> None:
        """Let go, and take the file away."""
        if sys.platform == "win32":
            os.close(self._handle)  # it cannot be taken away while it is open
            self.path.unlink(missing_ok=True)
        else:
            self.path.unlink(missing_ok=True)
            os.close(self._handle)


def new_lock(journal: Path) -> OwnerLock:
    """Make and lock a file beside the journal, which no other process knows of yet."""
    path = journal.with_name(f"{journal.name}-owner-{secrets.token_hex(8)}")
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    _lock(handle)
    return OwnerLock(path, handle)


def lock_of_dead(journal: Path, name: str) -> OwnerLock | None:
    """Return the lock of an owner that has gone, None if it is alive: it holds the lock itself."""
    path = journal.with_name(name)
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        _lock(handle)
    except OSError:
        os.close(handle)
        return None
    return OwnerLock(path, handle)
