"""The shapes of a reply, and what the two readers make of one."""

# ruff: noqa: UP013 (the shapes of a reply, a line each)
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypeAlias, TypedDict

from nhncloud_ocr_api.models import BoundingBox, InferText

Header = TypedDict("Header", {"isSuccessful": bool, "resultCode": int, "resultMessage": str})
Json: TypeAlias = dict[str, Any] | list[Any] | str | float | bool | None
Envelope = TypedDict("Envelope", {"header": Header, "result": NotRequired[Json]})
Texts = TypedDict("Texts", {"inferTexts": list[InferText]})
Boxes = TypedDict("Boxes", {"boundingBoxes": list[BoundingBox]})
Result = TypedDict(
    "Result",
    {
        "fileType": str,
        "slicesImages": NotRequired[int],
        "listOfInferTexts": list[Texts],
        "listOfBoundingBoxes": list[Boxes],
    },
)
Success = TypedDict("Success", {"header": Header, "result": Result})

CROPPING_ONLY = frozenset({"slicesImages"})

DOCUMENTED = {
    *(key for shape in (Envelope, Header, Result, Texts, Boxes) for key in shape.__annotations__),
    *InferText.__struct_fields__,
    *BoundingBox.__struct_fields__,
}

Lengths: TypeAlias = dict[int, list[int]]
"""By outer index, the lengths of the lists that came under one repeated key."""


class Undocumented(Exception):
    """The body is not the documented envelope; the text says what is wrong, at which path."""


@dataclass(frozen=True, slots=True, repr=False)
class Parsed:
    """What a reader found: the header, and of a success the rest."""

    header: Header
    result: Result | None = None
    text_lengths: Lengths = field(default_factory=dict)
    box_lengths: Lengths = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
