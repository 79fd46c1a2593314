"""What the journal holds becomes rows."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from nhncloud_ocr import NoTextFoundError, OcrError, OcrResult

from .. import _rows
from .calls import Ending
from .sources import without_query
from .states import DONE, EMPTY, FAILED, UNKNOWN, Row, Store

_SELECT = """
SELECT item.id, given, ref, item.state, sha256, answer.text, answer.reply, item.error,
    coalesce(answer.attempts, 0), coalesce(answer.maybe_billed, 0)
FROM item LEFT JOIN answer ON answer.key = item.key
"""
_SETTLED = "item.state IN ('done', 'empty', 'failed', 'unknown')"
_CHUNK = 500


def row(connection: sqlite3.Connection, item: int) -> Row:
    """Return the row of one image that is settled."""
    return _row(connection.execute(f"{_SELECT} WHERE item.id = ?", (item,)).fetchall()[0])


def rows(
    connection: sqlite3.Connection, states: Sequence[str] = (DONE, EMPTY, FAILED, UNKNOWN)
) -> Iterator[Row]:
    """Yield the rows of these states in the order of the sources."""
    last = -1
    wanted = ", ".join("?" * len(states))
    query = f"{_SELECT} WHERE item.id > ? AND item.state IN ({wanted}) ORDER BY item.id LIMIT ?"
    while True:
        found = connection.execute(query, (last, *states, _CHUNK)).fetchall()
        yield from map(_row, found)
        if len(found) < _CHUNK:
            return
        last = found[-1][0]


def kept(page: OcrResult, store: Store) -> Ending:
    """Return what to keep of a result."""
    state = DONE if any(line.words for line in page.lines) else EMPTY
    if store == "none":
        return Ending(state)
    reply = zlib.compress(page.raw, 1) if store == "raw" else None
    return Ending(state, text=encodable(page.text), reply=reply)


def assembled(
    *,
    given: str | None,
    ref: str,
    state: str,
    sha256: str | None,
    text: str | None,
    reply: bytes | None,
    error: str | None,
    attempts: int,
    maybe_billed: bool,
) -> Row:
    """Return a row of what was kept. reply: compressed."""
    nothing: list[dict[str, Any]] = []
    return Row(
        id=given,
        ref=ref,
        state=state,
        sha256=sha256,
        text=text if state == DONE else ("" if state == EMPTY else None),
        words=_words(reply) if state == DONE else (nothing if state == EMPTY else None),
        error=error if state != DONE else None,
        attempts=attempts,
        maybe_billed=maybe_billed,
    )


def _row(found: Sequence[Any]) -> Row:
    _, given, ref, state, sha256, text, reply, error, attempts, maybe_billed = found
    return assembled(
        given=given,
        ref=ref,
        state=state,
        sha256=sha256,
        text=text,
        reply=reply,
        error=error,
        attempts=attempts,
        maybe_billed=bool(maybe_billed),
    )


def _words(reply: bytes | None) -> list[dict[str, Any]] | None:
    if reply is None:
        return None
    try:
        words = _rows.rows(OcrResult.from_raw(zlib.decompress(reply)))
    except NoTextFoundError:
        return []
    except OcrError:  # a reader of today that is stricter than the one that took it
        return None
    for word in words:
        word["text"] = encodable(word["text"])
    return words


def encodable(text: str) -> str:
    """Return a text that files can hold: half a pair of surrogates becomes a mark."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def safe(error: str) -> str:
    """Return an error's text on one line, with the queries of URLs left out."""
    words = error.split()
    return encodable(" ".join(without_query(word) if "://" in word else word for word in words))
