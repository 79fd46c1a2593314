from __future__ import annotations

from typing import (
    ClassVar,
)

from msgspec import Struct

from ..models.infer_text import InferText


class TextLine(
    Struct,
    kw_only=True,
    gc=False,
    rename={
        "infer_texts": "inferTexts",
    },
):
    """The words of a line, from left to right. [documented]
    The guide's sample repeats the key `inferTexts` inside one object.

        Attributes:
            infer_texts (list[InferText]): The words.
    """

    infer_texts: list[InferText]
    __repeatable__: ClassVar[frozenset[str]] = frozenset(["inferTexts"])
