"""The named drifts: each one change of behaviour that the suite must notice."""

from __future__ import annotations

from collections.abc import Iterator

from contract.drift.of_replies import RESPONSE
from contract.drift.of_requests import REQUEST
from contract.drift.tampering import Drift, Reply, on_failure, on_reply
from contract.judge.description import Description


def _recoded(old: int, new: int) -> Drift:
    edit = on_failure(lambda value: value["header"].update(resultCode=new), old)
    return Drift(f"code {old} becomes {new}", edit, ("code-list",))


CODES = tuple(
    _recoded(old, new)
    for old, new in (
        (400, 5000002),
        (404, 4000001),
        (405, 400),
        (415, 400),
        (4000003, 4000004),
        (4000004, 4000003),
        (4000005, 4000001),
        (4000502, 4000504),
        (4000504, 4000503),
        (4000505, 4000501),
        (4010001, 4010006),
        (4131000, 4000001),
    )
)

DRIFTS: tuple[Drift, ...] = (*REQUEST, *RESPONSE, *CODES)


def of_codes(description: Description) -> Iterator[Drift]:
    """For each known failure a drift that gives it another code; shown by demanded replies."""
    for status, code in description.codes:
        if code != 0:

            def change(reply: Reply, pair: tuple[int, int] = (status, code)) -> Reply:
                value = reply.value
                if value is None or (reply.status, reply.code) != pair:
                    return reply
                value["header"]["resultCode"] = -1 if pair[1] != -1 else 400
                return reply.write(value)

            yield Drift(f"HTTP {status} {code} becomes another code", on_reply(change))
