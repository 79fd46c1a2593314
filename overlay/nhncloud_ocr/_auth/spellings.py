"""Finds a secret in bytes however it is spelled: plain, or escaped by JSON, HTML, a URL or a shell.

Each character may be spelled in another way, and escaped more than once. All of it takes time in
proportion to the bytes: no expression here can match the same bytes in two ways that both go on.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import NoReturn
from urllib.parse import quote

_HIDDEN = b"***"
_SHORTEST = 8  # a service key has 16 characters (documented); masking "a" would garble every text

# Everything below matches text in lower case. An escape may have been escaped itself: JSON doubles
# its backslashes, a URL makes %25 of %, HTML &amp; of &.
_PERCENT = rb"(?:%|u0025)(?:25)*+"
_AMPERSAND = rb"(?:&|u0026)(?:amp;)*+"
_BACKSLASHES = rb"(?:\\(?:u005c)?|%(?:25)*+5c|" + _AMPERSAND + rb"#(?:x0*+5c|0*+92);)*+"
_NAMES = {"&": b"amp", "<": b"lt", ">": b"gt", '"': b"quot", "'": b"apos"}
_SIMPLE = re.compile(r"[A-Za-z0-9._~-]*")
# What an escaped letter, digit or mark of those begins with.
_SIGNS_OF_ESCAPES = (
    (b"\\", re.compile(rb"\\(?:u00|u\{|x|u002)")),
    (b"%", re.compile(rb"%(?:25)*+[2-7]")),
    (b"&", re.compile(rb"&(?:amp;)*+#")),
)


class Spellings:
    """All spellings of some secrets. Never shown or pickled."""

    __slots__ = ("_exact", "_secrets", "_simple", "_spelled")

    def __init__(self, secrets: Iterable[str]) -> None:
        long_enough = {secret for secret in secrets if len(secret) >= _SHORTEST}
        self._secrets = tuple(sorted(long_enough))
        self._simple = all(map(_SIMPLE.fullmatch, self._secrets))
        self._exact = sorted({form for secret in self._secrets for form in _exact_forms(secret)})
        self._spelled: list[re.Pattern[bytes]] | None = None

    def masked(self, text: bytes, *, escaped: bool) -> bytes:
        """Return `text` without the secrets; the same object if there is none.

        escaped: whether it may be JSON, where no backslash may be left that escaped a secret.
        """
        spans = self._spans(text.lower()) if self._secrets else []
        if not spans:
            return text
        parts = []
        end = 0
        for start, stop in sorted(spans):
            if stop <= end:
                continue
            start = max(start, end)
            if escaped and _is_escaped(text, start, end):
                start -= 1
            parts += [text[end:start], _HIDDEN]
            end = stop
        return b"".join([*parts, text[end:]])

    def _spans(self, low: bytes) -> list[tuple[int, int]]:
        found = [span for form in self._exact for span in _places(form, low)]
        if self._simple and not _has_escapes(low):
            return found
        if self._spelled is None:
            forms = {form for secret in self._secrets for form in (secret, quote(secret, safe=""))}
            self._spelled = [re.compile(each) for each in map(_spelled, sorted(forms)) if each]
        for pattern in self._spelled:
            found += map(re.Match.span, pattern.finditer(low))
        return found

    def __repr__(self) -> str:
        return "Spellings(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")


def _has_escapes(low: bytes) -> bool:
    """Whether a letter, digit or mark may be escaped in it. Most texts lack even the first byte."""
    return any(first in low and sign.search(low) for first, sign in _SIGNS_OF_ESCAPES)


def _places(form: bytes, low: bytes) -> Iterator[tuple[int, int]]:
    at = low.find(form)
    while at >= 0:
        yield at, at + len(form)
        at = low.find(form, at + len(form))


def _is_escaped(text: bytes, start: int, end: int) -> bool:
    """Whether an odd number of backslashes stands before `start`: JSON would read `\\***`."""
    before = start
    while before > end and text[before - 1] == ord("\\"):
        before -= 1
    return (start - before) % 2 == 1


def _exact_forms(secret: str) -> set[bytes]:
    """Return the whole secret as the usual tools write it, for those that `_spelled` gives up."""
    quoted = quote(secret, safe="")
    in_json = json.dumps(secret)[1:-1]
    forms = {
        *(secret, quoted, quote(quoted, safe=""), quote(secret)),
        *(in_json, json.dumps(in_json)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]),
        *(html.escape(secret), html.escape(html.escape(secret))),
    }
    return {form.encode("utf-8", "surrogatepass").lower() for form in forms}


def _spelled(secret: str) -> bytes:
    """Return the expression for any mixture of spellings, or b"" if there is too little to go by.

    Backslashes are skipped, in the secret as between any two characters: how many there are says
    how often it was escaped.
    """
    characters = secret.replace("\\", "")
    if len(characters) < _SHORTEST:
        return b""
    rest = b"".join(_BACKSLASHES + _either(*_ways(each)) for each in characters[1:])
    # A match begins with one of four bytes, so that nothing is tried at any other.
    first = characters[0]
    escaped = _behind_backslash(first)
    percent, ampersand = _behind_percent(first), _behind_ampersand(first)
    begin = (
        _plain(first),
        rb"\\"
        + _either(
            *([_plain(first)] if first in '"/' else []),
            *escaped,
            rb"u0025(?:25)*+" + percent,
            rb"u0026(?:amp;)*+" + ampersand,
        ),
        rb"%(?:25)*+" + _either(percent, rb"5c" + _either(*escaped)),
        rb"&(?:amp;)*+" + ampersand,
    )
    return _either(*begin) + rest


def _either(*ways: bytes) -> bytes:
    return b"(?:" + b"|".join(ways) + b")"


def _ways(character: str) -> list[bytes]:
    return [
        _plain(character),
        *_behind_backslash(character),
        _PERCENT + _behind_percent(character),
        _AMPERSAND + _behind_ampersand(character),
    ]


def _plain(character: str) -> bytes:
    if character == "%":
        return rb"%(?:25)*+"
    if character == "&":
        return rb"&(?:amp;)*+"
    if character == " ":
        return rb"[ +]"
    return re.escape(_octets(character.lower()))


def _behind_backslash(character: str) -> list[bytes]:
    """Return JSON's four digits, twice for what is beyond them, and other languages' escapes."""
    own = {"%": rb"u0025(?:25)*+", "&": rb"u0026(?:amp;)*+"}.get(character)
    found = [own] if own else []
    for code in _codes(character):
        units = chr(code).encode("utf-16-be", "surrogatepass")
        pairs = [b"u" + units[at : at + 2].hex().encode() for at in range(0, len(units), 2)]
        found += [
            _BACKSLASHES.join(pairs),
            b"u%08x" % code,
            b"u\\{0*+%x\\}" % code,
            _BACKSLASHES.join(b"x%02x" % octet for octet in _octets(chr(code))),
        ]
    return found


def _behind_percent(character: str) -> bytes:
    return _either(
        *(
            _PERCENT.join(b"%02x" % octet for octet in _octets(chr(code)))
            for code in _codes(character)
        )
    )


def _behind_ampersand(character: str) -> bytes:
    numbers = [b"#(?:x0*+%x|0*+%d);" % (code, code) for code in _codes(character)]
    name = _NAMES.get(character)
    return _either(*numbers, *([name + b";"] if name else []))


def _codes(character: str) -> list[int]:
    """Return the code points of a character in either case, for case is not compared."""
    either = {character, character.lower(), character.upper()}
    return sorted(ord(each) for each in either if len(each) == 1)


def _octets(character: str) -> bytes:
    return character.encode("utf-8", "surrogatepass")
