"""Connections that say nothing are let go, so that they lock nobody out."""

from __future__ import annotations

import sys
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

__all__ = ["ACCEPTED_AT_ONCE", "Silence", "room_for_connections"]

ACCEPTED_AT_ONCE: Final = 4
"""Connections accepted in one turn of the loop: one that is let go is closed some turns later."""

_SECONDS: Final = 60.0
_MOST: Final = 10_000  # connections, where the system allows any number of them
_FEWEST: Final = 4
_RESERVE: Final = 16 + 4 * ACCEPTED_AT_ONCE  # downloads, look-ups, and those about to be closed


class Quiet(Protocol):
    """A connection, as far as it matters here."""

    def is_waiting(self) -> bool:
        """Whether no whole request is there to be answered."""
        ...

    def is_sending(self) -> bool:
        """Whether a request's head is there, and it is the peer's turn to send more of its body."""
        ...

    def is_unread(self) -> bool:
        """Whether a reply cannot go on, because the peer does not read."""
        ...

    def let_go(self) -> None:
        """Close it at once."""
        ...


class Silence:
    """The open connections of a server, those first that have waited longest.

    Bytes that do not make a request are silence too: the head of one may trickle for ever.

    Args:
        most: How many may be open; for one more, the one that has waited longest is let go, else
            the one that has sent nothing of its body, or read nothing of its reply, for longest.
        seconds: How long one may wait.
        clock: Seconds that never run backwards.
    """

    def __init__(
        self,
        most: int,
        seconds: float = _SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._since: OrderedDict[Quiet, float] = OrderedDict()

    def begins(self, connection: Quiet) -> None:
        """Note that a connection was opened or has had a reply; make room if need be."""
        self._since[connection] = self._clock()
        self._since.move_to_end(connection)
        if len(self._since) > self._most:
            self._let_go(self._most_silent(connection))

    def goes_on(self, connection: Quiet) -> None:
        """Note that more of a request's body has come, or more of a reply was read."""
        if connection in self._since:
            self._since[connection] = self._clock()
            self._since.move_to_end(connection)

    def ends(self, connection: Quiet) -> None:
        """Note that a connection is closed."""
        self._since.pop(connection, None)

    def sweep(self) -> None:
        """Let those go that have waited too long; to be called now and then."""
        before = self._clock() - self._seconds
        old = [each for each, since in self._since.items() if since < before]
        for connection in old:
            if connection.is_waiting() or connection.is_unread():
                self._let_go(connection)

    def _most_silent(self, newest: Quiet) -> Quiet:
        others = [each for each in self._since if each is not newest]
        for each in others:
            if each.is_waiting():
                return each
        # A body that came in half may be awaited for a minute. If all others are at work, the
        # newest is the one that waits.
        slow = (each for each in others if each.is_sending() or each.is_unread())
        return next(slow, newest)

    def _let_go(self, connection: Quiet) -> None:
        self.ends(connection)
        connection.let_go()


def room_for_connections() -> int:
    """Return how many connections this process may hold, by the system's limit of open files."""
    if sys.platform == "win32":  # it has no such limit
        return _MOST
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit == resource.RLIM_INFINITY:
        return _MOST
    return max(_FEWEST, min(limit - _open_files() - _RESERVE, _MOST))


def _open_files() -> int:
    try:
        return len(list(Path("/dev/fd").iterdir()))
    except OSError:
        return 16
