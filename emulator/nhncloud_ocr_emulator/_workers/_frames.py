"""What travels between the server and an engine process: frames over two pipes.

A frame is its length, four bytes, and its content. To the process: first one line of JSON, the
settings; then a frame for each image, its first byte telling whether to crop. From the process:
frames of JSON, never pickle: after a hostile image the sender may no longer be itself.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any, Final

from ..recognition import Box, Recognition, Refused, Word

__all__ = [
    "decoded",
    "encoded",
    "read_image",
    "read_message",
    "write_image",
    "write_message",
]

_LENGTH: Final = struct.Struct(">I")
_MAX_MESSAGE: Final = 256 * 1024 * 1024  # far more than 50 megapixels can hold in words


def write_image(pipe: IO[bytes], image: bytes, *, cropping: bool) -> None:
    """Send an image. Raises OSError if the other end is gone."""
    pipe.write(_LENGTH.pack(len(image) + 1) + bytes([cropping]))
    pipe.write(image)
    pipe.flush()


def read_image(pipe: IO[bytes]) -> tuple[bytes, bool]:
    """Receive an image, and whether to crop. Raises EOFError."""
    length = _read_length(pipe)
    cropping = bool(_exactly(pipe, 1)[0])
    return _exactly(pipe, length - 1), cropping


def write_message(pipe: IO[bytes], message: dict[str, Any]) -> None:
    """Send JSON. Raises OSError if the other end is gone."""
    body = json.dumps(message).encode()
    pipe.write(_LENGTH.pack(len(body)))
    pipe.write(body)
    pipe.flush()


def read_message(pipe: IO[bytes]) -> dict[str, Any]:
    """Receive JSON. Raises EOFError, ValueError for anything else."""
    length = _read_length(pipe)
    if length > _MAX_MESSAGE:
        raise ValueError("not a message of ours")
    message = json.loads(_exactly(pipe, length))
    if not isinstance(message, dict):
        raise ValueError("not a message of ours")
    return message


def encoded(recognition: Recognition) -> dict[str, Any]:
    """A recognition as a message; tuples become lists."""
    return recognition._asdict()


def decoded(message: dict[str, Any]) -> Recognition:
    """A recognition from a message.

    Raises Refused for a refusal, ValueError, KeyError or TypeError for what is neither.
    """
    if "code" in message:
        raise Refused(int(message["code"]), message.get("reason"))
    merged = None if message["merged"] is None else _lines(message["merged"])
    lines = _lines(message["lines"])
    return Recognition(str(message["file_type"]), lines, int(message["slices"]), merged)


def _lines(lines: Any) -> tuple[tuple[Word, ...], ...]:
    return tuple(
        tuple(Word(str(text), float(conf), Box(*map(int, box))) for text, conf, box in line)
        for line in lines
    )


def _read_length(pipe: IO[bytes]) -> int:
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    return int(length)


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data
