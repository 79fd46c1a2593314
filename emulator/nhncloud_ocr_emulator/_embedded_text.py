"""Text inside an image file, put there by a test and answered by the `fixture` engine.

A PNG carries it in an iTXt chunk, a JPEG in COM segments; the pixels are not touched.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Sequence
from typing import Final

from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from ._file_type import file_type

__all__ = ["embed_text", "extract_lines", "extract_text"]

_KEYWORD: Final = "nhncloud-ocr-emulator"
_MARK: Final = _KEYWORD.encode() + b"\0"
_SEGMENT: Final = 65_533 - len(_MARK)  # a segment's length is 16 bits and counts itself


def embed_text(image: bytes, lines: str | Sequence[str | Sequence[str]]) -> bytes:
    """Return a copy of a PNG or JPEG that the `fixture` engine answers with exactly these lines.

    A string is split at its line breaks, a line that is a string at its white space; a line that
    is a sequence gives its words as they are. No lines at all: the answer is 4000501, no text.
    Raises Refused for bytes that are neither PNG nor JPEG.
    """
    if isinstance(lines, str):
        lines = lines.splitlines()
    split = [line.split() if isinstance(line, str) else list(line) for line in lines]
    text = json.dumps([words for words in split if words], ensure_ascii=False).encode()
    if file_type(image) == "png":
        body = b"iTXt" + _MARK + b"\0\0\0\0" + text  # not compressed, no language, no translation
        chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        ihdr_end = 8 + 25  # the signature, then a chunk of fixed size
        return image[:ihdr_end] + chunk + image[ihdr_end:]
    parts = [text[start : start + _SEGMENT] for start in range(0, len(text), _SEGMENT)]
    comments = [
        b"\xff\xfe" + struct.pack(">H", 2 + len(_MARK) + len(part)) + _MARK + part for part in parts
    ]
    return image[:2] + b"".join(comments) + image[2:]


def extract_text(image: PngImageFile | JpegImageFile) -> str | None:
    """Return what `embed_text` put into an opened image, undecoded, or None."""
    if isinstance(image, PngImageFile):
        text = image.info.get(_KEYWORD)
        return str(text) if text is not None else None
    parts = [
        body.removeprefix(_MARK)
        for marker, body in image.applist
        if marker == "COM" and body.startswith(_MARK)
    ]
    return b"".join(parts).decode("utf-8", "replace") if parts else None


def extract_lines(text: str | None) -> list[list[str]] | None:
    """Return the lines of words in an embedded text; None if it holds none that we wrote."""
    if text is None:
        return None
    try:
        lines = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(lines, list):
        return None
    if all(isinstance(line, list) and all(isinstance(w, str) for w in line) for line in lines):
        return lines
    return None
