"""A whole run against one server: the drivers in turn, until the first break."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from contract.drivers.demanded import run_demanded
from contract.drivers.fuzz import run_fuzz
from contract.drivers.sdk import run_sdk
from contract.drivers.session import Driver, Session
from contract.drivers.suite import run_table
from contract.drivers.together import run_together
from contract.drivers.token_endpoint import run_tokens
from contract.judge import Verdict
from contract.report.coverage import Coverage
from contract.report.report import Report

TABLE: tuple[tuple[str, Driver], ...] = (
    ("tokens", run_tokens),  # first: without a token nothing of v1.1 can be asked
    ("table", run_table),
    ("together", run_together),
)
BEYOND_TABLE: tuple[tuple[str, Driver], ...] = (("generated", run_fuzz), ("sdk", run_sdk))
ANY_SERVER = (*TABLE, *BEYOND_TABLE)
# Our emulator also fails on demand.
DEMANDED: tuple[tuple[str, Driver], ...] = (("demanded", run_demanded),)
EMULATOR = (*ANY_SERVER, *DEMANDED)


@dataclass
class Run:
    """A session whose calls are reported and counted."""

    session: Session
    report: Report
    coverage: Coverage

    def drive(self, drivers: Sequence[tuple[str, Driver]]) -> bool:
        """Run the drivers; True if no break was found. Ends at the first break.

        That of another run with the same report, at the same time, ends this one as well.
        """
        with self.session, suppress(_BrokenElsewhereError):
            return all(self._drive(name, driver) for name, driver in drivers)
        return False

    def _drive(self, name: str, driver: Driver) -> bool:
        def observe(verdict: Verdict) -> None:
            if self.report.breaks:
                raise _BrokenElsewhereError
            self.report.call(name, verdict)
            self.coverage.observe(verdict)

        self.session.observe = observe
        return not any(self.report.find(finding) for finding in driver(self.session))


class _BrokenElsewhereError(Exception):
    """Another run has found a break."""
