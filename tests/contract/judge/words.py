"""The rules about words that need no truth: text that no picture shows, and broken decoding."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from contract.judge.exchange import Sent
from contract.judge.reading import Reading, Remark, Word

_HANGUL = re.compile("[\uac00-\ud7a3]")
_MARKUP = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#[0-9]{2,6}|#x[0-9a-fA-F]{2,5});")
_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[nrt\"]")
_PERCENT = re.compile(r"(?:%[EeFf][0-9a-fA-F]%[89aAbB][0-9a-fA-F]%[89aAbB][0-9a-fA-F])+")
# Latin-1 has no place for five of the letters that the other codings put into its C1 range.
_SINGLE_BYTE = ("latin-1", "cp1252", "cp949")


def remarks(sent: Sent, reading: Reading) -> Iterator[Remark]:
    """What is wrong with the words of a success, whatever its picture shows."""
    known = sent.picture.text if sent.picture else ""
    for word in reading.words:
        yield from _word(word, known)
    yield from _question_marks(reading, known)


def _word(word: Word, known: str) -> Iterator[Remark]:
    value = word.value
    if "\ufffd" in value:
        yield Remark("decoded-text", word.node, f"U+FFFD in {value!r}")
    elif any(unicodedata.category(character) == "Cc" for character in value):
        yield Remark("printable-text", word.node, f"a control character in {value!r}")
    elif misread := _misread(word.text):
        yield Remark("decoded-text", word.node, f"{value!r} stands for {misread!r}")
    elif escape := _escape(value, known):
        yield Remark("literal-text", word.node, f"{escape!r} in {value!r}")
    elif len(word.text.split()) > 1:
        yield Remark("one-word", word.node, f"a blank inside {value!r}")
    elif value != value.rstrip():
        yield Remark("blank-after", word.node, f"a blank after {value!r}")
    if unicodedata.normalize("NFC", value) != value:
        yield Remark("composed-text", word.node, f"{value!r} is not NFC")


def _misread(text: str) -> str:
    """The Hangul that these letters are bytes of, read in a wrong coding; empty if they are not."""
    if text.isascii():
        return ""
    for coding in _SINGLE_BYTE:
        try:
            decoded = text.encode(coding).decode("utf-8")
        except UnicodeError:
            continue
        if _HANGUL.search(decoded) and decoded != text:
            return decoded
    try:
        korean = text.encode("latin-1").decode("cp949")
    except UnicodeError:
        return ""
    # Accented letters in pairs may be a word; two pairs that both are syllables are none.
    return korean if len(text) >= 4 and len(_HANGUL.findall(korean)) * 2 == len(text) else ""


def _escape(value: str, known: str) -> str:
    """An escape that was written out; empty if there is none, or if the picture shows it."""
    for pattern in (_MARKUP, _ESCAPE, _PERCENT):
        found = pattern.search(value)
        if not found or found.group() in known:
            continue
        # Of a picture that nobody wrote down, only what stands for Hangul cannot be what it shows.
        if known or pattern is _PERCENT or re.search(r"\\u[a-dA-D][0-9a-fA-F]{3}", value):
            return found.group()
    return ""


def _question_marks(reading: Reading, known: str) -> Iterator[Remark]:
    """Question marks in the place of letters that a coding does not have."""
    marks = [word for word in reading.words if word.text and not word.text.strip("?")]
    doubled = [word for word in marks if len(word.text) > 1 and word.text not in known]
    enough = doubled if known else len(marks) == len(reading.words) >= 3 and doubled
    if enough:
        seen = f"{len(marks)} of {len(reading.words)} words are question marks alone"
        yield Remark("decoded-text", doubled[0].node, seen)
