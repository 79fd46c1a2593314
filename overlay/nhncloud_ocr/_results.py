"""What a call gives: a page of lines of words, frozen and comparable."""

from __future__ import annotations

from itertools import chain
from typing import Any

from msgspec import Struct, field


class Quad(Struct, frozen=True, gc=False):
    """Four corners, clockwise from the top left of the text; it may be rotated (reported).

    Unit: pixels. For `recognize` they are pixels of the sent image (reported); for
    `recognize_cropping` the vendor does not say whether of the slice or of the whole image.
    """

    x1: float
    y1: float
    x2: float
    y2: float
    x3: float
    y3: float
    x4: float
    y4: float

    def to_dict(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in self.__struct_fields__}


class Word(Struct, frozen=True, gc=False):
    """One word. `text` is as sent (it may start with a blank); `confidence` is 0..1 (documented);
    `box` is None where words and boxes of the reply do not pair up."""

    text: str
    confidence: float
    box: Quad | None = None

    def to_dict(self) -> dict[str, Any]:
        return {"text": self.text, "confidence": self.confidence, "box": self.box and self.box.to_dict()}


class Line(Struct, frozen=True):
    """One visual line: its words from left to right (documented)."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words, stripped, joined with one space."""
        return " ".join(word.text.strip() for word in self.words)

    @property
    def confidence(self) -> float:
        """The mean of the words' confidences, 0..1."""
        return sum(word.confidence for word in self.words) / len(self.words)

    @property
    def box(self) -> Quad | None:
        """The upright rectangle around all words, in pixels; None if a word has no box."""
        boxes = [word.box for word in self.words if word.box is not None]
        if not boxes or len(boxes) < len(self.words):
            return None
        xs = [x for box in boxes for x in (box.x1, box.x2, box.x3, box.x4)]
        ys = [y for box in boxes for y in (box.y1, box.y2, box.y3, box.y4)]
        left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
        return Quad(left, top, right, top, right, bottom, left, bottom)

    def to_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "confidence": self.confidence,
            "box": (box := self.box) and box.to_dict(),
            "words": [word.to_dict() for word in self.words],
        }


class OcrResult(Struct, frozen=True, kw_only=True, eq=False):
    """What was read in one image. Equal by value; `raw` and `attempts` do not count."""

    lines: tuple[Line, ...]
    """In the order of the reply."""
    file_type: str | None = None
    """"jpg" or "png" (guide); None if no text was found."""
    slices: int | None = None
    """How many pieces the service cut the image into; None unless cropping was asked for (guide)."""
    boxes: tuple[tuple[Quad, ...], ...] = ()
    """All boxes as sent, per outer index of the reply, whether they could be paired or not."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Fields of the reply's result that the description does not know."""
    raw: bytes = b""
    """The body of the reply, byte for byte."""
    attempts: int = 1
    """How many requests it took."""

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all lines, in order."""
        return tuple(chain.from_iterable(line.words for line in self.lines))

    @property
    def text(self) -> str:
        """The text of all lines, joined with newlines."""
        return "\n".join(line.text for line in self.lines)

    def to_dict(self) -> dict[str, Any]:
        """Everything but `raw`, as values that the json module can write."""
        return {
            "text": self.text,
            "file_type": self.file_type,
            "slices": self.slices,
            "lines": [line.to_dict() for line in self.lines],
            "boxes": [[box.to_dict() for box in group] for group in self.boxes],
            "extra": self.extra,
            "attempts": self.attempts,
        }

    def _value(self) -> tuple[Any, ...]:
        return (self.lines, self.file_type, self.slices, self.boxes, self.extra)

    def __eq__(self, other: object) -> bool:
        return self._value() == other._value() if isinstance(other, OcrResult) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.lines, self.file_type, self.slices, self.boxes))  # a dict has no hash

    def __repr__(self) -> str:
        # Counts, not contents: results end up in logs, and text may be somebody's identity card.
        return (
            f"OcrResult(lines={len(self.lines)}, words={len(self.words)}, "
            f"file_type={self.file_type!r}, slices={self.slices}, attempts={self.attempts})"
        )
