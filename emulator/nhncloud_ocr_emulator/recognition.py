"""What an engine's work comes to: words with boxes, or a refusal with the service's result code."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["FAILED", "UNAVAILABLE", "Box", "Recognition", "Refused", "Word"]

FAILED = 5005003
"""Documented as "General OCR failed to recognize the image"; that it means this is inferred."""

UNAVAILABLE = 5000503
"""Documented as "temporarily unavailable"; that there is no process to read with is inferred."""


class Box(NamedTuple):
    """Four corners in pixels of the sent image: top left, top right, bottom right, bottom left."""

    x1: int
    y1: int
    x2: int
    y2: int
    x3: int
    y3: int
    x4: int
    y4: int


class Word(NamedTuple):
    """One recognised word; `confidence` is in 0..1."""

    text: str
    confidence: float
    box: Box


class Recognition(NamedTuple):
    """Lines of words in reading order; `slices` counts the pieces of the image, 1 if not cut.

    `merged` has the lines with the text of overlaps once, where `lines` may have it twice.
    """

    file_type: str  # "jpg" or "png", by the image's first bytes
    lines: tuple[tuple[Word, ...], ...]
    slices: int
    merged: tuple[tuple[Word, ...], ...] | None = None  # None: there are no overlaps


class Refused(Exception):
    """The image cannot be recognised; `code` is the result code that the service answers.

    `reason` says which check the call failed and what was seen, in one line for a person; it has
    no key and nothing of an image in it.
    """

    def __init__(self, code: int, reason: str | None = None) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason

    def forget(self) -> None:
        """Let go of where it was raised: of frames that hold the image, some of which hold this.

        Python would come to such a circle some time, whatever the size of what is in it.
        """
        self.__traceback__ = None
        self.__context__ = None
