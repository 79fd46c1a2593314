"""Two callers at once: what one of them sent must not come back to the other."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from contract.drivers.caller import Caller
from contract.drivers.session import Session
from contract.judge.rules import Finding

_PAIRS = (
    ("read-kitchen", "read-library"),
    ("cropping-read-library", "cropping-read-kitchen"),
    ("read-kitchen", "wrong-key"),
    ("cropping-read-library", "cropping-wrong-key"),
    ("read-library", "image-text"),
)
ROUNDS = 2


def run_together(session: Session) -> Iterator[Finding]:
    """Send pairs of rows at the same time, each over connections of its own."""
    rows = {row.name.removeprefix("v1.1-"): row for row in reversed(list(session.rows))}
    others = Caller(session.target, session.judge.description, session.hosting)
    try:
        with ThreadPoolExecutor(2) as pool:
            for names in _PAIRS * ROUNDS:
                first, second = (rows[name] for name in names)
                started = [
                    pool.submit(caller.call, row, row.expect)
                    for caller, row in ((session.caller, first), (others, second))
                ]
                for future in started:
                    verdict = session.judged(*future.result())
                    session.observe(verdict)
                    yield from verdict.findings
    finally:
        others.close()
