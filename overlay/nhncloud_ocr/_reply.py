"""From the reply's bytes to a result or an error, without losing a word.

The guide's own samples repeat keys and have trailing commas. So there are two readers with one meaning. The fast one
decodes straight into the generated models and then proves, by counting quotes, that no key was repeated and none is
unknown. Where the proof fails, the lossless one reads the same bytes again; it refuses what else is not strict JSON.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from math import isfinite
from typing import Any, NamedTuple, TypeVar

import msgspec

from . import _wire
from ._codes import verdict
from ._errors import ApiError, OcrError, UnexpectedResponseError
from ._results import Line, OcrResult, Quad
from ._transport import Reply

T = TypeVar("T")

# Strings are matched whole, so that a comma inside recognised text is never touched; possessively, and up to the end
# where they do not end, so that it takes linear time. A comma after nothing is matched to be kept, and so refused.
_KEPT_OR_TRAILING_COMMA = re.compile(
    r"""("(?:[^"\\]|\\.)*+(?:"|\Z) | [\[{,][ \t\r\n]*+,) | ,(?=[ \t\r\n]*+[\]}])""", re.DOTALL | re.VERBOSE
)
_decode = msgspec.json.Decoder(_wire.Success).decode


class _Page(NamedTuple):
    """The result of a success; by outer index the lengths of the lists that came under one repeated key, and are one
    list in `result`; and the unknown fields of the result."""

    result: _wire.Result
    texts: dict[int, list[int]]
    boxes: dict[int, list[int]]
    extra: dict[str, Any]


class _NotTheEnvelope(ValueError):
    """The bytes are not the documented envelope; the text says where, and never what they are."""


class _Groups(list[Any]):
    """The lists that came under one repeated key, as one."""

    def __init__(self, groups: list[list[Any]]) -> None:
        super().__init__(chain(*groups))
        self.lengths = [len(group) for group in groups]


def read(reply: Reply, cropping: bool, attempts: int) -> OcrResult | OcrError:
    """Read one reply. Errors are returned: raised from here, their traceback would have frames that hold the body."""
    page = _read_fast(reply.body, cropping) if reply.status == 200 else None
    if page is None:
        try:
            header, page = _read_lossless(reply.body, cropping)
        except (_NotTheEnvelope, RecursionError) as exc:
            return _undocumented(reply, str(exc)) if reply.status < 400 else _refused(reply)
        if 300 <= reply.status < 400:
            return _undocumented(reply, "a redirect, which is never followed")
        if page is None or reply.status >= 400:
            return _refused(reply, header)
    file_type, slices = page.result["fileType"], page.result.get("slicesImages")
    boxes = tuple([_wire.quads(line["boundingBoxes"]) for line in page.result["listOfBoundingBoxes"]])
    lines = tuple(_lines(page, boxes))
    return OcrResult(
        lines=lines,
        file_type=file_type,
        slices=slices,
        boxes=boxes,
        extra=page.extra,
        raw=reply.body,
        attempts=attempts,
    )


def _read_fast(body: bytes, cropping: bool) -> _Page | None:
    """None where the lossless reader has to look."""
    try:
        success = _decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    header, result = success["header"], success["result"]
    sliced = "slicesImages" in result
    if not header["isSuccessful"] or header["resultCode"] != 0 or (sliced and not cropping):
        return None
    texts = [len(line["inferTexts"]) for line in result["listOfInferTexts"]]
    boxes = [len(line["boundingBoxes"]) for line in result["listOfBoundingBoxes"]]
    # Each documented key was found at least once where it belongs. If the body has no more quotes than those keys and
    # their string values take, two each, then no key is repeated, none is unknown, and no quote is escaped.
    strings = 10 + sliced + len(texts) + 3 * sum(texts) + len(boxes) + 8 * sum(boxes)
    return _Page(result, {}, {}, {}) if body.count(b'"') == 2 * strings else None


