"""The proof that nothing of a JSON text was lost in decoding it.

A decoder keeps the last value of a repeated key: the others stay in the text, each with one string
at least, its key. So the strings of the text are counted, and those of what was decoded without
passing over any field: if there are as many, then no key was repeated.
"""

from collections.abc import Sequence
from itertools import chain
from types import NoneType
from typing import Any

from msgspec import UNSET, Struct

from .shapes import Kind, Part, Shape, shape_of

_NUMBERS = {int, float, bool, NoneType}


def strings_in_text(body: bytes) -> int:
    """Return how many strings a valid JSON text has, keys and values."""
    escaped = 0
    if b"\\" in body:
        # An escaped quote has an odd number of backslashes before it. Without the pairs of them it
        # has one, and a quote that ends a string has none.
        body = body.replace(rb"\\", b"")
        escaped = body.count(rb"\"")
    return (body.count(b'"') - escaped) // 2


def strings_in_structs(shape: Shape, objects: Sequence[Struct]) -> int:
    """Return how many strings the objects of one shape were decoded from, as described."""
    total = 0
    for part in shape.parts:
        if part.required and part.kind is Kind.NUMBER:
            total += len(objects)
        elif part.required and part.kind is Kind.TEXT:
            total += 2 * len(objects)
        else:
            total += _of_part(part, [*map(part.get, objects)])
    return total


def _of_part(part: Part, values: list[Any]) -> int:
    if not part.required:
        values = [value for value in values if value is not UNSET]
    keys = len(values)
    if part.kind is Kind.NUMBER:
        return keys
    if part.kind is Kind.TEXT:
        return 2 * keys
    if part.inner is None:
        return keys + _strings_in(values)
    if part.kind is Kind.OBJECTS:
        values = [*chain.from_iterable(values)]
    return keys + strings_in_structs(part.inner, values)


def _strings_in(values: Sequence[Any]) -> int:
    """Return how many strings these values were decoded from, whatever they are."""
    total = 0
    while values:
        types = set(map(type, values))
        if types <= _NUMBERS:
            return total
        if types == {str}:
            return total + len(values)
        inside: list[Any] = []
        for value in values:
            if isinstance(value, str):
                total += 1
            elif value is None or isinstance(value, (int, float)):
                pass
            elif isinstance(value, dict):
                total += len(value)
                inside += value.values()
            elif isinstance(value, (list, tuple, set, frozenset)):
                inside += value
            elif isinstance(value, Struct):
                total += strings_in_structs(shape_of(type(value)), [value])
            else:
                total += 1  # a date, a UUID: what JSON writes as a string
        values = inside
    return total
