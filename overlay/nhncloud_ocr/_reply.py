"""From the reply's bytes to a result or an error, without losing a word.

Two readers, one meaning. The fast one decodes straight into the generated models and then proves,
by counting quotes, that no key was repeated and none is unknown. Where the proof fails, the
lossless one reads the same bytes again.
"""

from __future__ import annotations

from itertools import chain
from typing import Any, NamedTuple

import msgspec

from . import _lossless, _pairing, _wire
from ._codes import Retry, verdict
from ._errors import OcrError, UnexpectedResponseError
from ._exchange import Reply
from ._results import OcrResult

_decode_plain = msgspec.json.Decoder(_wire.Plain).decode


class Outcome(NamedTuple):
    """A result or an error, and whether the error is worth another try."""

    value: OcrResult | OcrError
    retry: Retry = Retry.NEVER
    result_code: int | None = None


def read(reply: Reply, cropping: bool, attempts: int = 1) -> Outcome:
    """Read one reply. Errors are returned, not raised: so no frame of a reader, whose locals hold
    the body, is in their traceback."""
    if reply.status == 200 and (result := _read_fast(reply.body, cropping, attempts)):
        return Outcome(result, result_code=0)
    try:
        header, page, extra = _lossless.read(reply.body, cropping)
    except (_lossless.NotTheEnvelope, RecursionError) as exc:
        return _undocumented(reply, str(exc)) if reply.status < 400 else _refused(reply, None, "")
    if page is not None and reply.status < 300:
        texts = [line.inferTexts for line in page.listOfInferTexts]
        boxes = [line.boundingBoxes for line in page.listOfBoundingBoxes]
        return Outcome(_result(page, texts, boxes, reply.body, attempts, extra), result_code=0)
    if 300 <= reply.status < 400:
        return _undocumented(reply, "a redirect, which is never followed")
    return _refused(reply, header.resultCode, header.resultMessage)


def nothing_found(reply: Reply, attempts: int) -> OcrResult:
    """A result without lines, for callers to whom a blank page is no failure."""
    return OcrResult(lines=(), raw=reply.body, attempts=attempts)


def _undocumented(reply: Reply, problem: str) -> Outcome:
    error = UnexpectedResponseError(
        f"not the documented envelope: {problem} (HTTP {reply.status}, "
        f"{reply.content_type or 'no content type'}, {len(reply.body)} bytes). "
        "Check the base URL and any proxy on the way; the whole body is in .raw.",
        http_status=reply.status,
        content_type=reply.content_type,
        raw=reply.body,
    )
    return Outcome(error)


def _refused(reply: Reply, code: int | None, message: str) -> Outcome:
    kind, retry = verdict(reply.status, code)
    said = "" if code is None else f", result code {code}: {message}"
    error = kind(
        f"HTTP {reply.status}{said} {kind.advice}".rstrip(),
        http_status=reply.status,
        result_code=code,
        result_message=message,
        retry_after=reply.retry_after,
    )
    return Outcome(error, retry, code)


def _read_fast(body: bytes, cropping: bool, attempts: int) -> OcrResult | None:
    """None where the lossless reader has to look."""
    try:
        success = _decode_plain(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    header, result = success.header, success.result
    sliced = result.slicesImages is not msgspec.UNSET
    if not header.isSuccessful or header.resultCode != 0 or (sliced and not cropping):
        return None
    texts = [line.inferTexts for line in result.listOfInferTexts]
    boxes = [line.boundingBoxes for line in result.listOfBoundingBoxes]
    # Each documented key was found at least once where it belongs. If the body has no more quotes than those keys and
    # their string values take, two each, then no key is repeated, none is unknown, and no quote is escaped.
    strings = 10 + sliced + len(texts) + 3 * sum(map(len, texts))
    strings += len(boxes) + 8 * sum(map(len, boxes))
    if body.count(b'"') != 2 * strings:
        return None
    return _result(success.result, [[t] for t in texts], [[b] for b in boxes], body, attempts)


def _result(
    result: _wire.Result[Any, Any],
    texts: list[_wire.TextGroups],
    boxes: list[_wire.BoxGroups],
    body: bytes,
    attempts: int,
    extra: dict[str, Any] | None = None,
) -> OcrResult:
    quads = [[_wire.quads(group) for group in groups] for groups in boxes]
    return OcrResult(
        lines=_pairing.lines(texts, quads),
        file_type=result.fileType,
        slices=None if isinstance(result.slicesImages, msgspec.UnsetType) else result.slicesImages,
        boxes=tuple([tuple(chain.from_iterable(groups)) for groups in quads]),
        extra=extra or {},
        raw=body,
        attempts=attempts,
    )
