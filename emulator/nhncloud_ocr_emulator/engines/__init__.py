"""The engines: each turns a region of a picture into lines of words, and knows nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from time import monotonic
from typing import Final, NamedTuple, Protocol

from PIL import Image

from .._images import Picture
from ..recognition import FAILED, Refused, Word

__all__ = [
    "ENGINES",
    "Engine",
    "EngineUnavailableError",
    "Line",
    "Region",
    "check_time",
    "create_engine",
    "is_installed",
]

_PACKAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "tesseract": ("tesserocr",),
    "photo": ("tesserocr", "rapidocr", "onnxruntime"),
    "fixture": (),
}
"""What each engine imports beside what the emulator itself needs."""

ENGINES: Final = tuple(_PACKAGES)

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

    def read(self, picture: Picture, digest: bytes, region: Region, end: float) -> list[Line]:
        """Return the region's lines in reading order, none empty.

        Boxes are in pixels of the whole picture and inside it. `digest` tells the file apart.
        Raises Refused with 5005003 at the first occasion after `end`, as `check_time` does.
        """
        ...

    def close(self) -> None:
        """Give the models' memory back."""


def check_time(end: float) -> None:
    """Raise Refused with 5005003 if it is later than `end`, as `time.monotonic` tells it."""
    if monotonic() > end:
        raise Refused(FAILED, "reading took too long")


def is_installed(name: str) -> bool:
    """Whether an engine's packages are found. None is imported: that may take a second.

    Raises ValueError for an unknown name.
    """
    _check_name(name)
    return all(map(find_spec, _PACKAGES[name]))


def create_engine(name: str) -> Engine:
    """Return an engine, not loaded.

    Raises EngineUnavailableError if its package is not installed or does not load, ValueError for
    an unknown name.
    """
    _check_name(name)
    if name == "fixture":
        from .fixture import FixtureEngine

        return FixtureEngine()
    try:
        if name == "tesseract":
            from .tesseract import TesseractEngine

            return TesseractEngine()
        from .photo import PhotoEngine

        return PhotoEngine()
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0] or str(error)
        extra = "[photo]" if name == "photo" else ""
        raise EngineUnavailableError(
            f"the engine {name!r} needs {missing}, which is not installed: "
            f"pip install 'nhncloud-ocr-emulator{extra}', or take engine='fixture'"
        ) from error
    except (ImportError, MemoryError) as error:  # such as a library of the system that is missing
        raise EngineUnavailableError(
            f"the engine {name!r} cannot be loaded: {error or 'there is too little memory'}"
        ) from error


def _check_name(name: str) -> None:
    if name not in ENGINES:
        raise ValueError(f"unknown engine {name!r}: choose one of {', '.join(ENGINES)}")