def _read_lossless(body: bytes, cropping: bool) -> tuple[_wire.Header, _Page | None]:
    """The header, and of a success the page. Raises _NotTheEnvelope with the JSON path."""
    parsed = _loads(body, _decoder)
    header = _convert(parsed, _wire.Envelope)["header"]
    if header["isSuccessful"] != (header["resultCode"] == 0):
        raise _NotTheEnvelope("isSuccessful contradicts resultCode - at `$.header`")
    if not header["isSuccessful"]:
        return header, None
    known = set(_wire.Result.__annotations__) - ({"slicesImages"} if not cropping else set())
    sent = parsed["result"] if isinstance(parsed.get("result"), dict) else {}
    unknown = sent.keys() - known
    for key in unknown:
        del sent[key]
    result = _convert(parsed, _wire.Success)["result"]
    texts, boxes = [
        {i: line[key].lengths for i, line in enumerate(sent[lines]) if isinstance(line[key], _Groups)}
        for lines, key in (("listOfInferTexts", "inferTexts"), ("listOfBoundingBoxes", "boundingBoxes"))
    ]
    del parsed, sent  # the next one takes as much memory
    extra = (
        {key: value for key, value in _loads(body, json.JSONDecoder())["result"].items() if key in unknown}
        if unknown
        else {}
    )
    return header, _Page(result, texts, boxes, extra)


def _loads(body: bytes, decoder: json.JSONDecoder) -> Any:
    try:
        text = body.decode("utf-8-sig")
        try:
            return decoder.decode(text)
        except json.JSONDecodeError:
            return decoder.decode(_KEPT_OR_TRAILING_COMMA.sub(lambda m: m[1] or "", text))
    except (ValueError, RecursionError):  # also integers with more digits than Python reads
        raise _NotTheEnvelope("the body is not JSON") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    obj = dict(pairs)
    for key in _wire.DOCUMENTED.intersection(obj) if len(obj) < len(pairs) else ():
        values = [value for name, value in pairs if name == key]
        if len(values) > 1:
            repeatable = key in ("inferTexts", "boundingBoxes") and all(isinstance(value, list) for value in values)
            obj[key] = _Groups(values) if repeatable else ...  # which no field takes
    return obj


_shared = lru_cache(4096)(int)  # equal coordinates are one object: they would be most of the memory
_decoder = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=lambda digits: number if isfinite(number := float(digits)) else ...,
    parse_int=lambda digits: _shared(digits) if len(digits) < 6 else int(digits),
    parse_constant=int,  # fails: NaN and Infinity are not JSON
)


def _convert(parsed: Any, kind: type[T]) -> T:
    try:
        return msgspec.convert(parsed, kind)
    except msgspec.ValidationError as exc:
        problem = str(exc).replace("`ellipsis`", "repeated key, or infinite")
        raise _NotTheEnvelope(problem if "`$" in problem else f"{problem} - at `$`") from None
    except (OverflowError, UnicodeEncodeError):
        raise _NotTheEnvelope("a number is too large, or a key is half a surrogate pair") from None


def _lines(page: _Page, boxes: tuple[tuple[Quad, ...], ...]) -> Iterator[Line]:
    """Words meet their boxes, paired where the reply says so, never guessed. The lists of texts and of boxes have equal
    meaning; an outer index is a visual line (reported), or several where its key is repeated: one per list."""
    lines = page.result["listOfInferTexts"]
    for i, line in enumerate(lines):
        texts, lengths, of_boxes = line["inferTexts"], page.texts.get(i), page.boxes.get(i)
        paired = len(lines) == len(boxes) and len(texts) == len(boxes[i])
        if lengths and of_boxes:
            paired = paired and lengths == of_boxes
        words, end = _wire.words(texts, boxes[i] if paired else None), 0
        for length in lengths or [len(texts)]:
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
    given = {"http_status": reply.status, "result_code": code, "retry_after": reply.retry_after}
    return kind(f"{said}. {advice}".strip(), result_message=message, **given)
