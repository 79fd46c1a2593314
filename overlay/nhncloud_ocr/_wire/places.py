"""Which place a described field has in what the user gets.

Most are written by hand, in `pairing` and `reply`. A field that the description gains needs one
line by hand: a field of the same name, with a default, in `Word`, `Quad`, `Line` or `OcrResult`;
it is filled from here. Until then one of the result is in `extra`, and the others in `raw` alone.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import attrs
from msgspec import UNSET, Struct, structs

from .._results import OcrResult
from .shapes import Result, shape_of

BY_HAND = frozenset(
    {"file_type", "list_of_infer_texts", "list_of_bounding_boxes", "slices_images"},
)


@lru_cache(1024)
def carried(public: type[Struct], struct: type[Struct]) -> tuple[str, ...]:
    """Return the names of the described fields that `public` has beside those it must have."""
    optional = {info.name for info in structs.fields(public) if not info.required}
    return tuple(part.name for part in shape_of(struct).parts if part.name in optional)


@lru_cache(1024)
def carried_by_result(struct: type[Result]) -> tuple[str, ...]:
    """Return the names of the described fields that OcrResult has, without those by hand."""
    names = {attribute.name for attribute in attrs.fields(OcrResult)} - BY_HAND
    return tuple(part.name for part in shape_of(struct).parts if part.name in names)


def values(names: tuple[str, ...], decoded: Struct) -> dict[str, Any]:
    """Return the fields of these names that the reply has."""
    found = {name: getattr(decoded, name) for name in names}
    return {name: value for name, value in found.items() if value is not UNSET}


@lru_cache(1024)
def without_place(struct: type[Result]) -> dict[str, str]:
    """Return the fields of a result, Python name to key, that have no place but `extra`."""
    placed = BY_HAND.union(carried_by_result(struct))
    parts = shape_of(struct).parts
    return {part.name: part.key for part in parts if part.name not in placed}


def extra_keys(sent: Iterable[str], struct: type[Result]) -> set[str]:
    """Return those keys of a result that have no place but `extra`, unknown ones too."""
    placed = shape_of(struct).keys.difference(without_place(struct).values())
    return {key for key in sent if key not in placed}
