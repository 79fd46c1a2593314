"""What was read of a reply becomes a result or an error."""

from ._codes import verdict
from ._errors import ApiError, OcrError, UnexpectedResponseError
from ._results import OcrResult
from ._wire.reply import Page, Reading, read_stored


def result(page: Page, raw: bytes, attempts: int) -> OcrResult:
    """Return the result of a success. raw: the body of the reply."""
    return OcrResult(
        lines=page.lines,
        file_type=page.file_type,
        slices=page.slices,
        boxes=page.boxes,
        extra=page.extra,
        raw=raw,
        attempts=attempts,
        **page.more,
    )


def stored(raw: bytes) -> OcrResult:
    """Return the result that a stored reply holds. Raises what a call would raise of it."""
    if not isinstance(raw, (bytes, bytearray, memoryview)):
        raise TypeError(f"raw is the bytes of a stored reply, not {type(raw).__name__}")
    reading = read_stored(bytes(raw))
    if reading.page is None:
        raise error(reading)
    return result(reading.page, reading.body, attempts=1)


def error(reading: Reading) -> OcrError:
    """Return the error that a reply stands for; `reading` must have been masked."""
    if reading.outcome == "undocumented":
        return _undocumented(reading)
    return _refused(reading)


def _undocumented(reading: Reading) -> UnexpectedResponseError:
    content_type = reading.content_type or "no content type"
    size = f"{len(reading.body)} bytes"
    return UnexpectedResponseError(
        f"not the documented envelope: {reading.problem} "
        f"(HTTP {reading.status}, {content_type}, {size}). "
        "Check the base URL and any proxy on the way; .raw has the whole body.",
        http_status=reading.status,
        content_type=reading.content_type,
        raw=reading.body,
    )


def _refused(reading: Reading) -> ApiError:
    found = verdict(reading.status, reading.code)
    said = f"HTTP {reading.status}"
    if reading.code is not None:
        said += f", result code {reading.code}: {reading.message.rstrip('. ')}"
    refused = found.error(
        f"{said}. {found.error.advice}".strip(),
        http_status=reading.status,
        result_code=reading.code,
        result_message=reading.message,
        retry_after=reading.retry_after,
        maybe_billed=found.maybe_billed,
        retryable=found.retryable,
    )
    refused._again = found.again
    return refused
