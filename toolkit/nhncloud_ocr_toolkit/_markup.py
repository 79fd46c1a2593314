"""What the XML exports share: escaping, numbers, the image's name."""

from __future__ import annotations

import os
import re
from pathlib import PurePath

from nhncloud_ocr import Quad, __version__

from ._clean import clean
from ._geometry import Bounds, corners
from ._picture import ImageInput, Picture

SYSTEM = "nhncloud-ocr"
VERSION = __version__
_SPECIAL = re.compile("[&<>\"']")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}


def escape(text: str) -> str:
    """Clean `text` as XML writes it, in elements and attributes alike."""
    if text.isalnum() or _SPECIAL.search(text) is None:
        return text
    return _SPECIAL.sub(lambda match: _ENTITIES[match[0]], text)


def number(value: float, decimals: int = 2) -> str:
    """At most so many decimals, none where they would be zeros, and never an exponent."""
    whole = int(value)
    if value == whole:
        return str(whole)
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".")


def numbers(values: tuple[float, ...]) -> tuple[float | str, ...]:
    """Each value as `number` has it, to be put into a text; whole ones stay what they are."""
    if isinstance(sum(values), int):  # as all are then: most replies hold nothing else
        return values
    return tuple(map(number, values))


def points(box: Quad) -> str:
    """The corners as XML formats list them: x,y x,y x,y x,y."""
    x1, y1, x2, y2 = box.x1, box.y1, box.x2, box.y2
    x3, y3, x4, y4 = box.x3, box.y3, box.x4, box.y4
    if isinstance(x1 + y1 + x2 + y2 + x3 + y3 + x4 + y4, int):  # as all are then
        return f"{x1},{y1} {x2},{y2} {x3},{y3} {x4},{y4}"
    return " ".join([f"{number(x)},{number(y)}" for x, y in corners(box)])


def share(confidence: float) -> float:
    """A confidence within 0..1; 0 for what is no number."""
    if 0 <= confidence <= 1:
        return confidence
    return 1.0 if confidence > 1 else 0.0


def within(box: Bounds, width: int, height: int) -> Bounds:
    """The part of the rectangle on the page; one outside becomes a line or point on its edge."""
    left, top, right, bottom = box
    if left >= 0 and top >= 0 and right <= width and bottom <= height:
        return box
    left, top = min(max(left, 0), width), min(max(top, 0), height)
    return Bounds(left, top, min(max(right, left), width), min(max(bottom, top), height))


def name_of(image: ImageInput | Picture) -> str:
    """The file name of a path or an open file, clean; "" for bytes. Never its folders."""
    path = image if isinstance(image, (str, os.PathLike)) else getattr(image, "name", "")
    return clean(PurePath(path).name) if isinstance(path, (str, os.PathLike)) else ""
