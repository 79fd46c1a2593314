"""What a call gives: a page of lines of words, frozen and comparable.

Its many parts are msgspec's, which are quick to make.
"""

from itertools import chain
from typing import Any

from attrs import asdict, field, frozen
from msgspec import Struct, to_builtins


class Quad(Struct, frozen=True, gc=False):
    """Four corners in pixels, clockwise from the text's top left; it may be turned (reported).

    Of the sent image for `recognize`; for `recognize_cropping` nobody says whether of a slice or of
    the whole (inferred: whole).
    """

    x1: float
    y1: float
    x2: float
    y2: float
    x3: float
    y3: float
    x4: float
    y4: float


class Word(Struct, frozen=True, gc=False):
    """One word.

    `text` is as sent and may start with a blank, `confidence` is 0..1 (documented); `box` is None
    where the reply does not say which one belongs to it.
    """

    text: str
    confidence: float
    box: Quad | None = None


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


def _count(lines: tuple[Line, ...]) -> str:
    """Return how many there are, and not their text: results end up in logs."""
    return f"<{len(lines)}>"


@frozen(kw_only=True)
class OcrResult:
    """What was read in one image. Equal by value, for which `raw` and `attempts` do not count.

    lines: in the order of the reply.
    file_type: "jpg" or "png" (guide), None if no text was found.
    slices: into how many pieces the service cut the image (guide), None without cropping.
    boxes: all boxes as sent, per outer index of the reply, paired with words or not.
    extra: the fields of the result that nobody documents.
    raw: the body of the reply, byte for byte.
    attempts: how many requests it took.
    """

    lines: tuple[Line, ...] = field(repr=_count)
    file_type: str | None = None
    slices: int | None = None
    boxes: tuple[tuple[Quad, ...], ...] = field(default=(), repr=False)
    extra: dict[str, Any] = field(factory=dict, repr=False, hash=False)
    raw: bytes = field(default=b"", eq=False, repr=False)
    attempts: int = field(default=1, eq=False)

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
        lines = [
            {name: getattr(line, name) for name in ("text", "confidence", "box", "words")}
            for line in self.lines
        ]
        given = {"text": self.text, **asdict(self, recurse=False), "lines": lines}
        return {name: to_builtins(value) for name, value in given.items() if name != "raw"}


Quad.__module__ = "nhncloud_ocr"  # where people import it from
Word.__module__ = "nhncloud_ocr"
Line.__module__ = "nhncloud_ocr"
OcrResult.__module__ = "nhncloud_ocr"
