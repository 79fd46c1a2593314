"""Mutants of good replies, made by a table of operators at every place of the reply.

Some mean the same as the reply they are made of (the order of keys, the text of a message, how a
string is escaped): these are counted apart, and must not be called wrong.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from contract.judge.exchange import Received, Sent


@dataclass(frozen=True)
class Mutant:
    """A reply that came out of a good one. `same`: it means what the good one means."""

    operator: str
    place: str
    sent: Sent
    received: Received
    same: bool = False


Edit = Callable[[Any, Any], object]  # of what holds a value, and of its key or index


def mutants(sent: Sent, received: Received) -> Iterator[Mutant]:
    """Every mutant of a reply."""
    value = json.loads(received.body)
    for path in _paths(value):
        for name, operator in OPERATORS.items():
            for label, body in operator(value, path):
                changed = replace(received, body=body)
                yield Mutant(f"{name} {label}".strip(), _text(path), sent, changed)
        for name, body in _same(value, path):
            yield Mutant(name, _text(path), sent, replace(received, body=body), same=True)
    for name, encode in ENCODINGS.items():
        body = encode(received.body)
        if body != received.body:
            yield Mutant(f"encode {name}", "$", sent, replace(received, body=body))
    indented = json.dumps(value, ensure_ascii=False, indent=1).encode()
    yield Mutant("indent", "$", sent, replace(received, body=indented), same=True)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place; of a list its first and last item, since those between are no different."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index in sorted({0, len(value) - 1} - {-1}):
            yield from _paths(value[index], (*path, index))


def _text(path: tuple[Any, ...]) -> str:
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def _edited(value: Any, path: tuple[Any, ...], edit: Edit) -> bytes:
    changed = copy.deepcopy(value)
    holder = changed
    for part in path[:-1]:
        holder = holder[part]
    edit(holder, path[-1])
    return _dump(changed)


def _put(new: Any) -> Edit:
    """What puts another value in a place."""

    def edit(holder: Any, key: Any) -> None:
        holder[key] = new

    return edit


def _called(name: str) -> Edit:
    """What gives a field another name."""

    def edit(holder: Any, key: Any) -> None:
        holder[name] = holder.pop(key)

    return edit


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        value = value[part]
    return value


Bodies = Iterator[tuple[str, bytes]]


def _delete(value: Any, path: tuple[Any, ...]) -> Bodies:
    yield "", _edited(value, path, lambda holder, key: holder.pop(key))


def _rename(value: Any, path: tuple[Any, ...]) -> Bodies:
    key = path[-1]
    if isinstance(key, str):
        for label, name in (("snake", f"{key}_"), ("capital", key[0].upper() + key[1:])):
            yield label, _edited(value, path, _called(name))


def _null(value: Any, path: tuple[Any, ...]) -> Bodies:
    yield "", _edited(value, path, _put(None))


def _type(value: Any, path: tuple[Any, ...]) -> Bodies:
    old = _at(value, path)
    others: list[Any] = [str(old)] if not isinstance(old, str) else [len(old)]
    others += [[old], {"value": old}, not old if not isinstance(old, bool) else int(old)]
    for new in others:
        yield (
            f"to {type(new).__name__}",
            _edited(value, path, _put(new)),
        )


def _range(value: Any, path: tuple[Any, ...]) -> Bodies:
    old = _at(value, path)
    if isinstance(old, bool):
        yield "flip", _edited(value, path, _put(not old))
    elif isinstance(old, int | float):
        for label, new in (
            ("negative", -old - 1),
            ("hundredfold", old * 100 + 100),
            ("fraction", old + 0.5),
        ):
            yield label, _edited(value, path, _put(new))
    elif isinstance(old, str):
        yield "empty", _edited(value, path, _put(""))
    elif isinstance(old, list):
        yield "empty", _edited(value, path, _put([]))
    elif isinstance(old, dict):
        yield "empty", _edited(value, path, _put({}))
    if isinstance(old, dict):
        yield "one more", _edited(value, path, lambda h, k: h[k].update(unknown=1))


def _duplicate(value: Any, path: tuple[Any, ...]) -> Bodies:
    key = path[-1]
    if isinstance(key, int):
        yield "item", _edited(value, path, lambda h, k: h.insert(k, copy.deepcopy(h[k])))
        return
    # The key twice in its object, which only text can say.
    marked = _edited(value, path, lambda h, k: h.__setitem__(k, {"twice": h[k]}))
    inner = _dump(_at(value, path))
    once = f"{json.dumps(key)}:".encode()
    wrapped = once + b'{"twice":' + inner + b"}"
    yield "key", marked.replace(wrapped, once + inner + b"," + once + inner)
    yield "key null first", marked.replace(wrapped, once + b"null," + once + inner)


def _reorder(value: Any, path: tuple[Any, ...]) -> Bodies:
    old = _at(value, path)
    if isinstance(old, list) and len(old) > 1 and old != old[::-1]:
        yield "reverse", _edited(value, path, lambda holder, key: holder[key].reverse())
    if isinstance(old, dict) and "x1" in old:
        numbers = list(old.values())
        for label, order in (("turn", numbers[2:] + numbers[:2]), ("swap", numbers[::-1])):
            new = dict(zip(old, order, strict=True))
            yield label, _edited(value, path, _put(new))


OPERATORS: dict[str, Callable[[Any, tuple[Any, ...]], Bodies]] = {
    "delete": _delete,
    "rename": _rename,
    "null": _null,
    "type": _type,
    "range": _range,
    "duplicate": _duplicate,
    "reorder": _reorder,
}

ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "utf-16": lambda body: body.decode().encode("utf-16"),
    "euc-kr": lambda body: body.decode().encode("euc-kr", "replace"),
    "byte order mark": lambda body: b"\xef\xbb\xbf" + body,
    "as a string": lambda body: _dump(body.decode()),
    "cut": lambda body: body[: len(body) // 2],
    "two": lambda body: body + body,
    "empty": lambda _: b"",
    "single quotes": lambda body: body.replace(b'"', b"'"),
    "trailing comma": lambda body: body.replace(b"}]", b"},]"),
    "comment": lambda body: b"/* ok */" + body,
    "python": lambda body: body.replace(b"true", b"True").replace(b"false", b"False"),
    "NaN": lambda body: body.replace(b'"conf":0.', b'"conf":NaN,"_":0.'),
}


def _same(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[str, bytes]]:
    old = _at(value, path)
    if isinstance(old, dict) and len(old) > 1:
        turned = dict(reversed(old.items()))
        yield "order of keys", _edited(value, path, _put(turned))
    if path[-1] == "resultMessage" and not value["header"]["isSuccessful"]:
        yield "message text", _edited(value, path, _put("오류입니다."))
    if isinstance(old, str) and old:
        written = _dump(old)
        escaped = '"' + "".join(f"\\u{ord(c):04x}" for c in old if ord(c) < 0x10000) + '"'
        body = _edited(value, path, _put({"escape": old}))
        yield "escapes", body.replace(b'{"escape":' + written + b"}", escaped.encode())
