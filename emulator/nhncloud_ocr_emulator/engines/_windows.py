"""What holds of each pixel together with its neighbours in one direction."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["over_neighbours"]


def over_neighbours(
    pixels: NDArray[Any], combine: np.ufunc, axis: int, before: int, after: int
) -> NDArray[Any]:
    """Return of each pixel what it and so many before and after it along an axis combine to.

    `combine` is one to which repetition is nothing: and, or, the most, the least. The page goes
    on past its edges as it ends there.
    """
    lines = pixels if axis == 0 else pixels.T
    lines = np.pad(lines, ((before, after), (0, 0)), mode="edge")
    enough, reach = before + 1 + after, 1  # lines that each line stands for
    while reach < enough:
        step = min(reach, enough - reach)
        lines = combine(lines[:-step], lines[step:])
        reach += step
    return lines if axis == 0 else lines.T
