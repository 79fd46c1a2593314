"""Say of each difference between two descriptions whether it breaks.

    python scripts/spec_diff.py OLD.yaml [NEW.yaml]    NEW: openapi/general-ocr.yaml

Prints a line for each change, the breaking ones first, and exits with 1 when there is one.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from check_spec import DESCRIPTION, load, resolve
from schema_diff import NAME, WORDS, Change, Direction, narrower, placed, schemas, wider, words

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
ABOUT = ("x-role", "x-version")  # tell people and tests of an operation what it is
Members = dict[Any, dict[str, Any]]


def diff(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Every change between two descriptions, the breaking ones first.

    Raises:
        RecursionError: a schema refers to itself, which this does not follow.
    """
    old, new = inlined(old, old), inlined(new, new)
    return sorted(set(_documents(old, new)))


def inlined(document: dict[str, Any], node: Any) -> Any:
    """A copy of ``node`` with what its references point to in their place."""
    if isinstance(node, dict) and "$ref" in node:
        name = node["$ref"].removeprefix("#/components/")
        return {**inlined(document, resolve(document, node)), NAME: name}
    if isinstance(node, dict):
        return {key: inlined(document, value) for key, value in node.items()}
    return [inlined(document, each) for each in node] if isinstance(node, list) else node


def _documents(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    for key in (old.keys() | new.keys()) - {"paths", "components", "servers", "security"}:
        if old.get(key) != new.get(key):
            yield Change(True, key, "changed")

    before, after = ({each["url"]: each for each in d.get("servers", [])} for d in (old, new))
    yield from _members("server", before, after, _removed, _added, words)
    if list(before)[:1] != list(after)[:1]:
        yield Change(True, "servers", f"the first is now {next(iter(after), 'none')}")

    before, after = (d.get("components", {}).get("securitySchemes", {}) for d in (old, new))
    yield from _members("security scheme", before, after, _unused, _scheme_added, _scheme)

    before, after = (d.get("components", {}).get("schemas", {}) for d in (old, new))
    for name in before.keys() ^ after.keys():
        verb = "added" if name in after else "removed"
        yield Change(True, f"schema {name}", f"name {verb}, and its generated class with it")

    operations = _operations(old), _operations(new)
    yield from _members("", *operations, _removed, _operation_added, _operation)


def _members(
    place: str,
    old: Members,
    new: Members,
    removed: Callable[[str, dict[str, Any]], Change],
    added: Callable[[str, dict[str, Any]], Change],
    changed: Callable[[str, dict[str, Any], dict[str, Any]], Iterator[Change]],
) -> Iterator[Change]:
    """Pair the members of two objects by their names."""
    for name in old.keys() | new.keys():
        where = f"{place} {name}".strip()
        if name not in new:
            yield removed(where, old[name])
        elif name not in old:
            yield added(where, new[name])
        else:
            yield from changed(where, old[name], new[name])


def _rest(
    place: str, old: dict[str, Any], new: dict[str, Any], known: set[str]
) -> Iterator[Change]:
    """What is for human readers, and the keys that nobody compares in detail: those may break."""
    yield from words(place, old, new)
    for key in (old.keys() | new.keys()) - WORDS - {NAME} - known:
        if old.get(key) != new.get(key):
            yield Change(False, place, f"{key} changed")


def _removed(place: str, _: dict[str, Any]) -> Change:
    return Change(False, place, "removed")


def _added(place: str, _: dict[str, Any]) -> Change:
    return Change(True, place, "added")


def _unused(place: str, _: dict[str, Any]) -> Change:
    """Breaks nothing by itself: an operation that used it says so in a line of its own."""
    return Change(True, place, "removed")


def _scheme_added(place: str, scheme: dict[str, Any]) -> Change:
    return Change(True, place, f"added: {_sent_as(scheme)}")


def _scheme(place: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    yield from words(place, old, new)
    if _sent_as(old) != _sent_as(new):
        yield Change(False, place, f"{_sent_as(old)} is now {_sent_as(new)}")


def _operations(document: dict[str, Any]) -> Members:
    """The operations by method and path, with what they take over from path and document."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    return {
        f"{method.upper()} {path}": {
            **item[method],
            "servers": _own_servers(item[method]) or _own_servers(item),
            "parameters": item.get("parameters", []) + item[method].get("parameters", []),
            "security": {
                _spelt(requirement, schemes): {}
                for requirement in item[method].get("security", document.get("security", []))
                or [{}]
            },
        }
        for path, item in document.get("paths", {}).items()
        for method in METHODS
        if method in item
    }


def _spelt(requirement: dict[str, Any], schemes: dict[str, Any]) -> str:
    """A way to authenticate, by what is sent and not by the name it has in the description."""
    ways = [_sent_as(schemes[name]) for name in requirement]
    return " and ".join(sorted(ways)) or "no credentials"


def _sent_as(scheme: dict[str, Any]) -> str:
    known = WORDS | {NAME}
    return " ".join(f"{key}={value}" for key, value in sorted(scheme.items()) if key not in known)


def _own_servers(node: dict[str, Any]) -> list[str]:
    """The URLs of servers that an operation or a path has instead of the document's."""
    return [server["url"] for server in node.get("servers", [])]


def _operation_added(place: str, operation: dict[str, Any]) -> Change:
    at = f" at {', '.join(operation['servers'])}" if operation["servers"] else ""
    return Change(True, place, f"added{at}")


def _operation(place: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    known = {"operationId", "tags", "security", "parameters", "requestBody", "responses"}
    yield from _rest(place, old, new, known | {"servers", *ABOUT})
    for key in ABOUT:
        if old.get(key) != new.get(key):
            said = f"{key} {old.get(key, 'nothing')} is now {new.get(key, 'nothing')}"
            yield Change(key not in old, place, said)
    if old["servers"] != new["servers"]:
        # Those who kept to the address of before no longer reach it, unless it is still there.
        kept = bool(old["servers"]) and set(old["servers"]) <= set(new["servers"])
        was, now = (", ".join(each["servers"]) or "those of the document" for each in (old, new))
        same_first = old["servers"][:1] == new["servers"][:1]
        yield Change(kept and same_first, place, f"servers {was} are now {now}")
    for key in ("operationId", "tags"):  # the generated function and module are named after them
        if old.get(key) != new.get(key):
            yield Change(False, place, f"{key} {old.get(key)} is now {new.get(key)}")
    yield from _members(
        f"{place} security", old["security"], new["security"], _removed, _added, words
    )
    before, after = ({(p["in"], p["name"]): p for p in each["parameters"]} for each in (old, new))
    yield from _members(
        f"{place} parameter",
        {" ".join(key): value for key, value in before.items()},
        {" ".join(key): value for key, value in after.items()},
        _removed,
        lambda where, parameter: Change(not parameter.get("required"), where, "added"),
        _parameter,
    )
    bodies = old.get("requestBody", {}), new.get("requestBody", {})
    where = placed(f"{place} request", "request", *bodies)
    yield from _required(where, *bodies)
    yield from _body(where, "request", *bodies)
    yield from _members(
        place,
        old.get("responses", {}),
        new.get("responses", {}),
        lambda where, _: narrower(where, "response", "removed"),
        lambda where, _: wider(where, "response", "added"),
        lambda where, was, now: _body(where, "response", was, now),
    )


def _required(place: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    was, now = bool(old.get("required")), bool(new.get("required"))
    if was != now:
        yield Change(was, place, f"{'now' if now else 'no longer'} required")


def _parameter(place: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    place = placed(place, "request", old, new)
    yield from _rest(place, old, new, {"required", "schema"})
    yield from _required(place, old, new)
    yield from schemas(place, "request", old.get("schema", {}), new.get("schema", {}))


def _body(
    place: str, direction: Direction, old: dict[str, Any], new: dict[str, Any]
) -> Iterator[Change]:
    def media(where: str, was: dict[str, Any], now: dict[str, Any]) -> Iterator[Change]:
        yield from _rest(where, was, now, {"schema"})
        yield from schemas(where, direction, was.get("schema", {}), now.get("schema", {}))

    place = placed(place, direction, old, new)
    yield from _rest(place, old, new, {"required", "content"})
    yield from _members(
        place,
        old.get("content", {}),
        new.get("content", {}),
        lambda where, _: narrower(where, direction, "removed"),
        lambda where, _: wider(where, direction, "added"),
        media,
    )


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 when nothing breaks, 1 when something does."""
    parser = argparse.ArgumentParser(description="Say of each change whether it breaks.")
    parser.add_argument("old", type=Path, help="the description before")
    parser.add_argument("new", type=Path, nargs="?", default=DESCRIPTION)
    options = parser.parse_args(arguments)
    try:
        changes = diff(load(options.old), load(options.new))
    except (OSError, yaml.YAMLError) as error:
        parser.error(str(error))
    for change in changes:
        print(change)
    breaking = sum(not change.harmless for change in changes)
    print(f"{len(changes)} changes, {breaking} of them breaking")
    return 1 if breaking else 0


if __name__ == "__main__":
    sys.exit(main())
