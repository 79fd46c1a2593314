"""What a run is about to do: a quick look, or all of it without a call."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import calls, schema
from .claims import Claimant
from .reading import Unfit, read
from .settings import Settings
from .sources import Found
from .states import PENDING, SENDING

_NOBODY = 0  # an owner's number that is never given


@dataclass(slots=True)
class Plan:
    """images: that the sources name. settled: by earlier runs. complete: whether all were counted.

    unfit: that cannot be sent. duplicates: whose bytes come twice, or have an answer. bytes: of
    what is to be sent. calls: to be made, of which a cap may leave fewer. spent: of a cap's calls.
    """

    images: int = 0
    settled: int = 0
    complete: bool = True
    unfit: int = 0
    duplicates: int = 0
    bytes: int = 0
    calls: int = 0
    spent: int = 0

    def within(self, most: int | None) -> int:
        """Return how many calls a cap leaves of those to be made."""
        return self.calls if most is None else max(0, min(self.calls, most - self.spent))


def later_than(seconds: float) -> Callable[[], bool]:
    """Return what says whether so many seconds have passed from now."""
    until = time.monotonic() + seconds
    return lambda: time.monotonic() > until


def survey(
    found: Iterable[Found],
    journal: Path,
    settings: Settings,
    late: Callable[[], bool],
) -> Plan:
    """Count what the sources name, until it is late; no image is read. Raises JournalError."""
    plan = Plan()
    with _looking(journal, settings, plan) as look:
        for image in found:
            plan.images += 1
            plan.settled += look.is_settled(image)
            if late():
                break
    plan.complete = not late()
    plan.calls = plan.images - plan.settled
    return plan


def rehearse(found: Iterable[Found], journal: Path, settings: Settings) -> Plan:
    """Do all that a run does but the calls; nothing is written. Raises JournalError."""
    plan = Plan()
    named: set[bytes] = set()
    keys: set[str] = set()
    with _looking(journal, settings, plan) as look:
        for image in found:
            if image.identity in named:
                continue
            named.add(image.identity)
            plan.images += 1
            if look.is_settled(image):
                plan.settled += 1
                continue
            sent = read(0, image, settings.cropping)
            if isinstance(sent, Unfit):
                plan.unfit += 1
            elif sent.key in keys or look.is_paid(sent.key):
                plan.duplicates += 1
            else:
                keys.add(sent.key)
                plan.calls += 1
                plan.bytes += len(sent.data or b"")
    return plan


class _Look:
    """Asks a journal what it knows; without one, nothing is known."""

    def __init__(self, connection: sqlite3.Connection | None, claimant: Claimant) -> None:
        self._connection = connection
        self._claimant = claimant

    def is_settled(self, image: Found) -> bool:
        if self._connection is None:
            return False
        found = self._connection.execute(
            "SELECT state, owner FROM item WHERE identity = ?", (image.identity,)
        ).fetchone()
        if found is None or found[0] == PENDING:
            return False
        return found[0] == SENDING or not self._claimant.takes(*found)

    def is_paid(self, key: str) -> bool:
        return self._connection is not None and calls.is_paid(self._connection, self._claimant, key)


@contextmanager
def _looking(journal: Path, settings: Settings, plan: Plan) -> Iterator[_Look]:
    claimant = Claimant(_NOBODY, settings.retry_failed, settings.retry_unknown)
    if not journal.is_file():
        yield _Look(None, claimant)
        return
    with closing(schema.look_into(journal)) as connection:
        if not schema.refuse_foreign(connection, journal):  # it is empty
            yield _Look(None, claimant)
            return
        schema.refuse_other_settings(connection, journal, settings.of_journal)
        (plan.spent,) = connection.execute("SELECT calls FROM budget").fetchone()
        yield _Look(connection, claimant)
