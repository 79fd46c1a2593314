"""The body of a request in few pieces: a form comes in many, each of which would be a packet."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

_PIECE = 256 * 1024  # bytes


class Gathered:
    """A body that can be sent again, for either kind of network."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        parts: list[bytes] = []
        size = 0
        for part in self._stream:
            parts.append(part)
            size += len(part)
            if size >= _PIECE:
                yield b"".join(parts)
                parts.clear()
                size = 0
        if parts:
            yield b"".join(parts)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        parts: list[bytes] = []
        size = 0
        async for part in self._stream:
            parts.append(part)
            size += len(part)
            if size >= _PIECE:
                yield b"".join(parts)
                parts.clear()
                size = 0
        if parts:
            yield b"".join(parts)
