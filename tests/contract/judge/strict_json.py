"""JSON read strictly, with positions, and with every occurrence of a repeated key kept.

`json.loads` keeps only the last of repeated keys and accepts NaN; here nothing is lost. A flaw that
can be read past (a trailing comma) is noted and reading goes on; at any other the reading ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 64  # the documented envelope is 7 deep

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_TEXT = re.compile(r'[^"\\\x00-\x1f]*')
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LITERALS = {"true": True, "false": False, "null": None}
_NOT_NUMBERS = ("NaN", "Infinity", "-Infinity")


@dataclass(frozen=True)
class Flaw:
    """What is not strict JSON: the judge's rule of that name, where (line:column) and what."""

    rule: str
    at: str
    seen: str


@dataclass(frozen=True, eq=False)
class Node:
    """A JSON value. `value` is a list of `Member` for an object, of `Node` for an array."""

    value: Any
    kind: str  # "object", "array", "string", "number", "boolean" or "null"
    start: int
    text: str = ""  # of a number, as written


@dataclass(frozen=True, eq=False)
class Member:
    """One key of an object; `turn` counts the occurrences of the same key, from 1."""

    key: str
    node: Node
    turn: int = 1


@dataclass(frozen=True)
class Document:
    """What was read: the root (None if unreadable) and the flaws met on the way."""

    text: str
    root: Node | None
    flaws: tuple[Flaw, ...]

    def position(self, offset: int) -> str:
        """`line:column` of a character offset, both from 1."""
        return _position(self.text, offset)


def read(body: bytes) -> Document:
    """Read a body of bytes. Never raises: whatever is wrong is among the flaws."""
    flaws: list[Flaw] = []
    if body.startswith(b"\xef\xbb\xbf"):
        flaws.append(Flaw("byte-order-mark", "1:1", "the body starts with a byte order mark"))
        body = body[3:]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        seen = f"byte 0x{body[error.start]:02x} at offset {error.start} is not UTF-8"
        return Document("", None, (*flaws, Flaw("utf-8", f"byte {error.start}", seen)))
    reader = _Reader(text, flaws)
    try:
        root = reader.document()
    except _UnreadableError as error:
        flaws.append(Flaw("strict-json", _position(text, error.offset), str(error)))
        return Document(text, None, tuple(flaws))
    return Document(text, root, tuple(flaws))


def plain(node: Node) -> Any:
    """The node as Python values; of a repeated key the last, as `json.loads` has it."""
    if node.kind == "object":
        return {member.key: plain(member.node) for member in node.value}
    if node.kind == "array":
        return [plain(item) for item in node.value]
    return node.value


def members(node: Node, key: str) -> list[Node]:
    """Every occurrence of a key, in order; empty if the node is no object."""
    if node.kind != "object":
        return []
    return [member.node for member in node.value if member.key == key]


def walk(node: Node, path: str = "$") -> Iterator[tuple[str, Node]]:
    """Every node with its path, parents first; `key#2` is the second occurrence of a key."""
    yield path, node
    if node.kind == "object":
        for member in node.value:
            yield from walk(member.node, step(path, member))
    elif node.kind == "array":
        for index, item in enumerate(node.value):
            yield from walk(item, f"{path}[{index}]")


def step(path: str, member: Member) -> str:
    """The path of a member of the object at `path`."""
    return f"{path}.{member.key}" + (f"#{member.turn}" if member.turn > 1 else "")


def _position(text: str, offset: int) -> str:
    line = text.count("\n", 0, offset) + 1
    return f"{line}:{offset - text.rfind(chr(10), 0, offset)}"


class _UnreadableError(Exception):
    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset


