"""What of the description a run has really reached, by outcome and not by request.

A call that met only a credentials failure has shown its result code, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from contract.judge.description import Description
from contract.judge.exchange import MULTIPART, Sent
from contract.judge.judging import Verdict
from contract.judge.strict_json import Node, walk

# What no call can reach, and why.
UNREACHABLE = {f"{MULTIPART} $.image type: invalid": "a part is always bytes"}
# Keywords that allow everything or only describe.
_SILENT = {"description", "title", "examples", "example", "properties", "format", "x-result-codes"}


@dataclass
class Coverage:
    """Collects from exchanges; `wanted` maps each kind to the items that the description has."""

    description: Description
    reached: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.wanted = dict(_wanted(self.description))
        self._seen: set[tuple[str, int, bytes]] = set()
        self._lock = Lock()

    def observe(self, verdict: Verdict) -> None:
        """Count one exchange. A reply that does not fit its schema has shown nothing."""
        with self._lock:
            self._observe(verdict)

    def _observe(self, verdict: Verdict) -> None:
        if any(finding.rule.name.startswith("schema-") for finding in verdict.findings):
            return
        sent, received, root = verdict.sent, verdict.received, verdict.root
        outcome = verdict.outcome
        if root is None or outcome is None:
            return
        operation = sent.operation
        self._reach("result codes", f"HTTP {received.status} {outcome.code}")
        if not operation:
            return
        if outcome.credentials_refused:
            if not sent.authorized:
                self._reach("credentials", f"{operation} {sent.media_type}: refused")
            return
        if received.status == 200 and sent.method == "POST":
            side = "accepted" if outcome.accepted else "refused"
            self._reach("calls", f"{operation} {sent.media_type}: {side}")
            if outcome.accepted:
                self._reach("credentials", f"{operation} {sent.media_type}: accepted")
            self._keywords(sent, outcome.accepted)
        body = (operation, received.status, received.body)
        if body in self._seen:
            return  # and has shown all that it can
        self._seen.add(body)
        branch = "then" if outcome.accepted else "else"
        self._reach("branches", f"{operation} HTTP {received.status}: {branch}")
        self._reach("statuses", f"{operation} HTTP {received.status}")
        for path, node in walk(root):
            self._reach("response properties", f"{operation} {_general(path)}")
            for key in _repeated(node):
                self._reach("repeated keys", f"{operation} {key}")

    def _keywords(self, sent: Sent, accepted: bool) -> None:
        """Accepted: all keywords were valid. Refused: those that the body breaks were invalid."""
        schemas = self.description.request_schemas(sent.operation)
        if sent.media_type not in schemas:
            return
        errors = list(self.description.validator(schemas[sent.media_type]).iter_errors(sent.value))
        if accepted and not errors:
            for item in self.wanted["request keywords"]:
                if item.startswith(sent.media_type) and item.endswith(": valid"):
                    self._reach("request keywords", item)
        elif not accepted:
            for error in errors:
                item = f"{sent.media_type} {error.json_path} {error.validator}: invalid"
                self._reach("request keywords", item)

    def _reach(self, kind: str, item: str) -> None:
        if item in self.wanted.get(kind, ()):
            self.reached.setdefault(kind, set()).add(item)

    def missing(self, reasons: Mapping[str, str] = UNREACHABLE) -> dict[str, list[str]]:
        """What was not reached and has no reason for it, by kind."""
        return {
            kind: left
            for kind, items in self.wanted.items()
            if (left := [i for i in items - self.reached.get(kind, set()) if i not in reasons])
        }

    def lines(self) -> Iterator[str]:
        """A table: reached of all, by kind, and what is missing by name, with its reason if any."""
        for kind, items in self.wanted.items():
            reached = self.reached.get(kind, set())
            yield f"{kind + ':':22}{len(reached):4} of {len(items)}"
            for item in sorted(items - reached):
                reason = UNREACHABLE.get(item)
                yield f"    not reached: {item}" + (f" ({reason})" if reason else "")


def _wanted(description: Description) -> Iterator[tuple[str, set[str]]]:
    operations = description.operations.values()
    calls = {
        f"{operation.id} {media}: {side}"
        for operation in operations
        for media in operation.media_types
        for side in ("accepted", "refused")
    }
    yield "calls", calls
    yield "credentials", calls
    yield (
        "request keywords",
        {
            f"{media} {keyword}: {side}"
            for operation in operations
            for media, schema in description.request_schemas(operation.id).items()
            for keyword in _keywords(description, schema, "$")
            for side in ("valid", "invalid")
        },
    )
    yield (
        "response properties",
        {
            f"{operation.id} {path}"
            for operation in operations
            for schema in description.statuses(operation.id).values()
            for path in _properties(description, [schema], "$")
        },
    )
    yield (
        "branches",
        {
            f"{operation.id} HTTP {status}: {branch}"
            for operation in operations
            for status in description.statuses(operation.id)
            for branch in (("then", "else") if status == 200 else ("else",))
        },
    )
    yield (
        "statuses",
        {
            f"{operation.id} HTTP {status}"
            for operation in operations
            for status in description.statuses(operation.id)
        },
    )
    yield "result codes", {f"HTTP {status} {code}" for status, code in description.codes}
    yield (
        "repeated keys",
        {
            f"{operation.id} {key}"
            for operation in operations
            for schema in description.statuses(operation.id).values()
            for key in _repeatable(description, [schema])
        },
    )


def _keywords(description: Description, schema: Mapping[str, Any], path: str) -> Iterator[str]:
    for keyword in schema.keys() - _SILENT:
        if schema[keyword] is not True:
            yield f"{path} {keyword}"
    for key, inner in schema.get("properties", {}).items():
        yield from _keywords(description, description.resolve(inner), f"{path}.{key}")


def _properties(description: Description, schemas: list[Any], path: str) -> Iterator[str]:
    for key, inner in description.properties(schemas).items():
        if any(schema is not False for schema in inner):
            yield f"{path}.{key}"
            yield from _properties(description, inner, f"{path}.{key}")
    items = description.items(schemas)
    if items:
        yield from _properties(description, items, f"{path}[]")


def _repeatable(description: Description, schemas: list[Any]) -> Iterator[str]:
    yield from description.repeatable(schemas)
    for inner in description.properties(schemas).values():
        yield from _repeatable(description, inner)
    items = description.items(schemas)
    if items:
        yield from _repeatable(description, items)


def _repeated(node: Node) -> Iterator[str]:
    if node.kind == "object":
        yield from (member.key for member in node.value if member.turn == 2)


def _general(path: str) -> str:
    """A path without indices and turns."""
    parts = [part.partition("#")[0] for part in path.split(".")]
    return ".".join(part.partition("[")[0] + "[]" * part.count("[") for part in parts)
