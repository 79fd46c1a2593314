"""One visit to a server: what all drivers share. Each takes a session and yields its findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Self

from contract.drivers.caller import Caller, Target
from contract.drivers.image_host import Elsewhere, ImageHost
from contract.drivers.rows import ROWS, Row, of_versions
from contract.judge import Judge, Verdict
from contract.judge.exchange import Received, Sent
from contract.judge.history import History
from contract.judge.rules import Finding


@dataclass
class Session:
    """A server, the judge of it, and who is told.

    `observe` gets each verdict, in order. `tell` gets a sentence on what this server did not let
    the suite judge. `must_reach`: the server was told to fetch from our image host.
    `max_examples` is of the generated calls, for each operation. `table` are the rows to send, of
    each version.
    """

    target: Target
    judge: Judge
    hosting: ImageHost | Elsewhere
    observe: Callable[[Verdict], None] = lambda _: None
    tell: Callable[[str], None] = lambda _: None
    must_reach: bool = False
    seed: int = 1
    max_examples: int = 40
    table: tuple[Row, ...] = ROWS
    history: History = field(default_factory=History)

    def __post_init__(self) -> None:
        self.caller = Caller(self.target, self.judge.description, self.hosting)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.caller.close()

    @property
    def rows(self) -> Iterator[Row]:
        """The table's rows of the versions that the server is asked for."""
        return of_versions(self.table, self.target.versions)

    def judged(self, sent: Sent, received: Received) -> Verdict:
        """Judge one exchange, by itself and beside those before it."""
        verdict = self.judge.examine(sent, received)
        if not self.judge.canned:
            verdict.findings += self.history.learn(verdict)
        return verdict


Driver = Callable[[Session], Iterator[Finding]]
