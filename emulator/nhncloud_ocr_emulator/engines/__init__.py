"""The engines: each turns a region of a picture into lines of words, and knows nothing else."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from PIL import Image

from .._images import Picture
from ..recognition import Word

__all__ = [
    "ENGINES",
    "TIME_LIMIT",
    "Engine",
    "EngineUnavailableError",
    "Line",
    "Region",
    "create_engine",
]

ENGINES = ("tesseract", "photo", "fixture")

TIME_LIMIT = 60
"""Seconds that an engine reads one region for at most, the service's own limit (reported)."""

Line = tuple[Word, ...]


class Region(NamedTuple):
    """A rectangle of a picture in pixels, right and bottom not included."""

    left: int
    top: int
    right: int
    bottom: int

    def of(self, pixels: Image.Image) -> Image.Image:
        """Return this part of an image; of the whole of it no copy, which would be 50 MB."""
        return pixels if self == (0, 0, *pixels.size) else pixels.crop(self)


class EngineUnavailableError(RuntimeError):
    """An engine's package is not installed; the message says what to install."""


class Engine(Protocol):
    """One recogniser of text. Its caller makes one call at a time."""

    def load(self) -> None:
        """Load the models; blocking."""

    def read(self, picture: Picture, digest: bytes, region: Region) -> list[Line]:
        """Return the region's lines in reading order, none empty.

        Boxes are in pixels of the whole picture and inside it. `digest` tells the file apart.
        """
        ...

    def close(self) -> None:
        """Give the models' memory back."""


def create_engine(name: str) -> Engine:
    """Return an engine, not loaded.

    Raises EngineUnavailableError if its package is not installed, ValueError for an unknown name.
    """
    if name == "fixture":
        from .fixture import FixtureEngine

        return FixtureEngine()
    if name not in ENGINES:
        raise ValueError(f"unknown engine {name!r}: choose one of {', '.join(ENGINES)}")
    try:
        if name == "tesseract":
            from .tesseract import TesseractEngine

            return TesseractEngine()
        from .photo import PhotoEngine

        return PhotoEngine()
    except ImportError as error:
        missing = (error.name or "").partition(".")[0] or str(error)
        extra = "[photo]" if name == "photo" else ""
        raise EngineUnavailableError(
            f"the engine {name!r} needs {missing}, which is not installed: "
            f"pip install 'nhncloud-ocr-emulator{extra}', or take engine='fixture'"
        ) from error
