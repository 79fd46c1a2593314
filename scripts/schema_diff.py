"""Compare two JSON schemas without references, knowing who sends what they describe.

A request may accept more than before but not less; a response may promise more but not less. So a
narrower request breaks those who send it, and a wider response those who read it. A change that
could be either counts as breaking.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Direction = Literal["request", "response"]

# Tells people something and constrains nothing.
WORDS = {
    *("title", "summary", "description", "example", "examples", "default", "deprecated"),
    *("externalDocs", "$comment"),
}
LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
SUBSCHEMAS = ("items", "additionalProperties", "unevaluatedProperties", "then", "else")
NAME = "$name"  # holds the name of the component that a reference pointed to, where one did
TYPES = {"null", "boolean", "integer", "number", "string", "array", "object"}


@dataclass(frozen=True, order=True)
class Change:
    """One difference: whether it is harmless, where it is, and what it is."""

    harmless: bool
    place: str
    text: str

    def __str__(self) -> str:
        return f"{'harmless' if self.harmless else 'BREAKS'}: {self.place}: {self.text}"


def narrower(place: str, direction: Direction, text: str) -> Change:
    """Less is allowed than before, which breaks those who send it."""
    return Change(direction == "response", place, text)


def wider(place: str, direction: Direction, text: str) -> Change:
    """More is allowed than before, which breaks those who read it."""
    return Change(direction == "request", place, text)


def words(place: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    """What changed for human readers only."""
    for key in sorted(WORDS & (old.keys() | new.keys())):
        if old.get(key) != new.get(key):
            yield Change(True, place, f"{key} changed")


def placed(place: str, direction: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    """Where a change is: a component shared by many places is one place."""
    name = new.get(NAME)
    return f"{name} ({direction})" if name and old.get(NAME) == name else place


def wordless(node: Any) -> Any:
    """A schema without what is for human readers or constrains nothing."""
    if isinstance(node, list):
        return [wordless(each) for each in node]
    if not isinstance(node, dict):
        return node
    named = {"properties", "$defs", "patternProperties"}  # their keys are names, not keywords
    return {
        key: {name: wordless(each) for name, each in value.items()}
        if key in named
        else wordless(value)
        for key, value in node.items()
        if key not in WORDS | {NAME} and (key, value) != ("additionalProperties", True)
    }


def merged(schema: Any) -> dict[str, Any]:
    """A schema as an object, the members of its ``allOf`` put in where no keyword stands twice."""
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    result = {key: value for key, value in schema.items() if key != "allOf"}
    for member in map(merged, schema.get("allOf", [])):
        for key, value in member.items():
            if key == "properties":
                own = result.get(key, {})
                both = {name: {"allOf": [own[name], value[name]]} for name in own if name in value}
                result[key] = {**own, **value, **both}
            elif key == "required":
                result[key] = [*result.get(key, []), *value]
            elif key != NAME and result.setdefault(key, value) != value and key not in WORDS:
                result.setdefault("allOf", []).append({key: value})
    return result


def schemas(place: str, direction: Direction, old: Any, new: Any) -> Iterator[Change]:
    """Every change between two schemas of a request or a response."""
    old, new = merged(old), merged(new)
    place = placed(place, direction, old, new)
    yield from words(place, old, new)
    was, now = _types(old), _types(new)
    if gone := sorted(was - now):
        yield narrower(place, direction, f"type no longer {' or '.join(gone)}")
    if came := sorted(now - was):
        yield wider(place, direction, f"type now also {' or '.join(came)}")
    yield from _properties(place, direction, old, new)
    yield from _lists(place, direction, old, new)

    keys = (old.keys() | new.keys()) - WORDS - {NAME}
    keys -= {"type", "properties", "required", "enum", "const", "anyOf", "oneOf"}
    keys -= {"x-duplicate-keys", "x-result-codes"}
    for key in sorted(keys & set(SUBSCHEMAS)):
        if key not in ("then", "else") or wordless(old.get("if")) == wordless(new.get("if")):
            # An absent subschema allows what `true` does.
            pair = old.get(key, True), new.get(key, True)
            yield from schemas(f"{place}/{key}", direction, *pair)
    for key in sorted(keys - set(SUBSCHEMAS)):
        before, after = wordless(old.get(key)), wordless(new.get(key))
        if before == after:
            continue
        if before is None:
            yield narrower(place, direction, f"{key} {after} added")
        elif after is None:
            yield wider(place, direction, f"{key} {before} removed")
        elif key in LOWER or key in UPPER:
            kind = narrower if (after > before) == (key in LOWER) else wider
            yield kind(place, direction, f"{key} {before} is now {after}")
        else:
            yield Change(False, place, f"{key} changed, and may allow more or less")


def _types(schema: dict[str, Any]) -> set[str]:
    """The types a schema allows; a number may be an integer."""
    types = schema.get("type", sorted(TYPES))
    types = {types} if isinstance(types, str) else set(types)
    return types | {"integer"} if "number" in types else types


def _properties(
    place: str, direction: Direction, old: dict[str, Any], new: dict[str, Any]
) -> Iterator[Change]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in before.keys() | after.keys():
        if name not in after:
            # Who sends it is no longer understood, who reads it no longer finds it.
            yield Change(False, place, f"property {name} removed")
        elif name not in before:
            yield Change(True, place, f"property {name} added")
        else:
            yield from schemas(f"{place}/{name}", direction, before[name], after[name])
    was, now = set(old.get("required", [])), set(new.get("required", []))
    for name in now - was:
        yield narrower(place, direction, f"{name} is now required")
    for name in was - now:
        yield wider(place, direction, f"{name} is no longer required")


def _lists(
    place: str, direction: Direction, old: dict[str, Any], new: dict[str, Any]
) -> Iterator[Change]:
    """Keywords that list what is allowed: more entries allow more; for most, none allow all."""

    def values(schema: dict[str, Any], key: str) -> list[Any] | None:
        if key == "enum" and "const" in schema:
            return [schema["const"]]
        found: list[Any] | None = wordless(schema.get(key))
        return [] if found is None and key == "x-duplicate-keys" else found

    for key in ("enum", "anyOf", "oneOf", "x-duplicate-keys"):
        before, after = values(old, key), values(new, key)
        if before is None and after is not None:
            yield narrower(place, direction, f"{key} {after} added")
        elif after is None and before is not None:
            yield wider(place, direction, f"{key} {before} removed")
        elif before is not None and after is not None:
            for value in (each for each in before if each not in after):
                yield narrower(place, direction, f"{key} no longer has {value}")
            for value in (each for each in after if each not in before):
                yield wider(place, direction, f"{key} now has {value}")

    # The set of codes is open: a reader copes with one that is not listed.
    codes = [
        {(each["httpStatus"], each["code"]) for each in schema.get("x-result-codes", [])}
        for schema in (old, new)
    ]
    for status, code in codes[0] ^ codes[1]:
        verb = "is now" if (status, code) in codes[1] else "is no longer"
        yield Change(True, place, f"result code {code} of HTTP {status} {verb} listed")
    if codes[0] == codes[1] and old.get("x-result-codes") != new.get("x-result-codes"):
        yield Change(True, place, "message or source of a result code changed")
