"""Whether a call was accepted, as its reply says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contract.judge.strict_json import Node, members

# Credentials were refused: such a call has shown nothing of what else it carried.
CREDENTIALS = frozenset({401, 403, 4000005, *range(4010001, 4010008)})


@dataclass(frozen=True)
class Outcome:
    """What the header of a reply says."""

    status: int
    accepted: bool
    code: int
    message: str

    @property
    def credentials_refused(self) -> bool:
        """Whether the service looked no further than the keys."""
        return not self.accepted and self.code in CREDENTIALS


def outcome_of(status: int, root: Node) -> Outcome | None:
    """Read the header; None if it is not the documented one."""
    headers = members(root, "header")
    if not headers:
        return None
    fields: dict[str, Any] = {}
    for key, kind in (("isSuccessful", bool), ("resultCode", int), ("resultMessage", str)):
        found = members(headers[-1], key)
        if not found or not isinstance(found[-1].value, kind):
            return None
        fields[key] = found[-1].value
    return Outcome(status, fields["isSuccessful"], fields["resultCode"], fields["resultMessage"])
