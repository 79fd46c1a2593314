"""Words meet their boxes, paired where the reply says so, never guessed."""

from collections.abc import Iterator
from itertools import islice, repeat

from nhncloud_ocr_api.models import BoundingBox, BoxLine, InferText, TextLine

from .._results import Line, Quad, Word
from . import places
from .shapes import Parsed

_OF_WORD = places.carried(Word, InferText)
_OF_QUAD = places.carried(Quad, BoundingBox)
_OF_LINE = places.carried(Line, TextLine)


def quads(lines: list[BoxLine]) -> tuple[tuple[Quad, ...], ...]:
    """Return all boxes as sent, per outer index."""
    return tuple(tuple(_quads(line.bounding_boxes)) for line in lines)


def lines(
    texts: list[TextLine],
    boxes: tuple[tuple[Quad, ...], ...],
    parsed: Parsed,
) -> Iterator[Line]:
    """Yield the visual lines.

    The lists of texts and of boxes have equal meaning; an outer index is a visual line (reported),
    or several where its key is repeated: one per list.
    """
    outer_alike = len(texts) == len(boxes)
    text_lengths = parsed.lengths.get(TextLine, {})
    box_lengths = parsed.lengths.get(BoxLine, {})
    for i, line in enumerate(texts):
        inferred = line.infer_texts
        of_texts = text_lengths.get(i)
        of_boxes = box_lengths.get(i)
        paired = outer_alike and _alike(of_texts, of_boxes) and len(inferred) == len(boxes[i])
        words = _words(inferred, boxes[i] if paired else None)
        more = places.values(_OF_LINE, line) if _OF_LINE else {}
        for length in of_texts or [len(inferred)]:
            if length:
                yield Line(tuple(islice(words, length)), **more)


def _alike(of_texts: list[int] | None, of_boxes: list[int] | None) -> bool:
    """Whether group k is group k on both sides; where one side has no groups, both are flat."""
    return of_texts == of_boxes or not (of_texts and of_boxes)


def _words(texts: list[InferText], boxes: tuple[Quad, ...] | None) -> Iterator[Word]:
    pairs = zip(texts, boxes if boxes is not None else repeat(None), strict=False)
    if _OF_WORD:
        return iter(
            [Word(t.value, t.conf, box, **places.values(_OF_WORD, t)) for t, box in pairs],
        )
    return iter([Word(text.value, text.conf, box) for text, box in pairs])


def _quads(boxes: list[BoundingBox]) -> list[Quad]:
    if _OF_QUAD:
        return [
            Quad(b.x1, b.y1, b.x2, b.y2, b.x3, b.y3, b.x4, b.y4, **places.values(_OF_QUAD, b))
            for b in boxes
        ]
    return [Quad(b.x1, b.y1, b.x2, b.y2, b.x3, b.y3, b.x4, b.y4) for b in boxes]