class _Reader:
    """Recursive descent; depth is bounded by `MAX_DEPTH`, so hostile nesting cannot exhaust it."""

    def __init__(self, text: str, flaws: list[Flaw]) -> None:
        self.text = text
        self.flaws = flaws
        self.at = 0

    def document(self) -> Node:
        self.space()
        root = self.value(0)
        self.space()
        if self.at < len(self.text):
            raise _UnreadableError(self.at, f"something follows the value: {self.ahead()}")
        return root

    def ahead(self) -> str:
        rest = self.text[self.at : self.at + 12]
        return repr(rest) if rest else "end of body"

    def space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        assert match is not None
        self.at = match.end()

    def flaw(self, rule: str, offset: int, seen: str) -> None:
        self.flaws.append(Flaw(rule, _position(self.text, offset), seen))

    def value(self, depth: int) -> Node:
        start = self.at
        character = self.text[start : start + 1]
        if character == "{" or character == "[":
            if depth >= MAX_DEPTH:
                raise _UnreadableError(start, f"nested deeper than {MAX_DEPTH}")
            return self.object(depth) if character == "{" else self.array(depth)
        if character == '"':
            return Node(self.string(), "string", start)
        for literal, value in _LITERALS.items():
            if self.text.startswith(literal, start):
                self.at += len(literal)
                return Node(value, "null" if value is None else "boolean", start)
        for literal in _NOT_NUMBERS:
            if self.text.startswith(literal, start):
                self.at += len(literal)
                self.flaw("finite-number", start, literal)
                return Node(float(literal.lower()), "number", start, literal)
        return self.number(start)

    def number(self, start: int) -> Node:
        match = _NUMBER.match(self.text, start)
        if match is None:
            raise _UnreadableError(start, f"no JSON value: {self.ahead()}")
        self.at = match.end()
        written = match.group()
        if match.group(1) is None and match.group(2) is None and len(written) < 400:
            return Node(int(written), "number", start, written)
        value = float(written)
        if value in (float("inf"), float("-inf")):
            self.flaw("finite-number", start, f"{written[:20]} is beyond a double")
        return Node(value, "number", start, written)

    def string(self) -> str:
        start = self.at
        self.at += 1
        parts: list[str] = []
        while True:
            match = _TEXT.match(self.text, self.at)
            assert match is not None
            parts.append(match.group())
            self.at = match.end()
            character = self.text[self.at : self.at + 1]
            if character == '"':
                self.at += 1
                break
            if character == "\\":
                parts.append(self.escape())
            elif character:
                raise _UnreadableError(self.at, f"control character {character!r} in a string")
            else:
                raise _UnreadableError(start, "a string does not end")
        # Halves of a surrogate pair, written as two escapes, come together only here.
        whole = "".join(parts)
        if any("\ud800" <= character <= "\udfff" for character in whole):
            whole = whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            if "\ufffd" in whole:
                self.flaw("lone-surrogate", start, "half of a surrogate pair in a string")
        return whole

    def escape(self) -> str:
        letter = self.text[self.at + 1 : self.at + 2]
        if letter == "u":
            digits = self.text[self.at + 2 : self.at + 6]
            if re.fullmatch(r"[0-9a-fA-F]{4}", digits):
                self.at += 6
                return chr(int(digits, 16))
        elif letter in _ESCAPES:
            self.at += 2
            return _ESCAPES[letter]
        raise _UnreadableError(self.at, f"bad escape: {self.ahead()}")

    def object(self, depth: int) -> Node:
        start = self.at
        self.at += 1
        found: list[Member] = []
        turns: dict[str, int] = {}
        while self.more("}", bool(found)):
            if self.text[self.at : self.at + 1] != '"':
                raise _UnreadableError(self.at, f"a key must be a string: {self.ahead()}")
            key = self.string()
            self.space()
            if self.text[self.at : self.at + 1] != ":":
                raise _UnreadableError(self.at, f"no colon after the key {key!r}: {self.ahead()}")
            self.at += 1
            self.space()
            turns[key] = turns.get(key, 0) + 1
            found.append(Member(key, self.value(depth + 1), turns[key]))
        return Node(found, "object", start)

    def array(self, depth: int) -> Node:
        start = self.at
        self.at += 1
        found: list[Node] = []
        while self.more("]", bool(found)):
            found.append(self.value(depth + 1))
        return Node(found, "array", start)

    def more(self, close: str, begun: bool) -> bool:
        """Whether another element follows; steps over the comma before it, or over the bracket."""
        self.space()
        if begun and self.text[self.at : self.at + 1] == ",":
            comma = self.at
            self.at += 1
            self.space()
            if self.text[self.at : self.at + 1] != close:
                return True
            self.flaw("trailing-comma", comma, f"a comma before {close!r}")
        elif begun and self.text[self.at : self.at + 1] != close:
            raise _UnreadableError(self.at, f"no comma or {close!r} here: {self.ahead()}")
        if self.text[self.at : self.at + 1] == close:
            self.at += 1
            return False
        return True
