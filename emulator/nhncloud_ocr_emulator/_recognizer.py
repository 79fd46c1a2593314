"""From the bytes of an image to what the service would say of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from threading import Lock
from typing import Final, Literal

from ._images import Picture, decode, file_type
from ._slicing import Slice, slices
from .engines import Line, Region, create_engine
from .recognition import Recognition, Refused

__all__ = ["Recognizer"]

_NO_TEXT: Final = 4000501
_OUT_OF_RATIO: Final = 4000505
_MAX_RATIO: Final = 10


class Recognizer:
    """One engine behind the input gate and the slicer; safe across threads, one call at a time."""

    def __init__(self, engine: str = "tesseract", overlap: Literal["repeat", "merge"] = "repeat") -> None:
        if overlap not in ("repeat", "merge"):
            raise ValueError(f"unknown overlap {overlap!r}: choose repeat or merge")
        self._engine = create_engine(engine)
        self._merge = overlap == "merge"
        self._lock = Lock()

    def load(self) -> None:
        """Load the engine's models; blocking."""
        with self._lock:
            self._engine.load()

    def close(self) -> None:
        """Give the models' memory back; twice is fine."""
        with self._lock:
            self._engine.close()

    def recognize(self, data: bytes, *, cropping: bool) -> Recognition:
        """Recognise one image; blocking and busy.

        Without `cropping` a side ratio past 1:10 is refused (documented); with it, tall and wide
        images are sliced, and text in an overlap comes twice (documented) or, merging, once.

        Raises Refused: the gate's codes (`_images.decode`), 4000505 out of ratio, 4000501 no text.
        """
        kind = file_type(data)
        with self._lock:  # decoding too: it bounds the memory
            picture = decode(data)
            size = picture.pixels.size
            if not cropping:
                if max(size) > _MAX_RATIO * min(size):
                    raise Refused(_OUT_OF_RATIO)
                pieces = [Slice(0, 0, max(size), max(size))]
            else:
                pieces = slices(picture.pixels)
            digest = hashlib.sha256(data).digest()
            lines: list[Line] = []
            for piece in pieces:
                lines.extend(self._read(picture, digest, piece))
        if not lines:
            raise Refused(_NO_TEXT)
        return Recognition(kind, tuple(lines), len(pieces))

    def _read(self, picture: Picture, digest: bytes, piece: Slice) -> Iterable[Line]:
        width, height = picture.pixels.size
        wide = width > height
        region = Region(piece.start, 0, piece.end, height) if wide else Region(0, piece.start, width, piece.end)
        lines = self._engine.read(picture, digest, region)
        if not self._merge:
            return lines
        return _owned(lines, piece, wide=wide)


def _owned(lines: list[Line], piece: Slice, *, wide: bool) -> Iterable[Line]:
    """Keep what has its centre in the slice's core: whole lines, or a wide picture's words."""
    units = [[(word,) for word in line] if wide else [line] for line in lines]
    for parts in units:
        kept = tuple(
            word for part in parts if piece.core_start <= _centre(part, wide=wide) < piece.core_end for word in part
        )
        if kept:
            yield kept


def _centre(line: Line, *, wide: bool) -> float:
    axis = 0 if wide else 1
    return sum(sum(word.box[axis::2]) for word in line) / (4 * len(line))
