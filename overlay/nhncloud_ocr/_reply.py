"""From the reply's bytes to a result or an error, without losing a word.

Two readers, one meaning. The fast one decodes straight into the generated models and then proves, by counting quotes,
that no key was repeated and none is unknown. Where the proof fails, the lossless one reads the same bytes again.
"""

from collections.abc import Iterator

import msgspec

from . import _lossless, _wire
from ._codes import verdict
from ._errors import ApiError, OcrError, UnexpectedResponseError
from ._results import Line, OcrResult, Quad
from ._transport import Reply

_decode = msgspec.json.Decoder(_wire.Success).decode


def read(reply: Reply, cropping: bool, attempts: int) -> OcrResult | OcrError:
    """Read one reply. Errors are returned: raised from here, their traceback would have frames that hold the body."""
    status, body = reply.status, reply.body
    page = _read_fast(body, cropping) if status == 200 else None
    if page is None:
        try:
            header, page = _lossless.read(body, cropping)
        except (_lossless.NotTheEnvelope, RecursionError) as exc:
            return _undocumented(reply, str(exc)) if status < 400 else _refused(reply)
        if 300 <= status < 400:
            return _undocumented(reply, "a redirect, which is never followed")
        if page is None or status >= 400:
            return _refused(reply, header)
    boxes = tuple([_wire.quads(line["boundingBoxes"]) for line in page.result["listOfBoundingBoxes"]])
    return OcrResult(
        lines=tuple(_lines(page, boxes)),
        file_type=page.result["fileType"],
        slices=page.result.get("slicesImages"),
        boxes=boxes,
        extra=page.extra,
        raw=body,
        attempts=attempts,
    )


def _read_fast(body: bytes, cropping: bool) -> _lossless.Page | None:
    """None where the lossless reader has to look."""
    try:
        success = _decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    header, result = success["header"], success["result"]
    sliced = "slicesImages" in result
    if not header["isSuccessful"] or header["resultCode"] != 0 or (sliced and not cropping):
        return None
    texts = [[len(line["inferTexts"])] for line in result["listOfInferTexts"]]
    boxes = [[len(line["boundingBoxes"])] for line in result["listOfBoundingBoxes"]]
    # Each documented key was found at least once where it belongs. If the body has no more quotes than those keys and
    # their string values take, two each, then no key is repeated, none is unknown, and no quote is escaped.
    strings = 10 + sliced + len(texts) + 3 * sum(n for (n,) in texts) + len(boxes) + 8 * sum(n for (n,) in boxes)
    return _lossless.Page(result, texts, boxes, {}) if body.count(b'"') == 2 * strings else None


def _lines(page: _lossless.Page, boxes: tuple[tuple[Quad, ...], ...]) -> Iterator[Line]:
    """Words meet their boxes, paired where the reply says so, never guessed. The lists of texts and of boxes have equal
    meaning; an outer index is a visual line (reported), or several where its key is repeated: one per list."""
    for i, (line, lengths) in enumerate(zip(page.result["listOfInferTexts"], page.texts, strict=True)):
        texts = line["inferTexts"]
        paired = len(page.texts) == len(boxes) and len(texts) == len(boxes[i])
        if paired and len(lengths) > 1 and len(page.boxes[i]) > 1:
            paired = lengths == page.boxes[i]
        words, end = _wire.words(texts, boxes[i] if paired else None), 0
        for length in lengths:
            begin, end = end, end + length
            if length:
                yield Line(words[begin:end])


def _undocumented(reply: Reply, problem: str) -> OcrError:
    what = f"{problem} (HTTP {reply.status}, {reply.content_type or 'no content type'}, {len(reply.body)} bytes)"
    text = f"not the documented envelope: {what}. Check the base URL and any proxy on the way; .raw has the whole body."
    return UnexpectedResponseError(text, http_status=reply.status, content_type=reply.content_type, raw=reply.body)


def _refused(reply: Reply, header: _wire.Header | None = None) -> OcrError:
    code, message = (header["resultCode"], header["resultMessage"]) if header else (None, "")
    kind = verdict(reply.status, code).error
    said = f"HTTP {reply.status}" + (f", result code {code}: {message.rstrip('. ')}" if header else "")
    advice = "" if kind is ApiError else " ".join((kind.__doc__ or "").split())
    return kind(
        f"{said}. {advice}".strip(),
        http_status=reply.status,
        result_code=code,
        result_message=message,
        retry_after=reply.retry_after,
    )
