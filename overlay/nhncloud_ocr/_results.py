"""What a call gives: a page of lines of words, frozen and comparable.

Its many parts are msgspec's, which are quick to make.
"""

from copy import deepcopy
from itertools import chain
from math import atan2, degrees
from typing import Any, TypeAlias

from attrs import field, fields, frozen
from msgspec import Struct, to_builtins

Point: TypeAlias = tuple[float, float]


def _plain(value: Any) -> Any:
    """Return a copy that `json` and pandas take: lists for tuples, dicts for parts."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, _Part):
        return value.to_dict()
    return deepcopy(value) if isinstance(value, dict) else to_builtins(value)


class _Part(Struct, frozen=True, gc=False):
    """A part of a page; `dict(part)` gives what `to_dict` does."""

    def keys(self) -> tuple[str, ...]:
        """Return the keys of `to_dict()`."""
        return self.__struct_fields__

    def __getitem__(self, key: str) -> Any:
        if key not in self.keys():
            raise KeyError(key)
        return _plain(getattr(self, key))

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as values that `json` and pandas take: lists and dicts, no tuples."""
        plain: dict[str, Any] = to_builtins(self)
        return plain


class Quad(_Part, frozen=True, gc=False):
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

    @property
    def points(self) -> tuple[Point, Point, Point, Point]:
        """The corners as (x, y): top left, top right, bottom right, bottom left of the text."""
        return (self.x1, self.y1), (self.x2, self.y2), (self.x3, self.y3), (self.x4, self.y4)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """The upright rectangle around it: left, top, right, bottom, in pixels."""
        xs = (self.x1, self.x2, self.x3, self.x4)
        ys = (self.y1, self.y2, self.y3, self.y4)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def center(self) -> Point:
        """The mean of the four corners, (x, y) in pixels."""
        xs, ys = zip(*self.points, strict=True)
        return sum(xs) / 4, sum(ys) / 4

    @property
    def angle(self) -> float:
        """By how many degrees the top edge is turned, above -180 up to 180.

        0 for upright text, positive clockwise as one sees it, for y grows downwards: 90 for text
        that runs from top to bottom.
        """
        turned = degrees(atan2(self.y2 - self.y1, self.x2 - self.x1))
        return 180.0 if turned == -180.0 else turned


class Word(_Part, frozen=True, gc=False):
    """One word.

    `text` is as sent and may start with a blank, `confidence` is 0..1 (documented); `box` is None
    where the reply does not say which one belongs to it.
    """

    text: str
    confidence: float
    box: Quad | None = None


class Line(_Part, frozen=True):
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
        boxes = [word.box.bounds for word in self.words if word.box is not None]
        if not boxes or len(boxes) < len(self.words):
            return None
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        left, top, right, bottom = min(lefts), min(tops), max(rights), max(bottoms)
        return Quad(left, top, right, top, right, bottom, left, bottom)

    def keys(self) -> tuple[str, ...]:
        """Return the keys of `to_dict()`."""
        return ("text", "confidence", "box", *self.__struct_fields__)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as values that `json` and pandas take: lists and dicts, no tuples."""
        return {key: self[key] for key in self.keys()}


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
    extra: the fields of the result that have no attribute here, unknown ones too.
    raw: the body of the reply, byte for byte, an echo of a key included; pickled, it is without.
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

    @classmethod
    def from_raw(cls, raw: bytes) -> "OcrResult":
        """Return the result that a stored reply holds: `raw` of one, of `recognize` or cropping.

        What a call would raise of that reply is raised of it: UnexpectedResponseError, or the
        ApiError that a stored refusal stands for, as of HTTP 200. Nothing is sent or billed.
        """
        from ._outcome import stored  # with it comes the generated client

        return stored(raw)

    def keys(self) -> tuple[str, ...]:
        """Return the keys of `to_dict()`; `dict(page)` is the same."""
        names = [attribute.name for attribute in fields(OcrResult)]
        return ("text", *(name for name in names if name != "raw"))

    def __getitem__(self, key: str) -> Any:
        if key not in self.keys():
            raise KeyError(key)
        return _plain(getattr(self, key))

    def to_dict(self) -> dict[str, Any]:
        """Return everything but `raw`, as values that `json` and pandas take: no tuples.

        Changing it changes nothing of the result.
        """
        return {key: self[key] for key in self.keys()}


Quad.__module__ = "nhncloud_ocr"  # where people import it from
Word.__module__ = "nhncloud_ocr"
Line.__module__ = "nhncloud_ocr"
OcrResult.__module__ = "nhncloud_ocr"
