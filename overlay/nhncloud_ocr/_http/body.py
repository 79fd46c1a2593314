"""The body of a reply, as large as it may be: nobody's memory is filled by it."""

import zlib
from collections.abc import Mapping
from typing import NoReturn

from .._errors import UnexpectedResponseError

LIMIT = 64 * 1024 * 1024
"""Bytes, as sent or unpacked. A page of 50,000 words has 10 MB."""

_GZIP = zlib.MAX_WBITS | 16
_RAW_DEFLATE = -zlib.MAX_WBITS


class Body:
    """Collects the parts of one reply's body. Never shown: it may hold secrets, or a letter."""

    __slots__ = ("_headers", "_parts", "_size", "_status", "packed")

    def __init__(self, status: int, headers: Mapping[str, str]) -> None:
        """Raises UnexpectedResponseError if the reply announces too much."""
        self._status = status
        self._headers = headers
        self.packed = headers.get("Content-Encoding", "")
        self._parts: list[bytes] = []
        self._size = 0
        length = headers.get("Content-Length", "")
        if length.isdecimal() and len(length) < 20 and int(length) > LIMIT:
            self._refuse()

    def add(self, part: bytes) -> None:
        """Take what came next. Raises UnexpectedResponseError if it is too much by now."""
        self._size += len(part)
        if self._size > LIMIT:
            self._parts.clear()
            self._refuse()
        self._parts.append(part)

    def whole(self) -> bytes:
        """Return it unpacked; one that is not packed as it says is returned as it came.

        Raises UnexpectedResponseError if it is too much.
        """
        sent = body = b"".join(self._parts)
        self._parts.clear()
        if not self.packed:
            return body
        codings = [coding.strip() for coding in self.packed.lower().split(",")]
        for coding in filter(None, reversed(codings)):
            try:
                body = _unpacked(body, coding)
            except zlib.error:
                return sent
            if len(body) > LIMIT:
                del body
                self._refuse()
        return body

    def _refuse(self) -> NoReturn:
        raise UnexpectedResponseError(
            f"not the documented envelope: the reply is larger than {LIMIT >> 20} MiB "
            f"(HTTP {self._status}). Check the base URL and any proxy on the way.",
            http_status=self._status,
            content_type=self._headers.get("Content-Type", ""),
        )

    def __repr__(self) -> str:
        return f"Body({self._size} bytes)"


def _unpacked(packed: bytes, coding: str) -> bytes:
    """Return at most one byte more than may be. Raises zlib.error."""
    if coding in ("gzip", "x-gzip"):
        return zlib.decompressobj(_GZIP).decompress(packed, LIMIT + 1)
    if coding == "deflate":
        try:
            return zlib.decompressobj().decompress(packed, LIMIT + 1)
        except zlib.error:  # some send it without its envelope
            return zlib.decompressobj(_RAW_DEFLATE).decompress(packed, LIMIT + 1)
    if coding == "identity":
        return packed
    raise zlib.error("a coding that was not asked for")
