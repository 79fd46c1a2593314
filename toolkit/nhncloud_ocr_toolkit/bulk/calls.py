"""The order that must hold: look for an answer, reserve a call, write the intent; send; write what
came. Each function here is one piece of a transaction.
"""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from typing import Final, Literal

from .claims import Claimant
from .states import FAILED, PENDING, SENDING

REFUSED: Final = "refused"  # an attempt that was turned away before the image was looked at


@dataclass(frozen=True, slots=True)
class Intent:
    """Whether to send these bytes.

    verdict: "send" with the attempt's number; "settled": there is an answer already, of `state`;
    "busy": they are being sent; "capped": no call is left.
    """

    verdict: Literal["send", "settled", "busy", "capped"]
    attempt: int = 0
    state: str = ""
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt ended. state: PENDING is for one that was turned away and costs nothing."""

    state: str
    error: str | None = None
    maybe_billed: bool = False
    refund: bool = False
    text: str | None = None
    reply: bytes | None = None


def intend(
    connection: sqlite3.Connection,
    claimant: Claimant,
    item: int,
    key: str,
    sha256: str | None,
    most: int | None,
) -> Intent:
    """Write that these bytes are about to be sent, unless they must not be.

    key: of bytes and operation. most: calls in this journal's whole life, None without a limit.
    """
    row = connection.execute("SELECT state, owner FROM answer WHERE key = ?", (key,)).fetchone()
    state, by = row or (PENDING, None)
    if state == SENDING:
        return Intent("busy", by=by)
    if state != PENDING and not claimant.takes(state, by):
        _link(connection, claimant, item, key, sha256, state)
        return Intent("settled", state=state)
    reserved = connection.execute(
        "UPDATE budget SET calls = calls + 1 WHERE ? IS NULL OR calls < ?", (most, most)
    )
    if not reserved.rowcount:
        return Intent("capped")
    connection.execute(
        "INSERT INTO answer (key, state, owner, attempts) VALUES (?, ?, ?, 1) ON CONFLICT (key) "
        "DO UPDATE SET state = excluded.state, owner = excluded.owner, attempts = attempts + 1",
        (key, SENDING, claimant.owner),
    )
    connection.execute(
        "UPDATE item SET state = ?, owner = ?, key = ?, sha256 = ? WHERE id = ?",
        (SENDING, claimant.owner, key, sha256, item),
    )
    added = connection.execute(
        "INSERT INTO attempt (key, item, owner, sent) VALUES (?, ?, ?, ?)",
        (key, item, claimant.owner, time.time()),
    )
    return Intent("send", attempt=added.lastrowid or 0)


def end(connection: sqlite3.Connection, item: int, key: str, attempt: int, ending: Ending) -> None:
    """Write how an attempt ended."""
    outcome = REFUSED if ending.state == PENDING else ending.state
    connection.execute(
        "UPDATE attempt SET ended = ?, outcome = ? WHERE id = ?", (time.time(), outcome, attempt)
    )
    connection.execute(
        "UPDATE answer SET state = ?, error = ?, maybe_billed = max(maybe_billed, ?), text = ?, "
        "reply = ? WHERE key = ?",
        (ending.state, ending.error, ending.maybe_billed, ending.text, ending.reply, key),
    )
    connection.execute(
        "UPDATE item SET state = ?, error = ? WHERE id = ?", (ending.state, ending.error, item)
    )
    if ending.refund:
        connection.execute("UPDATE budget SET calls = calls - 1")


def fail(
    connection: sqlite3.Connection, claimant: Claimant, item: int, sha256: str | None, error: str
) -> None:
    """Write that an image failed before it was sent."""
    connection.execute(
        "UPDATE item SET state = ?, owner = ?, sha256 = ?, key = NULL, error = ? WHERE id = ?",
        (FAILED, claimant.owner, sha256, error, item),
    )


def is_paid(connection: sqlite3.Connection, claimant: Claimant, key: str) -> bool:
    """Whether no call would be made for these bytes."""
    row = connection.execute("SELECT state, owner FROM answer WHERE key = ?", (key,)).fetchone()
    return row is not None and row[0] != PENDING and not claimant.takes(*row)


def _link(
    connection: sqlite3.Connection,
    claimant: Claimant,
    item: int,
    key: str,
    sha256: str | None,
    state: str,
) -> None:
    """Let an image have the answer that its bytes have already."""
    connection.execute(
        "UPDATE item SET state = ?, owner = ?, key = ?, sha256 = ?, "
        "error = (SELECT error FROM answer WHERE key = ?) WHERE id = ?",
        (state, claimant.owner, key, sha256, key, item),
    )
