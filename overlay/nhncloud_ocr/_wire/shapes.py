"""The shapes of a reply: the generated ones, and what can be read off them.

What the description says of a reply comes in here, and no key of it is written by hand.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from operator import attrgetter
from types import NoneType
from typing import Any, TypeAlias, get_args, get_origin

from msgspec import Struct, UnsetType, structs
from nhncloud_ocr_api.api.general import (
    recognize_general,
    recognize_general_cropping,
    recognize_general_cropping_v11,
    recognize_general_v11,
)
from nhncloud_ocr_api.models import CroppingResult, GeneralResult, ResponseHeader

GeneralReply: TypeAlias = recognize_general.Reply
CroppingReply: TypeAlias = recognize_general_cropping.Reply
Reply: TypeAlias = GeneralReply | CroppingReply
# Every version answers alike (documented). If one no longer does, the type check fails here.
_ALIKE: tuple[type[GeneralReply], type[CroppingReply]] = (
    recognize_general_v11.Reply,
    recognize_general_cropping_v11.Reply,
)
Result: TypeAlias = GeneralResult | CroppingResult
Lengths: TypeAlias = dict[int, list[int]]
"""By outer index, the lengths of the lists that came under one repeated key."""


class Undocumented(Exception):
    """The body is not the documented envelope; the text says what is wrong, at which path."""


@dataclass(frozen=True, slots=True, repr=False)
class Parsed:
    """What a reader found: the header, and of a success the rest.

    lengths: by the shape of the objects whose keys were repeated.
    extra: the fields of the result that have no place of their own.
    """

    header: ResponseHeader
    result: Result | None = None
    lengths: dict[type[Struct], Lengths] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


class Kind(Enum):
    """What the value of a field is."""

    NUMBER = auto()  # or a truth value, or null
    TEXT = auto()
    OBJECT = auto()
    OBJECTS = auto()  # a list of them
    OTHER = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A field of an object. get: its value in a decoded one. inner: the shape of its object(s)."""

    name: str
    key: str
    required: bool
    kind: Kind
    inner: "Shape | None"
    get: Callable[[Any], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What the description says of an object."""

    struct: type[Struct]
    parts: tuple[Part, ...]
    keys: frozenset[str]
    repeatable: frozenset[str]

    def key(self, name: str) -> str:
        """Return the key of a field by its Python name. Raises AttributeError for none such."""
        for part in self.parts:
            if part.name == name:
                return part.key
        raise AttributeError(f"{self.struct.__name__} has no {name}: was it renamed?")

    def all(self) -> "Iterator[Shape]":
        """Yield this shape and those of all objects inside."""
        yield self
        for part in self.parts:
            if part.inner is not None:
                yield from part.inner.all()


@lru_cache(1024)
def shape_of(struct: type[Struct]) -> Shape:
    """Return what the description says of the objects that are decoded into `struct`."""
    parts = tuple(map(_part, structs.fields(struct)))
    return Shape(
        struct,
        parts,
        frozenset(part.key for part in parts),
        getattr(struct, "__repeatable__", frozenset()),
    )


def _part(info: structs.FieldInfo) -> Part:
    kind, inner = _kind(info.type)
    shape = None if inner is None else shape_of(inner)
    return Part(info.name, info.encode_name, info.required, kind, shape, attrgetter(info.name))


def _kind(annotation: Any) -> tuple[Kind, type[Struct] | None]:
    """Return the kind of a field of this type, and the struct of its object or objects."""
    if get_origin(annotation) is list:
        kind, inner = _kind(get_args(annotation)[0])
        return (Kind.OBJECTS, inner) if kind is Kind.OBJECT else (Kind.OTHER, None)
    types = {*(get_args(annotation) or (annotation,))} - {UnsetType}
    if len(types) == 1 and types != {annotation}:
        return _kind(types.pop())
    if types <= {int, float, bool, NoneType}:
        return Kind.NUMBER, None
    if types == {str}:
        return Kind.TEXT, None
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return Kind.OBJECT, annotation
    return Kind.OTHER, None


RESULT = shape_of(GeneralReply).key("result")
GENERAL = shape_of(GeneralResult)
CROPPING = shape_of(CroppingResult)
DOCUMENTED = frozenset[str]().union(
    *(shape.keys for reply in (GeneralReply, CroppingReply) for shape in shape_of(reply).all())
)
REPEATABLE = frozenset[str]().union(
    *(
        shape.repeatable
        for reply in (GeneralReply, CroppingReply)
        for shape in shape_of(reply).all()
    )
)
