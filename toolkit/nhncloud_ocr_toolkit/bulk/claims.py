"""Who works on which image: adding references, taking them, and taking over from the dead."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import owners
from .sources import Found
from .states import FAILED, PENDING, SENDING, SETTLED, UNKNOWN

CUT_SHORT = "a run ended before the reply came"
IN_HAND = "in hand"  # this run has it already: it is named twice


@dataclass(frozen=True, slots=True)
class Claim:
    """What stands about an image of the sources.

    state: PENDING: it is this run's to do. IN_HAND: it is doing so. SENDING: another process has
    it. Else it is settled.
    """

    item: int
    state: str
    found: Found


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who takes images, and which settled ones it takes too."""

    owner: int
    retry_failed: bool = False
    retry_unknown: bool = False

    def takes(self, state: str, by: int | None) -> bool:
        """Whether to take an image of this state. by: who has it, or has settled it."""
        if state == PENDING:
            return by is None or by == self.owner
        if by == self.owner:  # this run's own verdict stands
            return False
        return (state == FAILED and self.retry_failed) or (state == UNKNOWN and self.retry_unknown)


def claim(
    connection: sqlite3.Connection, claimant: Claimant, batch: Sequence[Found]
) -> list[Claim]:
    """Add what is new, take what is free; return what stands about each."""
    claims = []
    seen: set[bytes] = set()
    for found in batch:
        if found.identity in seen:
            continue
        seen.add(found.identity)
        connection.execute(
            "INSERT INTO item (identity, ref, given) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (found.identity, found.ref, found.given),
        )
        item, state, by = connection.execute(
            "SELECT id, state, owner FROM item WHERE identity = ?", (found.identity,)
        ).fetchone()
        claims.append(_claimed(connection, claimant, found, item, state, by))
    return claims


def claim_again(
    connection: sqlite3.Connection, claimant: Claimant, left: Sequence[tuple[int, Found]]
) -> list[Claim]:
    """As `claim`, of images that another process had."""
    claims = []
    for item, found in left:
        state, by = connection.execute(
            "SELECT state, owner FROM item WHERE id = ?", (item,)
        ).fetchone()
        claims.append(_claimed(connection, claimant, found, item, state, by))
    return claims


def _claimed(
    connection: sqlite3.Connection,
    claimant: Claimant,
    found: Found,
    item: int,
    state: str,
    by: int | None,
) -> Claim:
    if claimant.takes(state, by):
        if by == claimant.owner:
            return Claim(item, IN_HAND, found)
        connection.execute(
            "UPDATE item SET state = ?, owner = ? WHERE id = ?", (PENDING, claimant.owner, item)
        )
        return Claim(item, PENDING, found)
    if state in SETTLED:
        return Claim(item, state, found)
    return Claim(item, SENDING if by != claimant.owner else IN_HAND, found)


def give_back(connection: sqlite3.Connection, owner: int) -> None:
    """Leave what this owner has taken and not sent to others."""
    connection.execute(
        "UPDATE item SET owner = NULL WHERE owner = ? AND state = ?", (owner, PENDING)
    )


def give_back_one(connection: sqlite3.Connection, item: int) -> None:
    """Leave one image to others."""
    connection.execute("UPDATE item SET owner = NULL WHERE id = ? AND state = ?", (item, PENDING))


def register(connection: sqlite3.Connection, lock: str) -> int:
    """Add an owner whose lock is held already; return its number, which no other will have."""
    added = connection.execute("INSERT INTO owner (lock, began) VALUES (?, ?)", (lock, time.time()))
    return added.lastrowid or 0


def retire(connection: sqlite3.Connection, owner: int) -> None:
    """Note that an owner has ended; what it had under way may have been billed."""
    now = time.time()
    connection.execute(
        "UPDATE item SET state = ?, error = ? WHERE id IN "
        "(SELECT item FROM attempt WHERE owner = ? AND outcome IS NULL)",
        (UNKNOWN, CUT_SHORT, owner),
    )
    connection.execute(
        "UPDATE answer SET state = ?, error = ?, maybe_billed = 1 WHERE key IN "
        "(SELECT key FROM attempt WHERE owner = ? AND outcome IS NULL)",
        (UNKNOWN, CUT_SHORT, owner),
    )
    connection.execute(
        "UPDATE attempt SET ended = ?, outcome = ? WHERE owner = ? AND outcome IS NULL",
        (now, UNKNOWN, owner),
    )
    give_back(connection, owner)
    connection.execute("UPDATE owner SET ended = ? WHERE id = ?", (now, owner))


def take_over(connection: sqlite3.Connection, journal: Path, me: int) -> int:
    """Retire each owner that has gone without a word; return how many had."""
    rows = connection.execute(
        "SELECT id, lock FROM owner WHERE ended IS NULL AND id <> ?", (me,)
    ).fetchall()
    gone = 0
    for owner, name in rows:
        lock = owners.lock_of_dead(journal, name)
        if lock is None:
            continue
        try:
            retire(connection, owner)
        finally:
            lock.release()
        gone += 1
    return gone
