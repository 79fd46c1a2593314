"""The judge: reads what was sent and what came back, and returns every finding. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from jsonschema import ValidationError

from contract.description import Description
from contract.exchange import JSON, Expectation, Received, Sent
from contract.occurrences import variants
from contract.outcome import Outcome, outcome_of
from contract.reading import Reading, read_result
from contract.result_rules import remarks
from contract.rules import RULES, Finding
from contract.strict_json import Document, Node, members, plain, read, step, walk

# Keywords of JSON Schema by the rule that they come under; `then` and `else` are the coupling.
_KEYWORDS = {
    "required": "required",
    "type": "type",
    "minimum": "range",
    "maximum": "range",
    "exclusiveMinimum": "range",
    "exclusiveMaximum": "range",
    "enum": "value",
    "const": "value",
    "pattern": "value",
    "not": "value",
}


class Judge:
    """Judges replies by one description.

    `judge(sent, received)` returns the findings, most telling first, none if the reply keeps the
    contract. It never raises, whatever the bytes.
    """

    def __init__(self, description: Description) -> None:
        self.description = description

    def __call__(self, sent: Sent, received: Received) -> list[Finding]:
        return list(self._judge(sent, received))

    def outcome(self, sent: Sent, received: Received) -> Outcome | None:
        """Whether the call was accepted and with which code; None if the reply says neither."""
        document = read(received.body)
        return None if document.root is None else outcome_of(received.status, document.root)

    def _judge(self, sent: Sent, received: Received) -> Iterator[Finding]:
        if received.failure:
            yield _finding("reply", sent, "", received.failure)
            return
        # Calls outside the described paths and methods are answered in the same envelope.
        described = sent.operation or next(iter(self.description.operations))
        statuses = self.description.statuses(described)
        if received.status not in statuses:
            yield _finding("status", sent, "", f"HTTP {received.status}")
            return
        page = _is_page(received)
        if sent.page_allowed and received.status >= 400 and not _is_json(received):
            return
        yield from _head(sent, received, page)
        if page:
            return
        document = read(received.body)
        for flaw in document.flaws:
            yield _finding(flaw.rule, sent, flaw.at, flaw.seen)
        if document.root is not None:
            yield from self._body(sent, received, described, document, document.root)

    def _body(
        self, sent: Sent, received: Received, described: str, document: Document, root: Node
    ) -> Iterator[Finding]:
        schema = self.description.statuses(described)[received.status]
        yield from self._keys(sent, document, root, [schema], "$")
        yield from _integers(sent, document, root)
        errors = list(self._schema(sent, described, received.status, document, root))
        yield from errors
        if errors:
            return
        outcome = outcome_of(received.status, root)
        if outcome is None:
            return
        yield from self._codes(sent, received, outcome)
        reading: Reading | None = None
        if outcome.accepted:
            reading = read_result(root)
            for remark in remarks(sent, reading):
                where = document.position(remark.node.start)
                finding = _finding(remark.rule, sent, where, remark.seen)
                yield replace(finding, shown=remark.shown)
        yield from self._expected(sent, outcome, reading)

    def _schema(
        self, sent: Sent, operation: str, status: int, document: Document, root: Node
    ) -> Iterator[Finding]:
        seen: set[tuple[str, str]] = set()
        validator = self.description.reply_validator(operation, status)
        for variant in variants(root):
            for error in validator.iter_errors(plain(variant)):
                where = f"{error.json_path} ({document.position(_locate(variant, error))})"
                if (where, error.message) not in seen:
                    seen.add((where, error.message))
                    yield _finding(f"schema-{_rule_of(error)}", sent, where, _said(error))

    def _keys(
        self, sent: Sent, document: Document, node: Node, schemas: list[Any], path: str
    ) -> Iterator[Finding]:
        """Repeated keys that may not repeat, and unknown fields."""
        if node.kind == "array":
            items = self.description.items(schemas)
            for index, item in enumerate(node.value):
                yield from self._keys(sent, document, item, items, f"{path}[{index}]")
        if node.kind != "object" or not schemas:
            return
        described = self.description.properties(schemas)
        repeatable = self.description.repeatable(schemas)
        for member in node.value:
            place = f"{step(path, member)} ({document.position(member.node.start)})"
            if member.turn == 2 and member.key not in repeatable:
                yield _finding("repeated-key", sent, place, f"the key {member.key!r} repeated")
            if described and member.key not in described and member.turn == 1:
                rule = "cropping-only" if member.key == "slicesImages" else "unknown-field"
                yield _finding(rule, sent, place, f"the field {member.key!r}")
            inner = described.get(member.key, [])
            yield from self._keys(sent, document, member.node, inner, step(path, member))

    def _codes(self, sent: Sent, received: Received, outcome: Outcome) -> Iterator[Finding]:
        known = self.description.codes
        said = f"HTTP {received.status} with resultCode {outcome.code}"
        if (received.status, outcome.code) not in known:
            elsewhere = any(code == outcome.code for _, code in known)
            rule = "status-code-pair" if elsewhere else "unknown-code"
            yield _finding(rule, sent, "", said)
        elif outcome.accepted and outcome.message != "SUCCESS":
            yield _finding("success-message", sent, "", f"resultMessage {outcome.message!r}")
        if not outcome.accepted and outcome.message.strip() in ("", "SUCCESS"):
            yield _finding("failure-message", sent, "", f"resultMessage {outcome.message!r}")

    def _expected(self, sent: Sent, outcome: Outcome, reading: Reading | None) -> Iterator[Finding]:
        expect = sent.expect
        if expect is None:
            return
        said = f"HTTP {outcome.status} with resultCode {outcome.code} ({outcome.message})"
        wrong_side = expect.accepted is not None and outcome.accepted is not expect.accepted
        wrong_code = not outcome.accepted and expect.codes and not self._means(outcome, expect)
        if wrong_side or wrong_code:
            wanted = "" if not expect.codes else f", not one of {sorted(expect.codes)}"
            yield Finding(expect.rule, sent.operation, "", _short(said + wanted), sent.label)
        elif reading and reading.slices is not None and reading.slices < expect.min_slices:
            seen = f"slicesImages {reading.slices}, at least {expect.min_slices} are needed"
            yield Finding(expect.rule, sent.operation, "", seen, sent.label)

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


def _finding(rule: str, sent: Sent, where: str, seen: str) -> Finding:
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
        yield _finding("no-page", sent, "", f"HTTP {received.status} {written!r}")
    elif kind != JSON or any(
        part.startswith("charset") and part.partition("=")[2].strip('"') not in ("utf-8", "utf8")
        for part in parameters
    ):
        yield _finding("content-type", sent, "", f"content-type {written!r}")


def _integers(sent: Sent, document: Document, root: Node) -> Iterator[Finding]:
    """JSON Schema calls 0.0 an integer; a typed client need not."""
    for path, node in walk(root):
        key = path.rpartition(".")[2].partition("#")[0]
        if key in ("resultCode", "slicesImages") and isinstance(node.value, float):
            place = f"{path} ({document.position(node.start)})"
            yield _finding("integer-form", sent, place, node.text)


def _rule_of(error: ValidationError) -> str:
    path: Iterable[Any] = error.absolute_schema_path
    if "then" in path or "else" in path:
        return "coupling"
    return _KEYWORDS.get(str(error.validator), "value")


def _said(error: ValidationError) -> str:
    """The validator's words, without the whole value: it may be a page long, or somebody's text."""
    if error.validator in ("required", "minimum", "maximum", "enum", "const"):
        return str(error.message)
    kind = type(error.instance).__name__
    value = repr(error.instance) if not isinstance(error.instance, dict | list) else kind
    return f"{value} is not {error.validator} {error.validator_value!r}"


def _locate(root: Node, error: ValidationError) -> int:
    node = root
    for part in error.absolute_path:
        node = node.value[part] if isinstance(part, int) else members(node, part)[-1]
    return node.start
