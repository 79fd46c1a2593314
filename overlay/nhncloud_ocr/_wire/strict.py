"""Decoders that pass over no field: each unknown one is refused by name, and then learnt.

The generated shapes allow unknown fields, as the description does, and msgspec passes over them.
Here the same shapes forbid them, except those that a reply was seen to have.
"""

import re
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar, cast

import msgspec

from .shapes import Kind, Part, shape_of

S = TypeVar("S", bound=msgspec.Struct)
Unknown: TypeAlias = frozenset[tuple[tuple[str, ...], str]]
"""Unknown fields: the keys that lead to their object, and their own key."""

UNKNOWN = "_unknown_"  # begins the Python names of such fields
_MOST = 16  # as many different unknown fields are learnt from one reply
_COMPLAINT = re.compile(r"Object contains unknown field `(.*?)`(?: - at `\$(.*)`)?", re.DOTALL)
_INDEX = re.compile(r"\[(?:\d+|\.\.\.)\]")


class Caught:
    """Stands for a list whose key may repeat; `number` of those of its class were before it."""

    __slots__ = ("number",)
    objects: type[msgspec.Struct]  # what the list is of

    def __init__(self, number: int) -> None:
        self.number = number


def decode(body: bytes, struct: type[S]) -> tuple[S, Unknown]:
    """Decode into a kind of `struct` that has the unknown fields of the text too, and name those.

    Raises what msgspec does, of a text with very many kinds of unknown fields too.
    """
    unknown: Unknown = frozenset()
    while True:
        try:
            return cast("S", _decoder(struct, unknown).decode(body)), unknown
        except msgspec.ValidationError as exc:
            found = _COMPLAINT.fullmatch(str(exc))
            if found is None or len(unknown) == _MOST:
                raise
            where = tuple(_INDEX.sub("", found[2] or "").split(".")[1:])
            more = unknown | {(where, found[1])}
            if more == unknown:
                raise
            unknown = more


@lru_cache(64)
def _decoder(struct: Any, unknown: Unknown) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(_strict(struct, (), unknown, catching=False))


@lru_cache(64)
def catching(struct: Any, unknown: Unknown) -> Any:
    """Return such a kind of `struct`, with Caught for the lists whose key may repeat."""
    return _strict(struct, (), unknown, catching=True)


def _strict(
    struct: type[S],
    path: tuple[str, ...],
    unknown: Unknown,
    *,
    catching: bool,
) -> type[S]:
    """Return the same shape, with fields for what is unknown at and below the path."""
    fields: list[tuple[str, Any, Any]] = []
    shape = shape_of(struct)
    for part in shape.parts:
        if part.inner is not None:
            below = (*path, part.key)
            inner: Any = _strict(part.inner.struct, below, unknown, catching=catching)
            kind: Any = list[inner] if part.kind is Kind.OBJECTS else inner
            if catching and part.key in shape.repeatable:
                kind = type(Caught.__name__, (Caught,), {"__slots__": (), "objects": inner})
            fields.append((part.name, *_retyped(part, kind)))
    for number, key in enumerate(sorted(key for where, key in unknown if where == path)):
        default = msgspec.field(name=key, default=msgspec.UNSET)
        fields.append((f"{UNKNOWN}{number}", Any, default))
    made = msgspec.defstruct(
        struct.__name__,
        fields,
        bases=(struct,),
        kw_only=True,
        gc=False,
        forbid_unknown_fields=True,
    )
    return cast("type[S]", made)


def _retyped(part: Part, kind: Any) -> tuple[Any, Any]:
    """Return the type and the default of a field whose value is of another kind."""
    if part.required:
        return kind, msgspec.field(name=part.key)
    return kind | msgspec.UnsetType, msgspec.field(name=part.key, default=msgspec.UNSET)
