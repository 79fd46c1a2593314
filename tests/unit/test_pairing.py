"""Words meet their boxes only where the reply says so; the boxes are there in any case."""

import json

import pytest
from nhncloud_ocr import Quad
from unit.support import Answer, box, word

# One row: the groups of words per outer index, the groups of boxes per outer index, and the boxes
# that the words get. Numbers count words and boxes; "." is a word without a box.
ROWS = {
    "one line": ([[2]], [[2]], "0 1"),
    "two lines": ([[1], [2]], [[1], [2]], "0 1 2"),
    "outer lists differ, boxes missing": ([[1], [1]], [[1]], ". ."),
    "outer lists differ, boxes too many": ([[1]], [[1], [1]], "."),
    "outer lists differ, totals equal": ([[2]], [[1], [1]], ". ."),
    "no boxes at all": ([[2]], [], ". ."),
    "one line too many boxes, the next fits": ([[2], [1]], [[3], [1]], ". . 3"),
    "one line too few boxes, the next fits": ([[2], [1]], [[1], [1]], ". . 1"),
    "both repeated, groups agree": ([[2, 1]], [[2, 1]], "0 1 2"),
    "both repeated, one group differs": ([[2, 1]], [[1, 2]], ". . ."),
    "both repeated, more groups of boxes": ([[2, 1]], [[1, 1, 1]], ". . ."),
    "both repeated, more groups of words": ([[1, 1, 1]], [[2, 1]], ". . ."),
    "both repeated, an empty group on each side": ([[1, 0, 1]], [[1, 0, 1]], "0 1"),
    "both repeated, an empty group of words only": ([[1, 0, 1]], [[1, 1]], ". ."),
    "words repeated, totals agree": ([[2, 1]], [[3]], "0 1 2"),
    "words repeated, totals differ": ([[2, 1]], [[1]], ". . ."),
    "words repeated, with an empty group": ([[0, 2]], [[2]], "0 1"),
    "boxes repeated, totals agree": ([[3]], [[1, 2]], "0 1 2"),
    "boxes repeated, totals differ": ([[3]], [[1, 1]], ". . ."),
    "boxes repeated, with an empty group": ([[2]], [[2, 0]], "0 1"),
    "each line by its own rule": ([[1, 1], [2], [1]], [[2], [1, 1], [2]], "0 1 2 3 ."),
    "neither words nor boxes": ([[0]], [[0]], ""),
}


def repeated(key, groups):
    """An object in which `key` comes once for each group."""
    return "{" + ", ".join(f"{json.dumps(key)}: {json.dumps(group)}" for group in groups) + "}"


@pytest.mark.parametrize(("texts", "boxes", "expected"), ROWS.values(), ids=ROWS)
def test_pairing(sync, texts, boxes, expected) -> None:
    words = [word(f"w{i}") for i in range(sum(map(sum, texts)))]
    quads = [box(100 * i) for i in range(sum(map(sum, boxes)))]
    left_words, left_quads = iter(words), iter(quads)
    outer_texts = [
        repeated("inferTexts", [[next(left_words) for _ in range(n)] for n in outer])
        for outer in texts
    ]
    outer_boxes = [
        repeated("boundingBoxes", [[next(left_quads) for _ in range(n)] for n in outer])
        for outer in boxes
    ]
    body = f"""{{"header": {{"isSuccessful": true, "resultCode": 0, "resultMessage": "SUCCESS"}},
        "result": {{"fileType": "png", "listOfInferTexts": [{", ".join(outer_texts)}],
                    "listOfBoundingBoxes": [{", ".join(outer_boxes)}]}}}}"""

    page = sync.read(Answer(body.encode()))

    assert [found.text for found in page.words] == [sent["value"] for sent in words]
    assert [len(line.words) for line in page.lines] == [n for outer in texts for n in outer if n]
    sent = [Quad(**quad) for quad in quads]
    assert [found.box for found in page.words] == [
        None if i == "." else sent[int(i)] for i in expected.split()
    ]
    assert [quad for outer in page.boxes for quad in outer] == sent
    assert [len(outer) for outer in page.boxes] == [sum(outer) for outer in boxes]
