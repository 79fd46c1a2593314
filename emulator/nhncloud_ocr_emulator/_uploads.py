"""Reading a request's body: one image part of a multipart form, or the JSON with an image URL.

The limits are the service's where it documents one, else ours, against hostile senders.
"""

from __future__ import annotations

import json
import logging
import re
from typing import Final, Protocol, TypeVar

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from ._disposition import read_disposition
from ._shown import seen
from ._size import MAX_IMAGE
from .recognition import Refused

__all__ = ["Body", "ImageForm", "ImageUrlJson"]

_MAX_FORM: Final = MAX_IMAGE + 1024 * 1024  # room for boundaries, part headers and stray parts
_MAX_JSON: Final = 1024 * 1024
_MAX_PREAMBLE: Final = 64 * 1024
_MAX_PARTS: Final = 1000
_NAMES_TOLD: Final = 5


T_co = TypeVar("T_co", covariant=True)


class Body(Protocol[T_co]):
    """A body while it is read. Both raise Refused."""

    def write(self, chunk: bytes) -> None:
        """Take the next bytes of the body."""

    def finish(self) -> T_co:
        """What the body holds, once it is at its end."""
        ...


# The parser of forms warns of each malformed body: no news here, tests send them on purpose.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())


class ImageForm:
    """A `multipart/form-data` body; the first file named `image` counts.

    What stands before the first boundary is skipped, as servlet containers do. `write` and
    `finish` raise Refused: 400 for a malformed body or one without an `image` file (reported),
    4000004 for an empty file, 4131000 past the limit (both inferred).
    """

    def __init__(self, content_type: bytes) -> None:
        boundary = parse_options_header(content_type)[1].get(b"boundary")
        if not boundary:
            raise Refused(400, f"the Content-Type {seen(content_type)} names no boundary")
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._part_begins,
                    "on_header_field": self._header_name,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_ends,
                    "on_headers_finished": self._headers_end,
                    "on_part_data": self._part_data,
                    "on_end": self._end,
                },
            )
        except FormParserError as error:
            raise Refused(400, f"the boundary of the form: {seen(str(error))}") from None
        self.file_name: str | None = None
        self._preamble: _Preamble | None = _Preamble(boundary)
        self._image = bytearray()
        self._size = 0
        self._names: list[str] = []
        self._parts = 0
        self._name = b""
        self._value = b""
        self._disposition = b""
        self._seen = self._seen_as_text = self._collecting = self._complete = False

    def write(self, chunk: bytes) -> None:
        """Take the next bytes of the body."""
        self._size += len(chunk)
        if self._size > _MAX_FORM:
            raise Refused(4131000)
        if self._preamble is not None:
            chunk = self._preamble.without(chunk)
            if not chunk:
                if self._size > _MAX_PREAMBLE:
                    raise Refused(400, f"no boundary in the first {_MAX_PREAMBLE} bytes")
                return
            self._preamble = None
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise Refused(400, f"the form is malformed: {seen(str(error))}") from None

    def finish(self) -> bytes:
        """The image's bytes, once the body is at its end."""
        if self._preamble is not None:
            raise Refused(400, "the boundary that the Content-Type names is not in the body")
        if not self._complete:
            raise Refused(400, "the form ends without its closing boundary")
        if not self._seen and self._seen_as_text:
            raise Refused(400, "the part image has no file name, so it is a text field")
        if not self._seen:
            names = ", ".join(self._names) or "none"
            raise Refused(400, f"no part of the form is named image; the names are: {names}")
        if not self._image:
            raise Refused(4000004, "the file in the part image is empty")
        image = bytes(self._image)
        self._image.clear()  # it may be 20 MiB, and the form may live on
        return image

    def _part_begins(self) -> None:
        self._parts += 1
        if self._parts > _MAX_PARTS:
            raise Refused(400, f"the form has more than {_MAX_PARTS} parts")
        self._disposition = b""
        self._collecting = False

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        if self._name.lower() == b"content-disposition" and not self._disposition:
            self._disposition = self._value
        self._name = self._value = b""

    def _headers_end(self) -> None:
        name, file_name = read_disposition(self._disposition)
        if len(self._names) < _NAMES_TOLD:
            none = f"none (the Content-Disposition is {seen(self._disposition)})"
            self._names.append(seen(name) if name is not None else none)
        if name != "image" or self._seen:
            return
        # A part without a file name is a text field, and a file of the same name may follow.
        self._seen_as_text = self._seen_as_text or file_name is None
        self._seen = self._collecting = file_name is not None
        self.file_name = file_name

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if not self._collecting:
            return
        if len(self._image) + end - start > MAX_IMAGE:
            raise Refused(4131000)
        self._image += data[start:end]

    def _end(self) -> None:
        self._complete = True


class _Preamble:
    """What stands before the first boundary of a form, which nobody reads."""

    def __init__(self, boundary: bytes) -> None:
        self._first = re.compile(rb"(?:\A|\n)(--" + re.escape(boundary) + rb"(?:\r|-))")
        self._kept = b""
        self._overlap = len(boundary) + 4  # a line end, the dashes, and what follows

    def without(self, chunk: bytes) -> bytes:
        """Return the body from the first boundary on; nothing until that has come."""
        body = self._kept + chunk
        if found := self._first.search(body):
            return body[found.start(1) :]
        # Kept is what may be the beginning of the boundary, no more. A mark in front: what is
        # left of a longer text is not the beginning of a line.
        cut = len(body) > self._overlap
        self._kept = b"x" + body[-self._overlap :] if cut else body
        return b""


class ImageUrlJson:
    """An `application/json` body, `{"imageUrl": "..."}`; unknown members are ignored.

    `write` and `finish` raise Refused: 400 for malformed JSON and for a missing or empty
    `imageUrl` (reported), 4131000 for a body far larger than any URL (inferred).
    """

    def __init__(self) -> None:
        self._body = bytearray()

    def write(self, chunk: bytes) -> None:
        """Take the next bytes of the body."""
        if len(self._body) + len(chunk) > _MAX_JSON:
            raise Refused(4131000)
        self._body += chunk

    def finish(self) -> str:
        """The image URL, once the body is at its end."""
        try:
            document = json.loads(self._body)
        except (ValueError, RecursionError) as error:  # not JSON, not Unicode, or absurdly deep
            # The kind alone: an error's text may quote the body.
            raise Refused(400, f"the body is no JSON: {type(error).__name__}") from None
        if not isinstance(document, dict):
            raise Refused(400, f"the body is JSON, but no object: {_kind(document)}")
        if "imageUrl" not in document:
            names = ", ".join(map(seen, list(document)[:_NAMES_TOLD])) or "none"
            raise Refused(400, f"the JSON object has no imageUrl; its names are: {names}")
        url = document["imageUrl"]
        if not isinstance(url, str):
            raise Refused(400, f"imageUrl is no string: {_kind(url)}")
        if not url:
            raise Refused(400, "imageUrl is empty")
        return url


def _kind(value: object) -> str:
    """Return JSON's word for what a value is."""
    words = {bool: "boolean", int: "number", float: "number", list: "array", dict: "object"}
    return "null" if value is None else words.get(type(value), "string")
