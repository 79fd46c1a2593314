"""The program behind `nox -s drift`: breaks the server in every way and sees each one noticed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from contract import keywords
from contract.biting import Bench, noticed, unexplained
from contract.command import REPORTS
from contract.drifts import DRIFTS, of_codes
from contract.rules import Severity

GOAL = 0.94  # of the mutants that mean something else


def main(say: Callable[[str], None] = print, reports: Path = REPORTS) -> int:
    """Run all drifts and mutants; 0 if the suite notices what it must, else 1."""
    started = time.monotonic()
    lines: list[str] = []
    failures: list[str] = []

    def tell(line: str) -> None:
        lines.append(line)
        say(line)

    with Bench() as bench:
        for mode, target in bench.targets.items():
            found = [finding.line() for finding in bench.findings(target)]
            tell(f"clean server, mode {mode}: {len(found)} findings")
            failures += found
        for kind, drifts in (
            ("named", list(DRIFTS)),
            ("keyword", list(keywords.drifts(bench.description))),
            ("code", list(of_codes(bench.description))),
        ):
            missed = 0
            for drift in drifts:
                bite = bench.bite(drift, demanded=kind == "code")
                if bite.finding is None:
                    missed += 1
                    failures.append(f"not noticed: {drift.name}")
                    tell(f"  MISSED {drift.name}, in {bite.calls} calls")
                else:
                    rule = f"{bite.finding.rule.name} at call {bite.calls}, {bite.finding.label}"
                    tell(f"  {drift.name}: {rule}")
            tell(f"{kind} drifts: {len(drifts) - missed} of {len(drifts)} noticed")
        failures += [f"no drift: {fact}" for fact in unexplained(DRIFTS)]
        failures += [f"no drift: {keyword}" for keyword in keywords.unbroken(bench.description)]
        made = list(bench.mutants())
        differing = [mutant for mutant in made if not mutant.same]
        same = [mutant for mutant in made if mutant.same]
        caught, missed_mutants = noticed(bench.judge, differing)
        for mutant in missed_mutants:
            tell(f"  missed {mutant.operator} {mutant.place} ({mutant.sent.label})")
        breaks = sum(
            any(
                finding.severity() is Severity.BREAK
                for finding in bench.judge(mutant.sent, mutant.received)
            )
            for mutant in caught
        )
        share = len(caught) / len(differing)
        tell(
            f"mutants: {len(caught)} of {len(differing)} noticed ({share:.1%}), {breaks} as breaks"
        )
        if share < GOAL:
            failures.append(f"mutants noticed: {share:.1%}, less than {GOAL:.0%}")
        wronged, _ = noticed(bench.judge, same)
        tell(f"mutants that mean the same: {len(same)}, of which called wrong: {len(wronged)}")
        failures += [f"means the same: {m.operator} {m.place}" for m in wronged]
    tell(f"{time.monotonic() - started:.0f} s")
    for failure in failures:
        tell(f"FAILED {failure}")
    reports.mkdir(parents=True, exist_ok=True)
    (reports / "drift.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 1 if failures else 0
