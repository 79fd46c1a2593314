"""The body of a request whose bytes are all known, in few pieces: each of them may be a packet."""

from collections.abc import AsyncIterator, Iterator

import httpx

_PIECE = 256 * 1024  # bytes


class Content(httpx.SyncByteStream, httpx.AsyncByteStream):
    """An image with what goes before and after it. It can be sent again, by either client."""

    __slots__ = ("_after", "_before", "_image")

    def __init__(self, image: bytes, before: bytes = b"", after: bytes = b"") -> None:
        self._image = image
        self._before = before
        self._after = after

    def __len__(self) -> int:
        return len(self._before) + len(self._image) + len(self._after)

    def __iter__(self) -> Iterator[bytes]:
        image = self._image
        if len(image) <= _PIECE:
            yield b"".join((self._before, image, self._after))
            return
        last = (len(image) - 1) // _PIECE * _PIECE
        yield self._before + image[:_PIECE]
        for start in range(_PIECE, last, _PIECE):
            yield image[start : start + _PIECE]
        yield image[last:] + self._after

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece
