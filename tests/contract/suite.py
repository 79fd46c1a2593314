"""Runs the table against a server: each row is sent, judged, and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from contract.caller import Caller
from contract.exchange import Received, Sent
from contract.judge import Judge
from contract.reach import Reach, UrlRows
from contract.rules import Finding
from contract.table import ROWS, Row

# Called with each exchange and its findings, in order.
Observer = Callable[[Sent, Received, list[Finding]], None]


def run_table(
    caller: Caller,
    judge: Judge,
    *,
    rows: Iterable[Row] = ROWS,
    must_reach: bool = False,
    observe: Observer = lambda *_: None,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[Finding]:
    """Make the calls and yield the findings as they come; whoever has enough may stop.

    `tell` gets a sentence on what this server did not let the suite judge, if anything.
    """
    urls = UrlRows(caller.hosting.bound, must_reach=must_reach)
    for row in rows:
        fetched = caller.hosting.fetched
        sent, received = caller.call(row, urls.expectation(row))
        findings = judge(sent, received)
        outcome = judge.outcome(sent, received)
        findings += urls.learn(row, outcome, caller.hosting.fetched > fetched)
        observe(sent, received, findings)
        yield from findings
    if urls.reach is not Reach.UNKNOWN and urls.unproven():
        tell(urls.unproven())
