from __future__ import annotations

from msgspec import Struct


class BoundingBox(
    Struct,
    kw_only=True,
    gc=False,
    rename={
        "x1": "x1",
        "y1": "y1",
        "x2": "x2",
        "y2": "y2",
        "x3": "x3",
        "y3": "y3",
        "x4": "x4",
        "y4": "y4",
    },
):
    """The area of a word as four corners.
    They go top left, top right, bottom right, bottom left, and may form a turned quadrilateral. [documented]
    Of `general`, they are pixels of the sent image. [documented]
    What they refer to in cropping is not known. [note]
    The samples have integers.
    Whether fractions come, or negative numbers, is not known. [note]
    `[integer, number]` allows what `number` does; a generated model then keeps an integer as it is. [note]

        Attributes:
            x1 (float | int): x of the top left corner [documented]
            y1 (float | int): y of the top left corner [documented]
            x2 (float | int): x of the top right corner [documented]
            y2 (float | int): y of the top right corner [documented]
            x3 (float | int): x of the bottom right corner [documented]
            y3 (float | int): y of the bottom right corner [documented]
            x4 (float | int): x of the bottom left corner [documented]
            y4 (float | int): y of the bottom left corner [documented]
    """

    x1: float | int
    y1: float | int
    x2: float | int
    y2: float | int
    x3: float | int
    y3: float | int
    x4: float | int
    y4: float | int
