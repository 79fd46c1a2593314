"""A page made ready for Tesseract: upright, dark on white, without lines that are no text."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from PIL import Image

from ._geometry import Point
from ._ground import is_busy
from ._panels import panels_on_white
from ._rules import without_rules
from ._skew import skew

__all__ = ["Page", "prepare"]

_TURNS: Final = (
    Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270,
)  # fmt: skip
_MAX_PIXELS: Final = 16_000_000  # A4 has them at 400 dots an inch


class Page(NamedTuple):
    """A grey picture, dark on white, and the way back to the picture it was made from."""

    pixels: Image.Image
    text_height: float  # pixels, of most letters; 0 if there are none
    scale: int  # pixels of the original for one of these
    degrees: float  # by which it was turned back, anticlockwise
    size: tuple[int, int]  # of `pixels` before that
    quarters: int  # by which the original was turned before all, anticlockwise
    whole: tuple[int, int]  # the original's size

    def original(self, x: float, y: float) -> Point:
        """Return where a point was."""
        if self.degrees:
            angle = math.radians(self.degrees)
            x, y = x - self.pixels.width / 2, y - self.pixels.height / 2
            x, y = (
                x * math.cos(angle) - y * math.sin(angle) + self.size[0] / 2,
                x * math.sin(angle) + y * math.cos(angle) + self.size[1] / 2,
            )
        x, y = self.scale * x, self.scale * y
        width, height = self.whole
        return ((x, y), (width - y, x), (width - x, height - y), (y, height - x))[self.quarters]


def prepare(grey: Image.Image, quarters: int = 0) -> Page:
    """Make a grey picture ready, turned anticlockwise by so many times 90 degrees first."""
    pixels, scale = (grey.transpose(_TURNS[quarters - 1]) if quarters else grey), 1
    while pixels.width * pixels.height > _MAX_PIXELS:  # what follows takes some 25 bytes for each
        pixels = pixels.reduce(2)
        scale *= 2
    pixels = panels_on_white(pixels)
    while is_busy(pixels):  # else Tesseract's search for lines takes hours on noise
        pixels = pixels.reduce(2)
        scale *= 2
    size = pixels.size
    degrees = skew(pixels)
    if degrees:
        pixels = pixels.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    pixels, height = without_rules(pixels)
    return Page(pixels, height, scale, degrees, size, quarters, grey.size)
