"""Words meet their boxes, paired where the reply says so, never guessed."""

from collections.abc import Iterator
from itertools import islice, repeat

from .._results import Line, Quad, Word
from .shapes import Boxes, Parsed, Texts


def quads(lines: list[Boxes]) -> tuple[tuple[Quad, ...], ...]:
    """Return all boxes as sent, per outer index."""
    return tuple(
        tuple([Quad(b.x1, b.y1, b.x2, b.y2, b.x3, b.y3, b.x4, b.y4) for b in line["boundingBoxes"]])
        for line in lines
    )


def lines(
    texts: list[Texts],
    boxes: tuple[tuple[Quad, ...], ...],
    parsed: Parsed,
) -> Iterator[Line]:
    """Yield the visual lines.

    The lists of texts and of boxes have equal meaning; an outer index is a visual line (reported),
    or several where its key is repeated: one per list.
    """
    outer_alike = len(texts) == len(boxes)
    for i, line in enumerate(texts):
        inferred = line["inferTexts"]
        of_texts = parsed.text_lengths.get(i)
        of_boxes = parsed.box_lengths.get(i)
        paired = outer_alike and _alike(of_texts, of_boxes) and len(inferred) == len(boxes[i])
        pairs = zip(inferred, boxes[i] if paired else repeat(None), strict=False)
        words = iter([Word(text.value, text.conf, box) for text, box in pairs])
        for length in of_texts or [len(inferred)]:
            if length:
                yield Line(tuple(islice(words, length)))


def _alike(of_texts: list[int] | None, of_boxes: list[int] | None) -> bool:
    """Whether group k is group k on both sides; where one side has no groups, both are flat."""
    return of_texts == of_boxes or not (of_texts and of_boxes)
