"""The wire, both ways; the only module that imports the generated client, which builds what is sent, and through whose
models words and boxes come in. So if the description renames a field, the type check fails here.

No word of a reply is lost. The guide's own samples repeat keys and have trailing commas, so there are two readers with
one meaning: the fast one decodes straight into the models and then proves, by counting quotes, that no key is repeated
and none unknown; where that fails, the lossless one reads the bytes again, and refuses what else is not strict JSON.
"""

# ruff: noqa: UP013 (the shapes of a reply, a line each)
import json
import pickle
import re
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from itertools import chain, islice, repeat
from math import isfinite
from typing import Any, NotRequired, TypedDict

import httpx
import msgspec
from nhncloud_ocr_api.api.general import recognize_general, recognize_general_cropping
from nhncloud_ocr_api.models import BoundingBox, ImageFileRequest, ImageUrlRequest, InferText
from nhncloud_ocr_api.types import File

from . import _images
from ._errors import ApiError, OcrError, UnexpectedResponseError, verdict
from ._results import Line, OcrResult, Quad, Word
from ._transport import PLACEHOLDER

Header = TypedDict("Header", {"isSuccessful": bool, "resultCode": int, "resultMessage": str})
Json = dict[str, Any] | list[Any] | str | float | bool | None
Envelope = TypedDict("Envelope", {"header": Header, "result": NotRequired[Json]})
Texts = TypedDict("Texts", {"inferTexts": list[InferText]})
Boxes = TypedDict("Boxes", {"boundingBoxes": list[BoundingBox]})
Result = TypedDict("Result", {
    "fileType": str, "slicesImages": NotRequired[int],
    "listOfInferTexts": list[Texts], "listOfBoundingBoxes": list[Boxes],
})  # fmt: skip
Success = TypedDict("Success", {"header": Header, "result": Result})
Lengths = dict[int, list[int]]
# The header; of a success the result, by outer index the lengths of its repeated texts, and boxes; unknown fields.
Parsed = tuple[Header, Result | None, list[Lengths], dict[str, Any]]
_DOCUMENTED = {
    key for shape in (Envelope, Header, Result, Texts, Boxes) for key in shape.__annotations__
}
_DOCUMENTED |= {*InferText.__struct_fields__, *BoundingBox.__struct_fields__}

# Strings are matched whole, so that a comma inside recognised text is never touched; possessively, and up to the end
# where they do not end, so that it takes linear time. A comma after nothing is matched to be kept, and so refused.
_KEPT_OR_COMMA = re.compile(
    r"""(?sx)("(?:[^"\\]|\\.)*+(?:"|\\?\Z) | [\[{,][ \t\r\n]*+,) | ,(?=[ \t\r\n]*+[\]}])"""
)


class Groups(list[Any]):
    """The lists that came under one repeated key, as one."""

    def __init__(self, groups: list[list[Any]]) -> None:
        super().__init__(chain(*groups))
        self.lengths = [len(group) for group in groups]


def request(source: bytes | str, cropping: bool) -> dict[str, Any]:
    """The arguments of `httpx.Request` for an image or an image's URL."""
    build = recognize_general_cropping._get_kwargs if cropping else recognize_general._get_kwargs
    if isinstance(source, str):
        return build(PLACEHOLDER, body=ImageUrlRequest(image_url=source))
    return build(
        PLACEHOLDER, body=ImageFileRequest(image=File(BytesIO(source), *_images.kind(source)))
    )


def read(reply: httpx.Response, cropping: bool, attempts: int) -> OcrResult | OcrError:
    """Read one reply. Errors are returned: raised from here, their traceback would have frames that hold the body."""
    status, body = reply.status_code, reply.content
    try:
        header, result, lengths, extra = (status == 200 and _fast(body, cropping)) or _lossless(
            body, cropping
        )
    except (UnexpectedResponseError, RecursionError) as exc:
        return _undocumented(reply, str(exc)) if status < 400 else _refused(reply)
    if 300 <= status < 400:
        return _undocumented(reply, "a redirect, which is never followed")
    if result is None or status >= 400:
        return _refused(reply, header)
    boxes = tuple(
        tuple([Quad(b.x1, b.y1, b.x2, b.y2, b.x3, b.y3, b.x4, b.y4) for b in line["boundingBoxes"]])
        for line in result["listOfBoundingBoxes"]
    )
    lines = tuple(_lines(result["listOfInferTexts"], boxes, *lengths))
    kind, slices = result["fileType"], result.get("slicesImages")
    return OcrResult(
        lines=lines,
        file_type=kind,
        slices=slices,
        boxes=boxes,
        extra=extra,
        raw=body,
        attempts=attempts,
    )


def _fast(body: bytes, cropping: bool) -> Parsed | None:
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
    return (header, result, [{}, {}], {}) if body.count(b'"') == 2 * strings else None


