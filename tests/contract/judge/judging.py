"""The judge: reads what was sent and what came back, and returns every finding. No I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from contract.judge.description import Description
from contract.judge.exchange import JSON, Expectation, Received, Sent
from contract.judge.outcome import Outcome, outcome_of
from contract.judge.places import remarks as about_places
from contract.judge.reading import Reading, Remark, read_result
from contract.judge.rules import RULES, Finding
from contract.judge.shape import Misfit, misfits, odd_integers, odd_keys
from contract.judge.strict_json import Document, Node, read
from contract.judge.truth import remarks as about_truth
from contract.judge.words import remarks as about_words

BODIES = 512  # that are remembered: servers answer alike to most calls of a run


@dataclass(frozen=True)
class _Body:
    """What a body is by itself, whatever was sent for it."""

    document: Document
    misfits: tuple[Misfit, ...]  # with the schema of its status
    outcome: Outcome | None
    reading: Reading | None  # of a success without misfits


@dataclass
class Verdict:
    """All that the suite knows of one exchange; its body has been parsed here, and only here.

    `outcome` is None if the reply says neither yes nor no, `reading` unless it is a success that
    fits its schema.
    """

    sent: Sent
    received: Received
    findings: list[Finding] = field(default_factory=list)
    root: Node | None = None
    outcome: Outcome | None = None
    reading: Reading | None = None


class Judge:
    """Judges replies by one description.

    `examine` returns a verdict, `judge(sent, received)` only its findings: the most telling first,
    none if the reply keeps the contract. Neither raises, whatever the bytes.

    `canned`: the server answers by rote, as a double may; what it reads is not judged.
    """

    def __init__(self, description: Description, *, canned: bool = False) -> None:
        self.description = description
        self.canned = canned
        self._read = lru_cache(BODIES)(self._read_body)

    def __call__(self, sent: Sent, received: Received) -> list[Finding]:
        return self.examine(sent, received).findings

    def examine(self, sent: Sent, received: Received) -> Verdict:
        """Judge one exchange."""
        verdict = Verdict(sent, received)
        verdict.findings.extend(self._judge(verdict))
        return verdict

    def _judge(self, verdict: Verdict) -> Iterator[Finding]:
        sent, received = verdict.sent, verdict.received
        if received.failure:
            yield finding_of("reply", sent, "", received.failure)
            return
        # Calls outside the described paths and methods are answered in the same envelope.
        described = sent.operation or next(iter(self.description.operations))
        statuses = self.description.statuses(described)
        if received.status not in statuses:
            yield finding_of("status", sent, "", f"HTTP {received.status}")
            return
        page = _is_page(received)
        if sent.page_allowed and received.status >= 400 and not _is_json(received):
            return
        yield from _head(sent, received, page)
        if page:
            return
        body = self._read(described, received.status, received.body)
        verdict.root, verdict.outcome = body.document.root, body.outcome
        verdict.reading = body.reading
        yield from self._body(verdict, body)

    def _read_body(self, described: str, status: int, content: bytes) -> _Body:
        document = read(content)
        root = document.root
        if root is None:
            return _Body(document, (), None, None)
        schema = self.description.statuses(described)[status]
        odd = (
            *odd_keys(self.description, document, root, [schema]),
            *odd_integers(document, root),
        )
        unfit = tuple(misfits(self.description, described, status, document, root))
        outcome = outcome_of(status, root)
        reading = read_result(root) if outcome and outcome.accepted and not unfit else None
        return _Body(document, (*odd, *unfit), outcome, reading)

    def _body(self, verdict: Verdict, body: _Body) -> Iterator[Finding]:
        sent, outcome = verdict.sent, body.outcome
        for flaw in body.document.flaws:
            yield finding_of(flaw.rule, sent, flaw.at, flaw.seen)
        for misfit in body.misfits:
            yield finding_of(misfit.rule, sent, misfit.where, misfit.seen)
        if outcome is None or any(misfit.rule.startswith("schema-") for misfit in body.misfits):
            return
        yield from self._codes(sent, outcome)
        expected = list(self._expected(sent, outcome, body.reading))
        yield from expected
        # What it says of an image matters only where it should have said anything.
        if body.reading and not expected:
            yield from self._result(sent, body.reading, body.document)

    def _result(self, sent: Sent, reading: Reading, document: Document) -> Iterator[Finding]:
        role = self.description.role(sent.operation)
        found: list[Remark] = [*about_places(sent, role, reading)]
        if not self.canned:
            found += about_words(sent, reading)
            found += about_truth(sent, role, reading)
        for remark in found:
            finding = finding_of(
                remark.rule, sent, document.position(remark.node.start), remark.seen
            )
            yield replace(finding, shown=remark.shown)

    def _codes(self, sent: Sent, outcome: Outcome) -> Iterator[Finding]:
        known = self.description.codes
        said = f"HTTP {outcome.status} with resultCode {outcome.code}"
        if (outcome.status, outcome.code) not in known:
            elsewhere = any(code == outcome.code for _, code in known)
            rule = "status-code-pair" if elsewhere else "unknown-code"
            yield finding_of(rule, sent, "", said)
        elif outcome.accepted and outcome.message != "SUCCESS":
            yield finding_of("success-message", sent, "", f"resultMessage {outcome.message!r}")
        if not outcome.accepted and outcome.message.strip() in ("", "SUCCESS"):
            yield finding_of("failure-message", sent, "", f"resultMessage {outcome.message!r}")

    def _expected(self, sent: Sent, outcome: Outcome, reading: Reading | None) -> Iterator[Finding]:
        expect = sent.expect
        if expect is None:
            return
        said = f"HTTP {outcome.status} with resultCode {outcome.code} ({outcome.message})"
        wrong_side = expect.accepted is not None and outcome.accepted is not expect.accepted
        wrong_code = not outcome.accepted and expect.codes and not self._means(outcome, expect)
        if wrong_side or wrong_code:
            wanted = "" if not expect.codes else f", not one of {sorted(expect.codes)}"
            yield finding_of(expect.rule.name, sent, "", said + wanted)
        elif reading and reading.slices is not None and reading.slices < expect.min_slices:
            seen = f"slicesImages {reading.slices}, at least {expect.min_slices} are needed"
            yield finding_of(expect.rule.name, sent, "", seen)

    def _means(self, outcome: Outcome, expect: Expectation) -> bool:
        """Whether the code is expected. Under a gateway's status some mean something else."""
        if expect.status is not None:
            return (outcome.status, outcome.code) in {
                (expect.status, code) for code in expect.codes
            }
        known = self.description.codes
        services = known.get((200, outcome.code), "")
        gateways = known.get((outcome.status, outcome.code), "")
        return outcome.code in expect.codes and (not services or services == (gateways or services))


def finding_of(rule: str, sent: Sent, where: str, seen: str) -> Finding:
    """A finding on a call, what was seen cut to a line."""
    return Finding(RULES[rule], sent.operation, where, _short(seen), sent.label)


def _short(seen: str, limit: int = 200) -> str:
    one_line = " ".join(seen.split())
    return one_line if len(one_line) <= limit else one_line[:limit] + "..."


def _kind(received: Received) -> str:
    return received.headers.get("content-type", "").partition(";")[0].strip().lower()


def _is_json(received: Received) -> bool:
    return _kind(received) == JSON


def _is_page(received: Received) -> bool:
    return _kind(received) in ("text/html", "application/xhtml+xml")


def _head(sent: Sent, received: Received, page: bool) -> Iterator[Finding]:
    written = received.headers.get("content-type", "")
    kind, *parameters = (part.strip().lower() for part in written.split(";"))
    if page:
        yield finding_of("no-page", sent, "", f"HTTP {received.status} {written!r}")
    elif kind != JSON or any(
        part.startswith("charset") and part.partition("=")[2].strip('"') not in ("utf-8", "utf8")
        for part in parameters
    ):
        yield finding_of("content-type", sent, "", f"content-type {written!r}")
