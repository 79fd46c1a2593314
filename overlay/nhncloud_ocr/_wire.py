"""The seam to the generated client: the only module that imports it, and itself imported at the first call.

What is sent is what the generated request building makes; words and boxes come in through the
generated models. So if the description renames a field, the type check fails here.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
from nhncloud_ocr_api.api.general import recognize_general, recognize_general_cropping
from nhncloud_ocr_api.models import BoundingBox, ImageFileRequest, ImageUrlRequest, InferText
from nhncloud_ocr_api.types import File

from ._keys import APP_KEY_PLACEHOLDER
from ._results import Quad, Word

if TYPE_CHECKING:
    from ._images import Upload

__all__ = ["BoundingBox", "InferText"]

InferTexts: TypeAlias = list[InferText]
BoundingBoxes: TypeAlias = list[BoundingBox]


def request(source: Upload | str, cropping: bool) -> dict[str, Any]:
    """The arguments of `httpx.Client.build_request` for an upload or an image URL."""
    general, sliced = recognize_general._get_kwargs, recognize_general_cropping._get_kwargs
    build = sliced if cropping else general
    if isinstance(source, str):
        return build(APP_KEY_PLACEHOLDER, body=ImageUrlRequest(image_url=source))
    image = File(BytesIO(source.data), source.file_name, source.media_type)
    return build(APP_KEY_PLACEHOLDER, body=ImageFileRequest(image=image))


def infer_text(obj: dict[str, Any]) -> InferText:
    """Raises KeyError for a missing field; the types are the caller's to check."""
    return InferText.from_dict(obj)


def bounding_box(obj: dict[str, Any]) -> BoundingBox:
    """Raises KeyError for a missing field; the types are the caller's to check."""
    return BoundingBox.from_dict(obj)


def words(texts: InferTexts, boxes: BoundingBoxes | None) -> tuple[Word, ...]:
    """Pair texts and boxes one to one; without boxes the words have none."""
    if boxes is None:
        return tuple([Word(text.value, text.conf) for text in texts])
    return tuple(
        [Word(text.value, text.conf, quad(box)) for text, box in zip(texts, boxes, strict=True)]
    )


def quad(box: BoundingBox) -> Quad:
    return Quad(box.x1, box.y1, box.x2, box.y2, box.x3, box.y3, box.x4, box.y4)


class Header(msgspec.Struct):
    isSuccessful: bool  # noqa: N815 (names of the wire)
    resultCode: int  # noqa: N815
    resultMessage: str  # noqa: N815


class TextLine(msgspec.Struct):
    inferTexts: InferTexts  # noqa: N815


class BoxLine(msgspec.Struct):
    boundingBoxes: BoundingBoxes  # noqa: N815


class Result(msgspec.Struct):
    fileType: str  # noqa: N815
    listOfInferTexts: list[TextLine]  # noqa: N815
    listOfBoundingBoxes: list[BoxLine]  # noqa: N815
    slicesImages: int | msgspec.UnsetType = msgspec.UNSET  # noqa: N815


class Success(msgspec.Struct):
    header: Header
    result: Result


decode_success = msgspec.json.Decoder(Success).decode
