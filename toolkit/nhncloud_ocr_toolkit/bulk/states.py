"""What can become of an image, and the row that says so."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final, Literal, TypeAlias

PENDING: Final = "pending"  # not sent, or turned away before it was looked at
SENDING: Final = "sending"  # may be on its way, or paid for
DONE: Final = "done"
EMPTY: Final = "empty"  # the service found no text (4000501)
FAILED: Final = "failed"  # nothing was billed
UNKNOWN: Final = "unknown"  # it may have been billed, and there is no reply

STATES: Final = (PENDING, SENDING, DONE, EMPTY, FAILED, UNKNOWN)
SETTLED: Final = frozenset({DONE, EMPTY, FAILED, UNKNOWN})

Store: TypeAlias = Literal["raw", "text", "none"]
"""What a journal keeps of a reply: all of it, its text alone, or nothing."""


class JournalError(Exception):
    """The journal cannot be used: where it lies, what it was begun with, or what is in it."""


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one image; `dict(row)` and `row["text"]` work too.

    id: the caller's own, else None. ref: as given; of a URL what comes before its query.
    state: "done", "empty", "failed" or "unknown". sha256: of the image's bytes, None for a URL.
    text: the lines, None without a result, or if the journal keeps none.
    words: as `toolkit.rows` gives them, None unless the journal keeps whole replies.
    error: one sentence, or None. attempts: requests made for these bytes.
    maybe_billed: whether a request may have been billed that brought no result.
    """

    id: str | None
    ref: str
    state: str
    sha256: str | None
    text: str | None
    words: list[dict[str, Any]] | None
    error: str | None
    attempts: int
    maybe_billed: bool

    def keys(self) -> tuple[str, ...]:
        """Return the names of the fields, in the order in which they are exported."""
        return COLUMNS

    def __getitem__(self, key: str) -> Any:
        if key not in COLUMNS:
            raise KeyError(key)
        return getattr(self, key)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as a dict for `json`."""
        return {name: getattr(self, name) for name in COLUMNS}


COLUMNS: Final = tuple(field.name for field in fields(Row))
