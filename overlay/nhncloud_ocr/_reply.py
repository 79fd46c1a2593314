"""From the reply's bytes to a result or an error, without losing a word.

Two readers, one meaning. The fast one decodes straight into the generated models and then proves,
by counting quotes, that no key was repeated and none is unknown. Where the proof fails, the
lossless one reads the same bytes again.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from . import _json, _lossless, _pairing, _wire
from ._codes import Retry, verdict
from ._errors import OcrError, UnexpectedResponseError
from ._exchange import Reply
from ._results import OcrResult


class Outcome(NamedTuple):
    """A result or an error, and whether the error is worth another try."""

    value: OcrResult | OcrError
    retry: Retry = Retry.NEVER
    result_code: int | None = None


def read(reply: Reply, cropping: bool, attempts: int = 1) -> Outcome:
    """Read one reply. Errors are returned, not raised: so no frame of a reader, whose locals hold
    the body, is in their traceback."""
    if reply.status == 200 and (page := _fast(reply.body, cropping)):
        return _success(page, reply.body, attempts)
    try:
        envelope = _json.loads(reply.body)
        header = _lossless.header(envelope)
        if reply.status < 300 and header.is_successful:
            page = _lossless.page(envelope, cropping=cropping)
            return _success(page, reply.body, attempts)
    except _json.NotJson:
        return _undocumented(reply, "the body is not JSON")
    except _lossless.Mismatch as exc:
        return _undocumented(reply, str(exc))
    if 300 <= reply.status < 400:
        return _undocumented(reply, "a redirect, which is never followed")
    return _refused(reply, header.result_code, header.result_message)


def nothing_found(reply: Reply, attempts: int) -> OcrResult:
    """A result without lines, for callers to whom a blank page is no failure."""
    return OcrResult(lines=(), raw=reply.body, attempts=attempts)


def _success(page: _lossless.Page, body: bytes, attempts: int) -> Outcome:
    result = OcrResult(
        lines=_pairing.lines(page.texts, page.boxes),
        file_type=page.file_type,
        slices=page.slices,
        boxes=_pairing.quads(page.boxes),
        extra=page.extra,
        raw=body,
        attempts=attempts,
    )
    return Outcome(result, result_code=0)


def _undocumented(reply: Reply, problem: str) -> Outcome:
    if reply.status >= 400:  # the status says enough, with or without an envelope
        return _refused(reply, None, "")
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


def _fast(body: bytes, cropping: bool) -> _lossless.Page | None:
    """The page, or None where the lossless reader has to look."""
    try:
        success = _wire.decode_success(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    header, result = success.header, success.result
    sliced = result.slicesImages is not msgspec.UNSET
    if not header.isSuccessful or header.resultCode != 0 or (sliced and not cropping):
        return None
    texts = [line.inferTexts for line in result.listOfInferTexts]
    boxes = [line.boundingBoxes for line in result.listOfBoundingBoxes]
    # Each documented key was found at least once where it belongs. If the body has no more strings
    # than those keys and their string values, then none is repeated and none is unknown. A string
    # has two quotes in the body, unless there is an escaped one.
    strings = (
        10 + sliced + len(texts) + 3 * sum(map(len, texts)) + len(boxes) + 8 * sum(map(len, boxes))
    )
    if body.count(b'"') != 2 * strings or b'\\"' in body:
        return None
    slices = None if isinstance(result.slicesImages, msgspec.UnsetType) else result.slicesImages
    return _lossless.Page(
        result.fileType, slices, [[line] for line in texts], [[line] for line in boxes], {}
    )
