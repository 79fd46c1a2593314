"""A whole run against one server: the drivers in turn, until the first break."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from contract.caller import Caller, Target
from contract.coverage import Coverage
from contract.demanded import run_demanded
from contract.description import Description, load
from contract.exchange import Received, Sent
from contract.fuzz import run_fuzz
from contract.image_host import Elsewhere, ImageHost
from contract.judge import Judge
from contract.report import Report
from contract.rules import Finding
from contract.sdk import run_sdk
from contract.suite import Observer, run_table


@dataclass
class Run:
    """What is held against which server, with which means.

    `ours`: the server is our emulator, which reaches our image host and fails on demand.
    """

    target: Target
    hosting: ImageHost | Elsewhere
    report: Report
    coverage: Coverage
    ours: bool = False
    seed: int = 1
    max_examples: int = 40

    def all(self) -> bool:
        """Run every driver; True if no break was found. Ends at the first break."""
        return self._run(None)

    def table(self) -> bool:
        """Run the table alone."""
        return self._run("table")

    def _run(self, only: str | None) -> bool:
        description = load()
        judge = Judge(description)
        caller = Caller(self.target, description, self.hosting)
        try:
            drivers = self._drivers(caller, description, judge)
            return all(
                self._drive(name, driver) for name, driver in drivers if only in (None, name)
            )
        finally:
            caller.close()

    def _drivers(
        self, caller: Caller, description: Description, judge: Judge
    ) -> Iterator[tuple[str, Callable[[Observer], Iterator[Finding]]]]:
        yield (
            "table",
            lambda observe: run_table(
                caller, judge, must_reach=self.ours, observe=observe, tell=self.report.say
            ),
        )
        yield (
            "generated",
            lambda observe: run_fuzz(
                self.target,
                description,
                judge,
                self.hosting,
                seed=self.seed,
                max_examples=self.max_examples,
                observe=observe,
            ),
        )
        yield "sdk", lambda observe: run_sdk(caller, judge, observe=observe, tell=self.report.say)
        if self.ours:
            yield "demanded", lambda observe: run_demanded(caller, judge, observe=observe)

    def _drive(self, name: str, driver: Callable[[Observer], Iterator[Finding]]) -> bool:
        def observe(sent: Sent, received: Received, findings: list[Finding]) -> None:
            self.report.call(name, sent, received, findings)
            self.coverage.observe(sent, received, findings)

        return not any(self.report.find(finding) for finding in driver(observe))
