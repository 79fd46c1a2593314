"""What rows with an image's URL can expect: it depends on whether the server reaches our images."""

from __future__ import annotations

from enum import Enum

from contract.drivers.image_host import Elsewhere, ImageHost
from contract.drivers.rows import expectations as x
from contract.drivers.rows.bodies import ANY, NOBODY, TLS, At
from contract.drivers.rows.row import Row
from contract.judge.exchange import Expectation, Sent
from contract.judge.judging import finding_of
from contract.judge.outcome import Outcome
from contract.judge.rules import Finding


class Reach(Enum):
    """How a server treats the URL of an image that we serve."""

    UNKNOWN = "not tried yet"
    FETCHES = "it fetched the image from us"
    ANSWERS = "it accepted the URL without fetching the image"
    REFUSES = "it does not fetch from here"


# Rows whose answer does not depend on whether the image can be fetched.
_UNTOUCHED = (
    *(x.PORT, x.NO_URL, x.EITHER, x.PATH),
    *(x.NO_KEY, x.WRONG_KEY, x.SCHEME, x.FOREIGN),
)


class UrlRows:
    """Decides what each URL row expects, and holds equal cases to equal answers.

    `must_reach`: the server was told to reach our image host, so a refusal is a finding.
    """

    def __init__(self, hosting: ImageHost | Elsewhere, *, must_reach: bool) -> None:
        self.hosting = hosting
        self.reach = Reach.FETCHES if must_reach else Reach.UNKNOWN
        self._first: dict[str, tuple[str, int]] = {}
        self._before()

    def expectation(self, row: Row) -> Expectation:
        """What the row expects of this server. To be asked just before the call."""
        self._before()
        body = row.body
        if not isinstance(body, At) or row.expect in _UNTOUCHED:
            return row.expect
        served = body.port in (ANY, NOBODY, TLS) or (body.port or 80) in self.hosting.bound
        if self.reach is Reach.FETCHES:
            return row.expect if served else x.UNREACHED
        if self.reach is Reach.ANSWERS:
            return row.expect if row.expect.accepted else x.EITHER
        return x.EITHER

    def _before(self) -> None:
        self._fetched = self.hosting.fetched
        self._forbidden = len(self.hosting.forbidden)
        self._greeted = self.hosting.greeted

    def learn(self, row: Row, sent: Sent, outcome: Outcome | None) -> list[Finding]:
        """Take note of an answer: what was fetched for it, and whether equal cases are equal."""
        asked = self.hosting.forbidden[self._forbidden :]
        if asked:
            seen = f"port {asked[0]} was asked for the image"
            return [finding_of("unfetched-port", sent, "", seen)]
        body = row.body
        if not isinstance(body, At) or outcome is None or outcome.credentials_refused:
            return []
        if self.reach is Reach.UNKNOWN and row.expect is x.FETCHED:
            if self.hosting.fetched > self._fetched:
                self.reach = Reach.FETCHES
            else:
                self.reach = Reach.ANSWERS if outcome.accepted else Reach.REFUSES
        silent = self.hosting.greeted == self._greeted
        if row.expect is x.HTTPS and self.reach is Reach.FETCHES and silent:
            seen = f"resultCode {outcome.code}, and nobody asked for the image over TLS"
            return [finding_of("accepts-https", sent, "", seen)]
        return self._same(row, sent, outcome)

    def _same(self, row: Row, sent: Sent, outcome: Outcome) -> list[Finding]:
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
        return [finding_of(row.expect.rule.name, sent, "", seen)]

    def unproven(self) -> str:
        """What could not be shown, in a sentence; empty if all was."""
        if self.reach is Reach.FETCHES:
            return ""
        codes = {case: code for case, (_, code) in self._first.items()}
        alike = len(codes) == 2 and len(set(codes.values())) == 1
        ports = "; allowed and forbidden ports are answered alike" if alike else ""
        return f"image URLs: {self.reach.value}, so downloads could not be judged{ports}"
