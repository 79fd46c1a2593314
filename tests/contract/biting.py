"""Shows that the suite bites: each drift must be noticed, and most mutants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Self

from nhncloud_ocr_emulator import Emulator

from contract.caller import Caller, Target
from contract.demanded import run_demanded
from contract.description import Description, load
from contract.exchange import Received, Sent
from contract.facts import FACTS, WITHOUT_DRIFT
from contract.fuzz import run_fuzz
from contract.image_host import ImageHost
from contract.judge import Judge
from contract.mutants import Mutant, mutants
from contract.rules import Finding
from contract.suite import run_table
from contract.table import ROWS
from contract.tampering import Drift, Tampered

# Good replies of every kind, by row: the mutants' originals.
ORIGINALS = (
    "jpg",
    "png-1-bit",
    "cropping-jpg",
    "cropping-tall",
    "too-tall",
    "wrong-key",
    "image-text",
)


@dataclass(frozen=True)
class Bite:
    """How a drift was noticed: by which finding, after how many calls."""

    drift: Drift
    finding: Finding | None
    calls: int


class Bench:
    """Clean emulators in both modes, in process, and an image host; drifts go in between."""

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        self.description: Description = load()
        self.judge = Judge(self.description)
        self.host = self._stack.enter_context(ImageHost())
        self.targets = {}
        for mode in ("app", "gateway"):
            emulator = self._stack.enter_context(
                Emulator(engine="fixture", mode=mode, allow_private_urls=True)  # type: ignore[arg-type]
            )
            self.targets[mode] = Target(
                "http://127.0.0.1", emulator.app_key, emulator.secret_key, emulator.transport
            )
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.close()

    def findings(self, target: Target) -> Iterator[Finding]:
        """What table and generated calls find at a server, as they find it."""
        caller = Caller(target, self.description, self.host)
        try:
            yield from chain(
                run_table(caller, self.judge, must_reach=True),
                run_fuzz(target, self.description, self.judge, self.host, max_examples=15),
            )
        finally:
            caller.close()

    def demanded(self, target: Target) -> Iterator[Finding]:
        """What the replies find that the emulator gives on demand."""
        caller = Caller(target, self.description, self.host)
        try:
            yield from run_demanded(caller, self.judge)
        finally:
            caller.close()

    def bite(self, drift: Drift, *, demanded: bool = False) -> Bite:
        """Run the suite, or its demanded replies, against a drifted server, to the first finding."""
        clean = self.targets[drift.mode]
        tampered = Tampered(clean, drift)
        run = self.demanded if demanded else self.findings
        finding = next(run(replace(clean, transport=tampered)), None)
        return Bite(drift, finding, tampered.calls)

    def originals(self) -> Iterator[tuple[Sent, Received]]:
        """Good replies to rows, successes and failures."""
        caller = Caller(self.targets["app"], self.description, self.host)
        rows = {row.name: row for row in ROWS}
        try:
            for name in ORIGINALS:
                yield caller.call(rows[name], rows[name].expect)
        finally:
            caller.close()

    def mutants(self) -> Iterator[Mutant]:
        """All mutants of the originals."""
        for sent, received in self.originals():
            yield from mutants(sent, received)


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
