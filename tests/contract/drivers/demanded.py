"""Replies that no call of ours can provoke, asked of the emulator: rare codes, repeated keys.

Only for our own emulator, whose request header makes one call fail on demand; another server
would not know it. They are judged like any other reply.
"""

from __future__ import annotations

from collections.abc import Iterator

from contract.drivers.caller import receive
from contract.drivers.rows import expectations as x
from contract.drivers.rows.bodies import Upload
from contract.drivers.session import Session
from contract.judge.description import Description
from contract.judge.exchange import Expectation
from contract.judge.rules import RULES, Finding

HEADER = "X-Emulator-Fault"


def run_demanded(session: Session) -> Iterator[Finding]:
    """Each known status and code once for each operation and version, and each repeated key."""
    for row in session.rows:
        if not isinstance(row.body, Upload) or not row.name.endswith("read-kitchen"):
            continue
        for fault, expect in _demands(session.judge.description):
            request = session.caller.request(row)
            request.headers[HEADER] = fault
            sent = session.caller.sent(row, expect, label=fault, picture=row.body.picture)
            received = session.target.cleaned(receive(session.caller.client, request))
            verdict = session.judged(sent, received)
            session.observe(verdict)
            yield from verdict.findings


def _demands(description: Description) -> Iterator[tuple[str, Expectation]]:
    for status, code in description.codes:
        if code != 0:
            demanded = Expectation(
                RULES["either"], accepted=False, codes=frozenset({code}), status=status
            )
            yield f"result_code={code}; status={status}", demanded
    for keys in ("texts", "both"):
        yield f"repeated_keys={keys}", x.ACCEPTED
