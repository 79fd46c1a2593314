"""What a call gives: a page of lines of words, frozen and comparable."""

from itertools import chain
from typing import Any

from msgspec import Struct, field


class Quad(Struct, frozen=True, gc=False):
    """Four corners in pixels, clockwise from the top left of the text, which may be turned (reported): of the sent
    image for `recognize`; for `recognize_cropping` nobody says whether of a slice or of the whole (inferred: whole)."""

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
    """One word. `text` is as sent and may start with a blank, `confidence` is 0..1 (documented); `box` is None where
    the reply does not say which one belongs to it."""

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
        box, words = self.box, [word.to_dict() for word in self.words]
        return {"text": self.text, "confidence": self.confidence, "box": box and box.to_dict(), "words": words}


class OcrResult(Struct, frozen=True, kw_only=True, eq=False):
    """What was read in one image. Equal by value, for which `raw` and `attempts` do not count.

    `lines`: in the order of the reply. `file_type`: "jpg" or "png" (guide), None if no text was found. `slices`: into
    how many pieces the service cut the image (guide), None without cropping. `boxes`: all boxes as sent, per outer
    index of the reply, paired with words or not. `extra`: the fields of the result that nobody documents. `raw`: the
    body of the reply, byte for byte. `attempts`: how many requests it took.
    """

    lines: tuple[Line, ...]
    file_type: str | None = None
    slices: int | None = None
    boxes: tuple[tuple[Quad, ...], ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    raw: bytes = b""
    attempts: int = 1

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all lines, in order."""
        return tuple(chain.from_iterable([line.words for line in self.lines]))

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

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, OcrResult):
            return NotImplemented
        mine, theirs = ((r.lines, r.file_type, r.slices, r.boxes, r.extra) for r in (self, other))
        return mine == theirs

    def __hash__(self) -> int:
        return hash((self.lines, self.file_type, self.slices, self.boxes))  # a dict has no hash

    def __repr__(self) -> str:  # counts, not contents: results end up in logs
        counts = f"lines={len(self.lines)}, words={len(self.words)}, slices={self.slices}, attempts={self.attempts}"
        return f"OcrResult({counts}, file_type={self.file_type!r})"
