"""Runs the table against a server: each row is sent, judged, and counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contract.drivers.reach import Reach, UrlRows
from contract.drivers.rows import Row
from contract.drivers.session import Session
from contract.judge.rules import Finding


def run_table(session: Session, rows: Iterable[Row] | None = None) -> Iterator[Finding]:
    """Make the calls and yield the findings as they come; whoever has enough may stop."""
    urls = UrlRows(session.hosting, must_reach=session.must_reach)
    for row in session.rows if rows is None else rows:
        sent, received = session.caller.call(row, urls.expectation(row))
        verdict = session.judged(sent, received)
        verdict.findings += urls.learn(row, sent, verdict.outcome)
        session.observe(verdict)
        yield from verdict.findings
    if urls.reach is not Reach.UNKNOWN and urls.unproven():
        session.tell(urls.unproven())
