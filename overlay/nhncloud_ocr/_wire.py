"""The seam to the generated client: the only module that imports it, itself imported at the first call.

What is sent is what the generated request building makes; words and boxes come in through the
generated models. So if the description renames a field, the type check fails here.
"""

# ruff: noqa: N815 (names of the wire)
from __future__ import annotations

from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

import attrs
from msgspec import UNSET, Struct, UnsetType
from nhncloud_ocr_api.api.general import recognize_general, recognize_general_cropping
from nhncloud_ocr_api.models import BoundingBox, ImageFileRequest, ImageUrlRequest, InferText
from nhncloud_ocr_api.types import File

from ._keys import PLACEHOLDER
from ._results import Quad, Word

if TYPE_CHECKING:
    from ._images import Upload

Texts = TypeVar("Texts")
Boxes = TypeVar("Boxes")


class Header(Struct):
    isSuccessful: bool
    resultCode: int
    resultMessage: str


class Envelope(Struct):
    """Any reply of the service."""

    header: Header
    result: dict[str, Any] | list[Any] | str | float | bool | None = None


class TextLine(Struct, Generic[Texts]):
    inferTexts: Texts


class BoxLine(Struct, Generic[Boxes]):
    boundingBoxes: Boxes


class Result(Struct, Generic[Texts, Boxes]):
    fileType: str
    listOfInferTexts: list[TextLine[Texts]]
    listOfBoundingBoxes: list[BoxLine[Boxes]]
    slicesImages: int | UnsetType = UNSET


class Success(Struct, Generic[Texts, Boxes]):
    header: Header
    result: Result[Texts, Boxes]


TextGroups: TypeAlias = list[list[InferText]]
BoxGroups: TypeAlias = list[list[BoundingBox]]

Plain = Success[list[InferText], list[BoundingBox]]
"""The documented reply."""
Grouped = Success[TextGroups, BoxGroups]
GroupedResult = Result[TextGroups, BoxGroups]
"""The same where `inferTexts` and `boundingBoxes` hold every list that was sent under that key."""

RESULT_FIELDS = frozenset(Result.__struct_fields__)
DOCUMENTED = frozenset(
    chain(
        *(kind.__struct_fields__ for kind in (Envelope, Header, Result)),
        *((field.name for field in attrs.fields(kind)) for kind in (InferText, BoundingBox)),
    )
)
"""Every documented key that must not be repeated."""


def request(source: Upload | str, cropping: bool) -> dict[str, Any]:
    """The arguments of `httpx.Client.build_request` for an upload or an image URL."""
    general, sliced = recognize_general._get_kwargs, recognize_general_cropping._get_kwargs
    build = sliced if cropping else general
    if isinstance(source, str):
        return build(PLACEHOLDER, body=ImageUrlRequest(image_url=source))
    image = File(BytesIO(source.data), source.file_name, source.media_type)
    return build(PLACEHOLDER, body=ImageFileRequest(image=image))


def quads(boxes: list[BoundingBox]) -> list[Quad]:
    return [Quad(b.x1, b.y1, b.x2, b.y2, b.x3, b.y3, b.x4, b.y4) for b in boxes]


def words(texts: list[InferText], boxes: list[Quad] | None) -> tuple[Word, ...]:
    """Texts and boxes one to one; without boxes the words have none."""
    if boxes is None:
        return tuple([Word(text.value, text.conf) for text in texts])
    return tuple([Word(t.value, t.conf, box) for t, box in zip(texts, boxes, strict=True)])
