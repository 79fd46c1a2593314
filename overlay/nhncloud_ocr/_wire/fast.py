"""The fast reader: straight into the models, and a proof that nothing was lost on the way."""

import msgspec

from .shapes import Parsed, Success

_decode = msgspec.json.Decoder(Success).decode


def read(body: bytes, cropping: bool) -> Parsed | None:
    """Return a success, or None where the lossless reader has to look."""
    try:
        success = _decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    header = success["header"]
    result = success["result"]
    sliced = "slicesImages" in result
    if not header["isSuccessful"] or header["resultCode"] != 0 or (sliced and not cropping):
        return None
    texts = [len(line["inferTexts"]) for line in result["listOfInferTexts"]]
    boxes = [len(line["boundingBoxes"]) for line in result["listOfBoundingBoxes"]]
    # Each documented key was found at least once where it belongs. If the body has no more quotes
    # than those keys and their string values take, two each, then no key is repeated, none is
    # unknown, and no quote is escaped.
    strings = 10 + sliced + len(texts) + 3 * sum(texts) + len(boxes) + 8 * sum(boxes)
    if body.count(b'"') != 2 * strings:
        return None
    return Parsed(header, result)
