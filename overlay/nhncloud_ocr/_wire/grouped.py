"""Decoding where keys repeat that may: all their lists are caught, in order.

msgspec keeps the last value of a repeated key. But where a field is of a class that it does not
know, it hands over every value, one after another, before it forgets all but the last.
"""

from collections import defaultdict
from itertools import chain
from typing import Any, TypeVar, cast

import msgspec

from .shapes import Lengths, Shape, shape_of
from .strict import Caught, Unknown, catching

S = TypeVar("S", bound=msgspec.Struct)


class _Lists:
    """What one decoder hands over: by the class of the field, its lists as the text has them."""

    def __init__(self) -> None:
        self.by_class: dict[type[Caught], list[list[Any]]] = defaultdict(list)

    def catch(self, kind: type[Caught], value: Any) -> Caught:
        if not isinstance(value, list):
            raise ValueError("no list")  # which msgspec makes an error of its own of
        lists = self.by_class[kind]
        lists.append(value)
        return kind(len(lists) - 1)


def decode(
    body: bytes,
    struct: type[S],
    unknown: Unknown,
) -> tuple[S, dict[type[msgspec.Struct], Lengths]]:
    """Decode into a kind of `struct`, with all the lists of a repeated key as one.

    Returns also, by the shape whose key it is, the lengths of these lists. unknown: the fields that
    the text has beside the described ones. Raises what msgspec does.
    """
    lists = _Lists()
    kind = catching(struct, unknown)
    decoded = cast("S", msgspec.json.decode(body, type=kind, dec_hook=lists.catch))
    lengths: dict[type[msgspec.Struct], Lengths] = {}
    _fill(shape_of(struct), [decoded], lists, lengths)
    return decoded, lengths


def _fill(
    shape: Shape,
    objects: list[Any],
    lists: _Lists,
    lengths: dict[type[msgspec.Struct], Lengths],
) -> None:
    """Put the lists in the places where they were caught, in all objects of one shape."""
    for part in shape.parts:
        if part.inner is None:
            continue
        values = [value for value in map(part.get, objects) if value is not msgspec.UNSET]
        if part.key in shape.repeatable:
            lengths[shape.struct] = _put(part.name, objects, values, lists)
        elif values and isinstance(values[0], list):
            _fill(part.inner, [*chain.from_iterable(values)], lists, lengths)
        else:
            _fill(part.inner, values, lists, lengths)


def _put(name: str, objects: list[Any], caught: list[Caught], lists: _Lists) -> Lengths:
    """Give each object its lists, as one of decoded objects, and return their lengths."""
    if not caught:
        return {}
    if len(caught) != len(objects):
        raise ValueError("an object without its list: whose are the others?")
    groups = lists.by_class.pop(type(caught[0]))
    flat = list(chain.from_iterable(groups))
    sizes = [*map(len, groups)]
    groups.clear()
    kind: Any = list[caught[0].objects]  # type: ignore[misc]
    decoded = msgspec.convert(flat, kind)
    lengths: Lengths = {}
    first = start = 0
    for i, (each, last) in enumerate(zip(objects, caught, strict=True)):
        own = sizes[first : last.number + 1]
        end = start + sum(own)
        setattr(each, name, decoded[start:end])
        if len(own) > 1:
            lengths[i] = own
        first, start = last.number + 1, end
    return lengths
