"""What rows with an image's URL can expect: it depends on whether the server reaches our images."""

from __future__ import annotations

from enum import Enum

from contract import expectations as x
from contract.bodies import ANY, NOBODY, At
from contract.exchange import Expectation
from contract.outcome import Outcome
from contract.rules import RULES, Finding
from contract.table import Row


class Reach(Enum):
    """How a server treats the URL of an image that we serve."""

    UNKNOWN = "not tried yet"
    FETCHES = "it fetched the image from us"
    ANSWERS = "it accepted the URL without fetching the image"
    REFUSES = "it does not fetch from here"


# Rows whose answer does not depend on whether the image can be fetched.
_UNTOUCHED = (x.PORT, x.NO_URL, x.WRONG_KEY, x.EITHER)


class UrlRows:
    """Decides what each URL row expects, and holds equal cases to equal answers.

    `must_reach`: the server was told to reach our image host, so a refusal is a finding.
    """

    def __init__(self, bound: frozenset[int], *, must_reach: bool) -> None:
        self.bound = bound
        self.reach = Reach.FETCHES if must_reach else Reach.UNKNOWN
        self._first: dict[str, tuple[str, int]] = {}

    def expectation(self, row: Row) -> Expectation:
        """What the row expects of this server."""
        body = row.body
        if not isinstance(body, At) or row.expect in _UNTOUCHED:
            return row.expect
        served = body.port in (ANY, NOBODY) or (body.port or 80) in self.bound
        if self.reach is Reach.FETCHES:
            return row.expect if served else x.UNREACHED
        if self.reach is Reach.ANSWERS:
            return row.expect if row.expect.accepted else x.EITHER
        return x.EITHER

    def learn(self, row: Row, outcome: Outcome | None, fetched: bool) -> list[Finding]:
        """Take note of an answer; a finding if an equal case was answered otherwise."""
        body = row.body
        if not isinstance(body, At) or outcome is None or outcome.credentials_refused:
            return []
        if self.reach is Reach.UNKNOWN and row.expect is x.FETCHED:
            if fetched:
                self.reach = Reach.FETCHES
            else:
                self.reach = Reach.ANSWERS if outcome.accepted else Reach.REFUSES
        return self._same(row, outcome)

    def _same(self, row: Row, outcome: Outcome) -> list[Finding]:
        # A forbidden port that was tried all the same shows in another code than the rest.
        if row.expect is x.PORT:
            case = "forbidden ports"
        elif row.expect is x.FETCHED and self.reach is Reach.REFUSES:
            case = "allowed ports"
        else:
            return []
        name, code = self._first.setdefault(case, (row.name, outcome.code))
        if code == outcome.code:
            return []
        seen = f"resultCode {outcome.code}, but {code} for {name}, of {case} alike"
        rule = row.expect.rule if row.expect is x.PORT else RULES["accepts-url"]
        return [Finding(rule, row.operation, "", seen, row.name)]

    def unproven(self) -> str:
        """What could not be shown, in a sentence; empty if all was."""
        if self.reach is Reach.FETCHES:
            return ""
        codes = {case: code for case, (_, code) in self._first.items()}
        alike = len(codes) == 2 and len(set(codes.values())) == 1
        ports = "; allowed and forbidden ports are answered alike" if alike else ""
        return f"image URLs: {self.reach.value}, so downloads could not be judged{ports}"
