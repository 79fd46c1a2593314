"""A drift for every keyword of the response schemas, made from the description itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from contract.description import Description, Schema
from contract.exchange import CROPPING, GENERAL
from contract.tampering import Act, Call, Drift, Reply, Value

# Keywords without a drift of their own, and why.
WITHOUT_DRIFT = {
    **dict.fromkeys(
        ("$ref", "properties", "items", "allOf", "if", "then", "else", "not"),
        "it holds other keywords together, and each of those has its drift",
    ),
    **dict.fromkeys(
        ("description", "title", "summary", "examples", "example"), "it describes, and binds nobody"
    ),
    "additionalProperties": "it allows more; the drift 'resolution comes back' says that more came",
    "format": "it tells a client how many digits to keep, and binds no server",
    "x-result-codes": "the set is open; the drift 'codes have a new series' leaves it",
}


@dataclass(frozen=True)
class Keyword:
    """One keyword: where in the reply (`[]` for items), in which branch of the coupling."""

    branch: str  # "", "then", "else" or "not"
    path: tuple[str, ...]
    name: str
    value: Any

    def __str__(self) -> str:
        return " ".join(filter(None, (self.branch, ".".join(("$", *self.path)), self.name)))


def keywords(description: Description) -> list[Keyword]:
    """Every keyword of the schemas of all described replies, once."""
    found: dict[str, Keyword] = {}
    for operation in (GENERAL, CROPPING):
        for schema in description.statuses(operation).values():
            for keyword in _walk(description, schema, (), ""):
                found.setdefault(str(keyword), keyword)
    return list(found.values())


def _walk(
    description: Description, schema: Schema | bool, path: tuple[str, ...], branch: str
) -> Iterator[Keyword]:
    schema = description.resolve(schema)
    if isinstance(schema, bool):
        if not schema:
            yield Keyword(branch, path, "false", schema)
        return
    for name in schema.keys() - WITHOUT_DRIFT.keys():
        yield Keyword(branch, path, name, schema[name])
    for key, inner in schema.get("properties", {}).items():
        yield from _walk(description, inner, (*path, key), branch)
    for inner in schema.get("allOf", ()):
        yield from _walk(description, inner, path, branch)
    if "items" in schema:
        yield from _walk(description, schema["items"], (*path, "[]"), branch)
    for word in ("then", "else", "not"):
        if word in schema:
            yield from _walk(description, schema[word], path, f"{branch} {word}".strip())


def drifts(description: Description) -> Iterator[Drift]:
    """A drift for each keyword that can be broken; see `unbroken` for the others."""
    for keyword in keywords(description):
        for what, change in _BREAKERS.get(keyword.name, lambda _: ())(keyword):
            act = _at(keyword, change)
            mode = "gateway" if keyword.branch == "not" else "app"
            yield Drift(f"{keyword}{what}", act, (str(keyword),), mode)


def unbroken(description: Description) -> list[str]:
    """The keywords that have neither a drift nor a reason: none, or the suite has a hole."""
    return [str(found) for found in keywords(description) if found.name not in _BREAKERS]


# What a breaker makes of the value at a keyword's place, in a dict or list that holds it.
Change = Callable[[Any, Any], None]


def _type(keyword: Keyword) -> Iterator[tuple[str, Change]]:
    def change(holder: Any, key: Any) -> None:
        holder[key] = 1 if keyword.value == "string" else "text"

    yield "", change


def _required(keyword: Keyword) -> Iterator[tuple[str, Change]]:
    for name in keyword.value:

        def change(holder: Any, key: Any, name: str = name) -> None:
            holder[key].pop(name, None)

        yield f" {name}", change


def _below(keyword: Keyword) -> Iterator[tuple[str, Change]]:
    yield "", lambda holder, key: holder.__setitem__(key, keyword.value - 1)


def _above(keyword: Keyword) -> Iterator[tuple[str, Change]]:
    yield "", lambda holder, key: holder.__setitem__(key, keyword.value + 1)


def _const(keyword: Keyword) -> Iterator[tuple[str, Change]]:
    if keyword.branch.endswith("not"):
        yield "", lambda holder, key: holder.__setitem__(key, keyword.value)
    else:
        yield "", lambda holder, key: holder.__setitem__(key, keyword.value + 1)


def _false(_: Keyword) -> Iterator[tuple[str, Change]]:
    yield "", lambda holder, key: holder.__setitem__(key, {})


def _repeated(keyword: Keyword) -> Iterator[tuple[str, Change]]:
    """Another key of the object repeats, or one of the named repeats with something invalid."""
    yield "", lambda holder, key: holder[key].update({REPEAT: keyword.value[0]})


REPEAT = "repeat this"
_BREAKERS: dict[str, Callable[[Keyword], Iterator[tuple[str, Change]]]] = {
    "type": _type,
    "required": _required,
    "minimum": _below,
    "maximum": _above,
    "const": _const,
    "false": _false,
    "x-duplicate-keys": _repeated,
}


def _at(keyword: Keyword, change: Change) -> Act:
    """Apply a change in each reply that has the place: to a success, a failure, or either."""

    def act(call: Call) -> Reply:
        reply = call.passed()
        value = reply.value
        if value is None or not _concerned(keyword, value):
            return reply
        root = {"$": value}
        for holder, key in _places(root, ("$", *keyword.path), creates=keyword.name == "false"):
            change(holder, key)
        written = reply.write(root["$"])
        # A key twice in one object: once as it is, and once with a number for its list.
        body = written.body
        for name in ("inferTexts", "boundingBoxes"):
            body = body.replace(f'"{REPEAT}":"{name}"'.encode(), f'"{name}":1'.encode())
        return Reply(reply.status, reply.headers, body)

    return act


def _concerned(keyword: Keyword, value: Value) -> bool:
    succeeded = value["header"].get("isSuccessful") is True
    if keyword.branch.startswith("then"):
        return succeeded
    return not succeeded if keyword.branch else True


def _places(root: Any, path: tuple[str, ...], *, creates: bool) -> list[tuple[Any, Any]]:
    holders: list[tuple[Any, Any]] = [(root, path[0])]
    for part in path[1:]:
        holders = [
            place
            for holder, key in holders
            if (isinstance(holder, list) or key in holder)
            for place in _inside(holder[key], part, creates)
        ]
    return holders


def _inside(value: Any, part: str, creates: bool) -> list[tuple[Any, Any]]:
    if part == "[]":
        return [(value, 0)] if isinstance(value, list) and value else []
    return [(value, part)] if isinstance(value, dict) and (part in value or creates) else []
