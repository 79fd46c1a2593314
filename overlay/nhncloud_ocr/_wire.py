"""The seam to the generated client: the only module that imports it, itself imported at the first call.

What is sent is what the generated request building makes; words and boxes come in through the generated models. So if
the description renames a field, the type check fails here.
"""

# ruff: noqa: UP013 (the shapes of a reply, a line each)
from io import BytesIO
from typing import Any, NotRequired, TypedDict

import attrs
from nhncloud_ocr_api.api.general import recognize_general, recognize_general_cropping
from nhncloud_ocr_api.models import BoundingBox, ImageFileRequest, ImageUrlRequest, InferText
from nhncloud_ocr_api.types import File

from ._images import kind
from ._keys import PLACEHOLDER
from ._results import Quad, Word

Header = TypedDict("Header", {"isSuccessful": bool, "resultCode": int, "resultMessage": str})
Json = dict[str, Any] | list[Any] | str | float | bool | None
Envelope = TypedDict("Envelope", {"header": Header, "result": NotRequired[Json]})
TextLine = TypedDict("TextLine", {"inferTexts": list[InferText]})
BoxLine = TypedDict("BoxLine", {"boundingBoxes": list[BoundingBox]})
Result = TypedDict(
    "Result",
    {
        "fileType": str,
        "slicesImages": NotRequired[int],
        "listOfInferTexts": list[TextLine],
        "listOfBoundingBoxes": list[BoxLine],
    },
)
Success = TypedDict("Success", {"header": Header, "result": Result})

DOCUMENTED = {key for shape in (Envelope, Header, Result, TextLine, BoxLine) for key in shape.__annotations__}
DOCUMENTED |= {field.name for model in (InferText, BoundingBox) for field in attrs.fields(model)}


def request(source: bytes | str, cropping: bool) -> dict[str, Any]:
    """The arguments of `httpx.Request` for an image or an image's URL."""
    general, sliced = recognize_general._get_kwargs, recognize_general_cropping._get_kwargs
    build = sliced if cropping else general
    if isinstance(source, str):
        return build(PLACEHOLDER, body=ImageUrlRequest(image_url=source))
    return build(PLACEHOLDER, body=ImageFileRequest(image=File(BytesIO(source), *kind(source))))


def quads(boxes: list[BoundingBox]) -> tuple[Quad, ...]:
    return tuple([Quad(b.x1, b.y1, b.x2, b.y2, b.x3, b.y3, b.x4, b.y4) for b in boxes])


def words(texts: list[InferText], boxes: tuple[Quad, ...] | None) -> tuple[Word, ...]:
    """Texts and boxes one to one; without boxes the words have none."""
    if boxes is None:
        return tuple([Word(text.value, text.conf) for text in texts])
    return tuple([Word(t.value, t.conf, box) for t, box in zip(texts, boxes, strict=True)])
