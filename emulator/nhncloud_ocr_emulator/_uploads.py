"""Reading a request's body: one image part of a multipart form, or the JSON with an image URL.

The limits are the service's where it documents one, else ours, against hostile senders.
"""

from __future__ import annotations

import json
import logging
from typing import Final, Protocol, TypeVar

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from nhncloud_ocr_emulator.recognition import Refused

__all__ = ["MAX_IMAGE", "Body", "ImageForm", "ImageUrlJson"]

MAX_IMAGE: Final = (
    20 * 1024 * 1024
)  # bytes (documented: 20 MB, for a file and for an image URL alike)
_MAX_FORM: Final = MAX_IMAGE + 1024 * 1024  # room for boundaries, part headers and stray parts
_MAX_JSON: Final = 1024 * 1024
_MAX_PARTS: Final = 1000


T_co = TypeVar("T_co", covariant=True)


class Body(Protocol[T_co]):
    """A body while it is read. Both raise Refused."""

    def write(self, chunk: bytes) -> None:
        """Take the next bytes of the body."""

    def finish(self) -> T_co:
        """What the body holds, once it is at its end."""
        ...


# The parser of forms warns of each malformed body, which is no news here: a test sends them on purpose.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())


class ImageForm:
    """A `multipart/form-data` body; the first part named `image` counts.

    `write` and `finish` raise Refused: 400 for a malformed body or one without an `image` file
    (reported), 4000004 for an empty file, 4131000 past the limit (both inferred).
    """

    def __init__(self, content_type: bytes) -> None:
        boundary = parse_options_header(content_type)[1].get(b"boundary")
        if not boundary:
            raise Refused(400)
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
        except FormParserError:
            raise Refused(400) from None
        self.file_name: str | None = None
        self._image = bytearray()
        self._size = 0
        self._parts = 0
        self._name = b""
        self._value = b""
        self._disposition = b""
        self._seen = self._collecting = self._complete = False

    def write(self, chunk: bytes) -> None:
        """Take the next bytes of the body."""
        self._size += len(chunk)
        if self._size > _MAX_FORM:
            raise Refused(4131000)
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise Refused(400) from None

    def finish(self) -> bytes:
        """The image's bytes, once the body is at its end."""
        if not (self._complete and self._seen) or self.file_name is None:
            raise Refused(400)
        if not self._image:
            raise Refused(4000004)
        image = bytes(self._image)
        self._image.clear()  # it may be 20 MiB, and the form may live on
        return image

    def _part_begins(self) -> None:
        self._parts += 1
        if self._parts > _MAX_PARTS:
            raise Refused(400)
        self._disposition = b""
        self._collecting = False

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name = self._value = b""

    def _headers_end(self) -> None:
        options = parse_options_header(self._disposition)[1]
        if options.get(b"name") == b"image" and not self._seen:
            self._seen = self._collecting = True
            # A part without a file name is a text field, not a file.
            if b"filename" in options:
                self.file_name = options[b"filename"].decode("utf-8", "replace")

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if not self._collecting:
            return
        if len(self._image) + end - start > MAX_IMAGE:
            raise Refused(4131000)
        self._image += data[start:end]

    def _end(self) -> None:
        self._complete = True


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
        except (ValueError, RecursionError):  # not JSON, not Unicode, or absurdly deep
            raise Refused(400) from None
        url = document.get("imageUrl") if isinstance(document, dict) else None
        if not isinstance(url, str) or not url:
            raise Refused(400)
        return url
