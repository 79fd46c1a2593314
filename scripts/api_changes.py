"""Compare two states of the public API, and say of each change whether it breaks programs."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple


class Verdict(Enum):
    """What a change means for programs that are written against the API."""

    BREAKS = "BREAKS"
    LOOK = "look"  # a type, a default, a base: it depends
    ADDS = "adds"

    def __lt__(self, other: "Verdict") -> bool:
        order = list(Verdict)
        return order.index(self) < order.index(other)


class Change(NamedTuple):
    """One change; the text says what."""

    verdict: Verdict
    text: str


def changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    """Return what differs, name by name."""
    found = [_gone(name, old, new) for name in old if name not in new]
    found += [_come(name, old, new) for name in new if name not in old]
    found += [
        _changed(name, old[name], new[name])
        for name in old
        if name in new and old[name] != new[name]
    ]
    return [change for change in found if change is not None]


def _gone(name: str, old: Mapping[str, str], new: Mapping[str, str]) -> Change | None:
    if (owner := _owner(name)) in old and owner not in new:
        return None  # said once, of the owner
    return Change(Verdict.BREAKS, f"{name} is gone ({old[name]})")


def _come(name: str, old: Mapping[str, str], new: Mapping[str, str]) -> Change | None:
    owner = _owner(name)
    if owner in new and owner not in old:
        return None
    if new[name].startswith("field") and " = " not in new[name]:
        return Change(Verdict.LOOK, f"{name}: who makes such objects must give it ({new[name]})")
    if new[name].startswith("required"):
        return Change(Verdict.BREAKS, f"{name} is new and must be given ({new[name]})")
    return Change(Verdict.ADDS, f"{name} ({new[name]})")


def _changed(name: str, old: str, new: str) -> Change:
    before, after = _kind(old), _kind(new)
    harmless = (
        before == after and _bases(old) <= _bases(new),
        {before, after} == {"property", "field"},  # read alike
        after != before and after == before.replace("required", "optional"),
        before.endswith("by name") and after.startswith("optional"),
    )
    verdict = Verdict.LOOK if any(harmless) else Verdict.BREAKS
    return Change(verdict, f"{name} was `{old}`, is `{new}`")


def _bases(fact: str) -> set[str]:
    """The bases of a class: who catches one of them must still catch it."""
    return set(re.split(r", (?![^\[]*\])", fact[6:-1])) if fact.startswith("class(") else set()


def _kind(fact: str) -> str:
    """What must not change: the words before the first colon or bracket."""
    return re.split(r"[:(]", fact, maxsplit=1)[0].strip()


def _owner(name: str) -> str:
    """The function of a parameter, or the class of a member."""
    function, bracket, _ = name.partition("(")
    return function if bracket else name.rpartition(".")[0]
