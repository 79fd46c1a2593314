"""The program behind `nox -s drift`: breaks the server in every way and sees each one noticed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

from nhncloud_ocr_emulator._settings import Engine

from contract.command import REPORTS
from contract.drift.accepted import reason_for
from contract.drift.bench import DEMANDED, Bench, noticed, of_way, unexplained
from contract.drift.freedoms import FREEDOMS, run_freely
from contract.drift.named import DRIFTS, of_codes
from contract.drift.of_paths import TOGETHER, paths
from contract.drift.of_tokens import TOKENS
from contract.drift.of_words import reading
from contract.drift.tampering import WAYS, Drift
from contract.drivers.session import Driver
from contract.drivers.together import run_together
from contract.drivers.token_endpoint import run_tokens
from contract.judge.rules import Finding, Severity


class Proof:
    """What was tried and what came of it: lines to print, and what failed."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.lines: list[str] = []
        self.failures: list[str] = []
        self._say = say

    def tell(self, line: str) -> None:
        """Print a line and keep it for the report."""
        self.lines.append(line)
        self._say(line)

    def fail(self, what: str) -> None:
        """Note what makes the proof fail."""
        self.failures.append(what)

    def drifts(self, bench: Bench, kind: str, drifts: Iterable[Drift], *drivers: Driver) -> None:
        """Break the server in each way; each must be noticed, or accepted with a reason."""
        seen = tried = 0
        for drift in drifts:
            bite = bench.bite(drift, *drivers)
            tried += 1
            if bite.finding is not None:
                seen += 1
                rule = f"{bite.finding.rule.name} at call {bite.calls}, {bite.finding.label}"
                self.tell(f"  {drift.name}: {rule}")
            elif drift.unseen:
                self.tell(f"  missed, accepted: {drift.name}: {drift.unseen}")
            else:
                self.fail(f"not noticed: {drift.name}")
                self.tell(f"  MISSED, not accepted: {drift.name}, in {bite.calls} calls")
        self.tell(f"{kind} drifts: {seen} of {tried} noticed")

    def clean(self, bench: Bench) -> None:
        """A server that keeps the contract gives no finding.

        Nor does it to a part of the suite alone, such as drifts are shown with: a finding of that
        kind would make any drift look noticed.
        """
        for mode, target in bench.targets.items():
            self._clean(f"mode {mode}", bench.findings(target))
        parts = [*(of_way(way) for way in WAYS), run_together, *DEMANDED]
        found = chain.from_iterable(bench.findings(bench.targets["app"], part) for part in parts)
        self._clean("each part of the suite alone", found)

    def _clean(self, how: str, findings: Iterable[Finding]) -> None:
        found = [finding.line() for finding in findings]
        self.tell(f"clean server, {how}: {len(found)} findings")
        self.failures += found

    def freedoms(self, bench: Bench, freedoms: Iterable[Drift]) -> None:
        """A server that uses what the documents allow must not be called wrong."""
        for freedom in freedoms:
            bite = bench.bite(freedom, run_freely, run_tokens, breaks_only=True)
            if bite.finding is not None:
                self.fail(f"called wrong: {freedom.name}: {bite.finding.line()}")
            self.tell(f"  {freedom.name}: {'WRONGED' if bite.finding else 'passes'}")

    def mutants(self, bench: Bench) -> None:
        """Each mutant that means something else must be noticed, or accepted with a reason."""
        made = list(bench.mutants())
        differing = [mutant for mutant in made if not mutant.same]
        same = [mutant for mutant in made if mutant.same]
        caught, missed = noticed(bench.judge, differing)
        for mutant in missed:
            what = f"{mutant.operator} {mutant.place} ({mutant.sent.label})"
            reason = reason_for(mutant)
            if reason:
                self.tell(f"  missed, accepted: {what}: {reason}")
            else:
                self.tell(f"  MISSED, not accepted: {what}")
                self.fail(f"not noticed: {what}")
        breaks = sum(
            any(
                finding.severity() is Severity.BREAK
                for finding in bench.judge(mutant.sent, mutant.received)
            )
            for mutant in caught
        )
        share = len(caught) / len(differing)
        self.tell(
            f"mutants: {len(caught)} of {len(differing)} noticed ({share:.1%}), {breaks} as breaks"
        )
        wronged, _ = noticed(bench.judge, same)
        self.tell(f"mutants that mean the same: {len(same)}, of which called wrong: {len(wronged)}")
        self.failures += [f"means the same: {m.operator} {m.place}" for m in wronged]


def main(
    engine: Engine = "fixture", say: Callable[[str], None] = print, reports: Path = REPORTS
) -> int:
    """Run all drifts and mutants; 0 if the suite notices what it must, else 1.

    Raises EngineUnavailableError.
    """
    started = time.monotonic()
    proof = Proof(say)
    with Bench(engine) as bench:
        proof.tell(f"engine {engine}")
        proof.clean(bench)
        proof.freedoms(bench, FREEDOMS)
        proof.drifts(bench, "named", DRIFTS)
        proof.drifts(bench, "reading", reading())
        proof.drifts(bench, "path", paths())
        proof.drifts(bench, "v1.1", TOKENS)
        proof.drifts(bench, "simultaneous", [TOGETHER], run_together)
        proof.drifts(bench, "code", of_codes(bench.description), *DEMANDED)
        proof.failures += [
            f"no drift: {fact}" for fact in unexplained([*DRIFTS, *reading(), *paths(), *TOKENS])
        ]
        proof.mutants(bench)
    proof.tell(f"{time.monotonic() - started:.0f} s")
    for failure in proof.failures:
        proof.tell(f"FAILED {failure}")
    reports.mkdir(parents=True, exist_ok=True)
    (reports / "drift.txt").write_text("\n".join(proof.lines) + "\n", encoding="utf-8")
    return 1 if proof.failures else 0
