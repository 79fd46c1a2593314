"""The shape of a body, as the schemas of the description have it: fields, types, values, keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from jsonschema import ValidationError

from contract.judge.description import Description
from contract.judge.occurrences import variants
from contract.judge.strict_json import Document, Node, members, plain, step, walk

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


class Misfit(NamedTuple):
    """A place that does not fit: the rule's name, where, and what was seen."""

    rule: str
    where: str
    seen: str


def misfits(
    description: Description, operation: str, status: int, document: Document, root: Node
) -> Iterator[Misfit]:
    """Where a body does not fit the schema of its status, at every occurrence of a key."""
    seen: set[tuple[str, str]] = set()
    validator = description.reply_validator(operation, status)
    for variant in variants(root):
        for error in validator.iter_errors(plain(variant)):
            where = f"{error.json_path} ({document.position(_locate(variant, error))})"
            if (where, error.message) not in seen:
                seen.add((where, error.message))
                yield Misfit(f"schema-{_rule_of(error)}", where, _said(error))


def odd_keys(
    description: Description, document: Document, node: Node, schemas: list[Any], path: str = "$"
) -> Iterator[Misfit]:
    """Repeated keys that may not repeat, and unknown fields."""
    if node.kind == "array":
        items = description.items(schemas)
        for index, item in enumerate(node.value):
            yield from odd_keys(description, document, item, items, f"{path}[{index}]")
    if node.kind != "object" or not schemas:
        return
    described = description.properties(schemas)
    repeatable = description.repeatable(schemas)
    for member in node.value:
        place = f"{step(path, member)} ({document.position(member.node.start)})"
        if member.turn == 2 and member.key not in repeatable:
            yield Misfit("repeated-key", place, f"the key {member.key!r} repeated")
        if described and member.key not in described and member.turn == 1:
            rule = "cropping-only" if member.key == "slicesImages" else "unknown-field"
            yield Misfit(rule, place, f"the field {member.key!r}")
        inner = described.get(member.key, [])
        yield from odd_keys(description, document, member.node, inner, step(path, member))


def odd_integers(document: Document, root: Node) -> Iterator[Misfit]:
    """JSON Schema calls 0.0 an integer; a typed client need not."""
    for path, node in walk(root):
        key = path.rpartition(".")[2].partition("#")[0]
        if key in ("resultCode", "slicesImages") and isinstance(node.value, float):
            yield Misfit("integer-form", f"{path} ({document.position(node.start)})", node.text)


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