def _lossless(body: bytes, cropping: bool) -> Parsed:
    """Raises UnexpectedResponseError with the JSON path."""
    parsed = _loads(body, _decoder)
    header: Header = _convert(parsed, Envelope)["header"]
    if header["isSuccessful"] != (header["resultCode"] == 0):
        raise UnexpectedResponseError("isSuccessful contradicts resultCode - at `$.header`")
    if not header["isSuccessful"]:
        return header, None, [], {}
    sent = parsed["result"] if isinstance(parsed.get("result"), dict) else {}
    unknown = sent.keys() - {
        key for key in Result.__annotations__ if cropping or key != "slicesImages"
    }
    for key in unknown:
        del sent[key]
    result: Result = _convert(parsed, Success)["result"]
    lengths = [
        {
            i: line[key].lengths
            for i, line in enumerate(sent[lines])
            if isinstance(line[key], Groups)
        }
        for lines, key in (
            ("listOfInferTexts", "inferTexts"),
            ("listOfBoundingBoxes", "boundingBoxes"),
        )
    ]
    del parsed, sent  # the next takes as much memory
    again = _loads(body, json.JSONDecoder())["result"] if unknown else {}
    extra = {key: value for key, value in again.items() if key in unknown}
    pickle.dumps(extra)  # what nests too deep for that is refused now
    return header, result, lengths, extra


def _loads(body: bytes, decoder: json.JSONDecoder) -> Any:
    try:
        text = body.decode("utf-8-sig")
        try:
            return decoder.decode(text)
        except json.JSONDecodeError:
            return decoder.decode(_KEPT_OR_COMMA.sub(lambda m: m[1] or "", text))
    except (ValueError, RecursionError):  # also integers with more digits than Python reads
        raise UnexpectedResponseError("the body is not JSON") from None


def _convert(parsed: Any, shape: Any) -> Any:
    try:
        return msgspec.convert(parsed, shape)
    except msgspec.ValidationError as exc:
        problem = str(exc).replace("`ellipsis`", "a repeated key, or infinity")
        raise UnexpectedResponseError(
            problem if "`$" in problem else f"{problem} - at `$`"
        ) from None
    except (OverflowError, UnicodeEncodeError):
        raise UnexpectedResponseError(
            "a number is too large, or a key is half a surrogate pair"
        ) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    obj = dict(pairs)
    for key in _DOCUMENTED.intersection(obj) if len(obj) < len(pairs) else ():
        values = [value for name, value in pairs if name == key]
        if len(values) > 1:
            repeatable = key in ("inferTexts", "boundingBoxes") and all(
                isinstance(value, list) for value in values
            )
            obj[key] = Groups(values) if repeatable else ...  # which no field takes
    return obj


_shared = lru_cache(4096)(int)  # equal coordinates are one object: they would be most of the memory
_decode = msgspec.json.Decoder(Success).decode
_decoder = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=lambda digits: number if isfinite(number := float(digits)) else ...,
    parse_int=lambda digits: _shared(digits) if len(digits) < 6 else int(digits),
    parse_constant=int,  # fails: NaN and Infinity are not JSON
)


def _lines(
    lines: list[Texts], boxes: tuple[tuple[Quad, ...], ...], *lengths: Lengths
) -> Iterator[Line]:
    """Words meet their boxes, paired where the reply says so, never guessed. The lists of texts and of boxes have equal
    meaning; an outer index is a visual line (reported), or several where its key is repeated: one per list."""
    for i, texts in enumerate([line["inferTexts"] for line in lines]):
        of_texts, of_boxes = (each.get(i) for each in lengths)
        alike = of_texts == of_boxes or not (of_texts and of_boxes)
        paired = alike and len(lines) == len(boxes) and len(texts) == len(boxes[i])
        pairs = zip(texts, boxes[i] if paired else repeat(None), strict=False)
        words = iter([Word(text.value, text.conf, box) for text, box in pairs])
        yield from (
            Line(tuple(islice(words, length))) for length in of_texts or [len(texts)] if length
        )


def _undocumented(reply: httpx.Response, problem: str) -> OcrError:
    status, content_type, raw = (
        reply.status_code,
        reply.headers.get("Content-Type", ""),
        reply.content,
    )
    what = f"{problem} (HTTP {status}, {content_type or 'no content type'}, {len(raw)} bytes)"
    text = f"not the documented envelope: {what}. Check the base URL and any proxy on the way; .raw has the whole body."
    return UnexpectedResponseError(text, http_status=status, content_type=content_type, raw=raw)


def _refused(reply: httpx.Response, header: Header | None = None) -> OcrError:
    code, message = (header["resultCode"], header["resultMessage"]) if header else (None, "")
    kind = verdict(reply.status_code, code).error
    said = f"HTTP {reply.status_code}" + (
        f", result code {code}: {message.rstrip('. ')}" if header else ""
    )
    advice = "" if kind is ApiError else " ".join((kind.__doc__ or "").split())
    given = {
        "http_status": reply.status_code,
        "result_code": code,
        "retry_after": reply.headers.get("Retry-After"),
    }
    return kind(f"{said}. {advice}".strip(), result_message=message, **given)
