"""Replies that no call of ours can provoke, asked of the emulator: rare codes, repeated keys.

Only for our own emulator, whose request header makes one call fail on demand; another server
would not know it. They are judged like any other reply.
"""

from __future__ import annotations

from collections.abc import Iterator

from contract import expectations as x
from contract.caller import Caller, receive
from contract.exchange import CROPPING, GENERAL, Expectation, Sent
from contract.judge import Judge
from contract.rules import RULES, Finding
from contract.suite import Observer
from contract.table import ROWS

HEADER = "X-Emulator-Fault"


def run_demanded(
    caller: Caller, judge: Judge, *, observe: Observer = lambda *_: None
) -> Iterator[Finding]:
    """Each known status and code once for each operation, and each repeated key."""
    rows = {row.operation: row for row in ROWS if row.name in ("png", "cropping-png")}
    for operation in (GENERAL, CROPPING):
        row = rows[operation]
        picture = getattr(row.body, "picture", None)
        for fault, expect in _demands(caller):
            request = caller.request(row)
            request.headers[HEADER] = fault
            sent = Sent(fault, operation, row.body.media_type, picture=picture, expect=expect)
            received = caller.target.cleaned(receive(caller.client, request))
            findings = judge(sent, received)
            observe(sent, received, findings)
            yield from findings


def _demands(caller: Caller) -> Iterator[tuple[str, Expectation]]:
    for status, code in caller.description.codes:
        if code != 0:
            demanded = Expectation(
                RULES["either"], accepted=False, codes=frozenset({code}), status=status
            )
            yield f"result_code={code}; status={status}", demanded
    for keys in ("texts", "both"):
        yield f"repeated_keys={keys}", x.ACCEPTED
