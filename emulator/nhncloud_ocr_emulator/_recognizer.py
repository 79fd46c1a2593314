"""From the bytes of an image to what the service would say of it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from threading import Lock
from time import monotonic
from typing import Final

from PIL import Image

from ._file_type import file_type
from ._images import Picture, check_pixels, decode
from ._merging import merge_tall, merge_wide
from ._settings import READ_SECONDS, Overlap
from ._size import stated_size
from ._slicing import WIDE_SLICE, Slice, slice_count, slices
from .engines import Region, check_time, create_engine, is_installed
from .recognition import Recognition, Refused

__all__ = ["Recognizer", "check_engine", "check_head"]

_NO_TEXT: Final = 4000501
_OUT_OF_RATIO: Final = 4000505
_MAX_RATIO: Final = 10
_MAX_SLICES: Final = 200  # no limit is documented
_UNHEARD_OF: Final = _MAX_SLICES * WIDE_SLICE
"""Times as long as short: past it there are more slices than that, however an image is turned."""
_SMALL: Final = 32 * 1024  # bytes of an image whose answer may be remembered
_REMEMBERED: Final = 16


class Recognizer:
    """One engine behind the input gate and the slicer; safe across threads, one call at a time.

    Args:
        engine: One of `ENGINES`.
        overlap: Text in the overlap of two slices comes twice ("repeat") or once ("merge").
        seconds: That an image may take.

    Raises what `check_engine` raises.
    """

    def __init__(
        self,
        engine: str = "tesseract",
        overlap: Overlap = "repeat",
        seconds: float = READ_SECONDS,
    ) -> None:
        _check_overlap(overlap)
        self._engine = create_engine(engine)
        self._merge = overlap == "merge"
        self._seconds = seconds
        self._lock = Lock()
        # `fixture` takes less time than decoding does; the other engines really read each time.
        self._remembered = lru_cache(_REMEMBERED)(self._recognize) if engine == "fixture" else None

    def load(self) -> None:
        """Load the engine's models; blocking."""
        with self._lock:
            self._engine.load()

    def close(self) -> None:
        """Give the models' memory back; twice is fine. What is being read is not waited for."""
        if self._lock.acquire(blocking=False):
            try:
                self._engine.close()
            finally:
                self._lock.release()

    def recognize(self, data: bytes, *, cropping: bool) -> Recognition:
        """Recognise one image; blocking and busy.

        Without `cropping` a side ratio past 1:10 is refused (documented); with it, tall and wide
        images are sliced, and text in an overlap comes twice (documented) or, merging, once.

        Raises Refused: the gate's codes (`_images.decode`), 4000505 out of ratio, 4000501 no text,
        5005003 when the time is up.
        """
        if len(data) <= _SMALL and self._remembered is not None:
            return self._remembered(data, cropping)
        return self._recognize(data, cropping)

    def _recognize(self, data: bytes, cropping: bool) -> Recognition:
        kind = check_head(data)
        digest = hashlib.sha256(data).digest()
        with self._lock:  # decoding too: it bounds the memory
            end = monotonic() + self._seconds
            picture = decode(data)
            pieces = _pieces(picture.pixels, cropping)
            wide = picture.pixels.width > picture.pixels.height
            read = []
            for piece in pieces:
                check_time(end)
                region = _region(picture, piece, wide)
                read.append((piece, self._engine.read(picture, digest, region, end)))
        lines = [line for _, part in read for line in part]
        merged = None
        if len(pieces) > 1:
            merged = tuple(merge_wide(read) if wide else merge_tall(read))
        if self._merge and merged is not None:
            lines = list(merged)
        if not lines:
            raise Refused(_NO_TEXT)
        return Recognition(kind, tuple(lines), len(pieces), merged)


def check_engine(engine: str, overlap: str) -> None:
    """Raise what `Recognizer` would, without importing the engine where its packages are found.

    Raises EngineUnavailableError, ValueError for an unknown engine or overlap.
    """
    _check_overlap(overlap)
    if not is_installed(engine):
        create_engine(engine)  # it raises, and tells what is missing


def check_head(data: bytes) -> str:
    """Return "png" or "jpg", or raise Refused for what an image's first bytes tell of it.

    Nothing is decoded: a line of 50 megapixels would take 500 MB, and nobody need wait for an
    engine process to hear that a PDF is no image.
    """
    kind = file_type(data)
    size = stated_size(data)
    if size is not None:
        if 0 < _UNHEARD_OF * min(size) < max(size):
            raise Refused(_OUT_OF_RATIO)
        check_pixels(size)
    return kind


def _check_overlap(overlap: str) -> None:
    if overlap not in ("repeat", "merge"):
        raise ValueError(f"unknown overlap {overlap!r}: choose repeat or merge")


def _pieces(pixels: Image.Image, cropping: bool) -> list[Slice]:
    short, long = sorted(pixels.size)
    if cropping:
        if slice_count(pixels.size) > _MAX_SLICES:
            raise Refused(_OUT_OF_RATIO)
        return slices(pixels)
    if long > _MAX_RATIO * short:
        raise Refused(_OUT_OF_RATIO)
    return [Slice(0, 0, long, long)]


def _region(picture: Picture, piece: Slice, wide: bool) -> Region:
    width, height = picture.pixels.size
    if wide:
        return Region(piece.start, 0, piece.end, height)
    return Region(0, piece.start, width, piece.end)
