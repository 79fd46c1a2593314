from __future__ import annotations

from typing import (
    ClassVar,
)

from msgspec import Struct

from ..models.bounding_box import BoundingBox


class BoxLine(
    Struct,
    kw_only=True,
    gc=False,
    rename={
        "bounding_boxes": "boundingBoxes",
    },
):
    """The areas of a line's words, in the order of the words. [documented]
    If a line's key `inferTexts` is repeated, `boundingBoxes` may be so too. [inferred]

        Attributes:
            bounding_boxes (list[BoundingBox]): The areas.
    """

    bounding_boxes: list[BoundingBox]
    __repeatable__: ClassVar[frozenset[str]] = frozenset(["boundingBoxes"])
