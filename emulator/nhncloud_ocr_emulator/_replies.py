"""What goes back: the documented envelope, written by hand where JSON libraries cannot."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from ._results import GATEWAY, SERVICE
from .recognition import Box, Recognition, Word

__all__ = ["RepeatedKeys", "Reply", "failure", "gateway_failure", "html_page", "success"]

RepeatedKeys = Literal["texts", "both"]

_JSON = b"application/json"
_SUCCESS = '{"header":{"isSuccessful":true,"resultCode":0,"resultMessage":"SUCCESS"},"result":'


class Reply(NamedTuple):
    """A reply before it is sent; `code` is None where the body is not the envelope."""

    status: int
    body: bytes
    code: int | None
    media_type: bytes = _JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()


@lru_cache(maxsize=128)
def failure(code: int, *, status: int = 200, message: str | None = None) -> Reply:
    """The service's envelope of a failure: a header and no result.

    An undocumented `code` is allowed (the set is open) and has the message of -1 unless given.
    """
    if message is None:
        message = SERVICE.get(code, SERVICE[-1])
    header = {"isSuccessful": False, "resultCode": code, "resultMessage": message}
    return Reply(status, _dumps({"header": header}).encode(), code)


def gateway_failure(code: int) -> Reply:
    """The same envelope as the old host's gateway sends it: with a real HTTP status."""
    status, message = GATEWAY[code]
    return failure(code, status=status, message=message)


def html_page(status: int, title: str) -> Reply:
    """What a proxy answers that knows nothing of the service (inferred)."""
    body = (
        f"<html>\r\n<head><title>{status} {title}</title></head>\r\n"
        f"<body>\r\n<center><h1>{status} {title}</h1></center>\r\n</body>\r\n</html>\r\n"
    )
    return Reply(status, body.encode(), None, b"text/html")


def success(
    recognition: Recognition,
    *,
    cropping: bool,
    repeated_keys: RepeatedKeys | None = None,
    trailing_commas: bool = False,
) -> Reply:
    """The envelope of a success, its keys in the guide's order.

    Args:
        recognition: What the engine found; each line is one member of both lists.
        cropping: Whether `slicesImages` is told, as only the cropping endpoint does.
        repeated_keys: "texts" puts all lines into one object that repeats `inferTexts` once a
            line, with all boxes under one `boundingBoxes`, as in the guide's sample; "both"
            repeats `boundingBoxes` alike (inferred).
        trailing_commas: Whether a comma follows each last word, as in the guide's sample.
    """
    comma = "," if trailing_commas else ""
    texts = [f'"inferTexts":[{",".join(map(_text, line))}{comma}]' for line in recognition.lines]
    boxes = [f'"boundingBoxes":[{_boxes(line)}]' for line in recognition.lines]
    if repeated_keys:
        texts = [",".join(texts)]
        if repeated_keys == "texts":
            boxes = [f'"boundingBoxes":[{_boxes(w for line in recognition.lines for w in line)}]']
        else:
            boxes = [",".join(boxes)]
    slices = f',"slicesImages":{recognition.slices}' if cropping else ""
    body = (
        f'{_SUCCESS}{{"fileType":"{recognition.file_type}",'
        f'"listOfInferTexts":[{_objects(texts)}],'
        f'"listOfBoundingBoxes":[{_objects(boxes)}]{slices}}}}}'
    )
    return Reply(200, body.encode("utf-8", "replace"), 0)


def _objects(members: Iterable[str]) -> str:
    return ",".join(f"{{{member}}}" for member in members)


def _text(word: Word) -> str:
    return f'{{"value":{_dumps(word.text)},"conf":{word.confidence}}}'


def _boxes(words: Iterable[Word]) -> str:
    return ",".join(_box(word.box) for word in words)


def _box(box: Box) -> str:
    x1, y1, x2, y2, x3, y3, x4, y4 = box
    return f'{{"x1":{x1},"y1":{y1},"x2":{x2},"y2":{y2},"x3":{x3},"y3":{y3},"x4":{x4},"y4":{y4}}}'


_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
