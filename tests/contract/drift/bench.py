"""Shows that the suite bites: each drift must be noticed, and most mutants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, Self, get_args

from nhncloud_ocr_emulator import Emulator
from nhncloud_ocr_emulator._settings import Engine, Mode
from patience import a_slow_machine_is_no_slow_service

from contract.drift.facts import FACTS, WITHOUT_DRIFT
from contract.drift.mutants import Mutant, mutants
from contract.drift.tampering import WAYS, Drift, Tampered
from contract.drivers.caller import Target
from contract.drivers.demanded import run_demanded
from contract.drivers.emulated import target_of
from contract.drivers.fuzz import run_fuzz
from contract.drivers.image_host import ImageHost
from contract.drivers.remembering import Memory, remember
from contract.drivers.rows import ROWS, Row
from contract.drivers.session import Driver, Session
from contract.drivers.suite import run_table
from contract.drivers.together import run_together
from contract.drivers.token_endpoint import run_tokens
from contract.judge import Judge
from contract.judge.description import Description, load
from contract.judge.exchange import JSON, Received, Sent
from contract.judge.rules import Finding, Severity

# Good replies of every kind, by row: the mutants' originals.
ORIGINALS = (
    "jpg",
    "format-1-bit",
    "cropping-png",
    "cropping-long",
    "too-tall",
    "wrong-key",
    "image-text",
)


DRIVERS: tuple[Driver, ...] = (run_tokens, run_table, run_together, run_fuzz)
DEMANDED: tuple[Driver, ...] = (run_demanded,)


@dataclass(frozen=True)
class Bite:
    """How a drift was noticed: by which finding, after how many calls."""

    drift: Drift
    finding: Finding | None
    calls: int


class Bench:
    """Clean emulators in both modes, in process, and an image host; drifts go in between.

    Args:
        engine: What the emulators read with; each picture is read once.

    Entering raises EngineUnavailableError, which says what to install.
    """

    def __init__(self, engine: Engine = "fixture") -> None:
        self.engine: Engine = engine

    def __enter__(self) -> Self:
        self.description: Description = load(("v1.0", "v1.1"))
        self.judge = Judge(self.description)
        self.targets: dict[Mode, Target] = {}
        with ExitStack() as stack:
            stack.enter_context(a_slow_machine_is_no_slow_service())
            memory: Memory = {}
            for mode in get_args(Mode):
                emulator = Emulator(engine=self.engine, mode=mode, allow_private_urls=True)
                remember(emulator, memory)
                stack.enter_context(emulator)
                self.targets[mode] = target_of(emulator, "http://127.0.0.1", emulator.transport)
            self.host = stack.enter_context(ImageHost())
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.close()

    def session(self, target: Target) -> Session:
        """A session with a server that was told to fetch from our image host."""
        return Session(target, self.judge, self.host, must_reach=True, max_examples=15)

    def findings(self, target: Target, *drivers: Driver) -> Iterator[Finding]:
        """What the suite, or some of its drivers, find at a server, as they find it."""
        with self.session(target) as session:
            for driver in drivers or DRIVERS:
                yield from driver(session)

    def bite(self, drift: Drift, *drivers: Driver, breaks_only: bool = False) -> Bite:
        """Run the suite, or some of its drivers, against a drifted server, to the first finding.

        What has drifted on one code path alone answers well on all others: of the table the rows
        of that path come first, and all that the suite has only if they show nothing.
        """
        if drift.way in WAYS and not drivers:
            bite = self.bite(drift, of_way(drift.way))
            if bite.finding is not None:
                return bite
        clean = self.targets[drift.mode]
        tampered = Tampered(clean, drift)
        access = clean.access and replace(clean.access, transport=tampered)
        drifted = replace(clean, transport=tampered, access=access)
        found = (
            finding
            for finding in self.findings(drifted, *drivers)
            if not breaks_only or finding.severity() is Severity.BREAK
        )
        return Bite(drift, next(found, None), tampered.calls)

    def originals(self) -> Iterator[tuple[Sent, Received]]:
        """Good replies to rows, successes and failures."""
        rows = {row.name: row for row in ROWS}
        with self.session(self.targets["app"]) as session:
            for name in ORIGINALS:
                yield session.caller.call(rows[name], rows[name].expect)

    def mutants(self) -> Iterator[Mutant]:
        """All mutants of the originals."""
        for sent, received in self.originals():
            yield from mutants(sent, received)


def of_way(way: str) -> Driver:
    """The table's rows of one code path alone."""
    table = tuple(row for row in ROWS if row.role and _way_of(row) == way)

    def run(session: Session) -> Iterator[Finding]:
        session.table = table
        return run_table(session)

    return run


def _way_of(row: Row) -> str:
    return f"{row.role} {'by URL' if row.body.media_type == JSON else 'by file'}"


def unexplained(drifts: Iterable[Drift]) -> list[str]:
    """The documented facts that have neither a drift nor a reason."""
    broken = {fact for drift in drifts for fact in drift.breaks}
    return [fact for fact in FACTS if fact not in broken and fact not in WITHOUT_DRIFT]


def noticed(judge: Judge, found: Iterable[Mutant]) -> tuple[list[Mutant], list[Mutant]]:
    """Mutants that give a finding, and those that give none."""
    caught: list[Mutant] = []
    missed: list[Mutant] = []
    for mutant in found:
        (caught if judge(mutant.sent, mutant.received) else missed).append(mutant)
    return caught, missed
