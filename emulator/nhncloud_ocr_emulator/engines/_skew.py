"""By how much a page is turned: lines of text leave the clearest gaps along their own direction."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from PIL import Image

from ._components import components, tones

__all__ = ["skew"]

# How these were chosen: docs/decisions/reading-by-script.md.
_INK: Final = 128
_GOLDEN: Final = 0.618034
_ENOUGH: Final = 200  # runs of ink: of fewer no angle is told
_LARGEST: Final = 0.12  # of a page's longer side: what is so large is no letter
_FARTHEST: Final = 15.0  # degrees
_STEP: Final = 0.5
_FINE: Final = 0.1
_SAMPLES: Final = 20_000  # runs of ink that are looked at
_GAIN: Final = 1.8  # times as clear as the page is as it stands
_SMALLEST: Final = 0.5  # degrees; Tesseract follows lines of less


def skew(page: Image.Image) -> float:
    """Return by how many degrees a page, dark on light, is turned clockwise; 0 when in doubt."""
    ink = tones(page) < _INK
    found = components(ink)
    if found is None or len(found.rows) < _ENOUGH:
        return 0.0
    tall = found.height[found.labels]
    wide = found.width[found.labels]
    limit = _LARGEST * max(page.size)
    text = (tall >= 4) & (tall <= limit) & (wide <= limit)
    x = ((found.starts + found.ends) / 2)[text]
    # Spread within its row: whole numbers would give the page as it stands gaps of their own.
    y = found.rows[text] + np.arange(int(text.sum())) * _GOLDEN % 1
    if len(x) < _ENOUGH:
        return 0.0
    if len(x) > _SAMPLES:
        first = (len(x) - _SAMPLES) // 2  # side by side: a few of each row would tell nothing
        x, y = x[first : first + _SAMPLES], y[first : first + _SAMPLES]
    height = float(np.median(tall[text]))

    def clearness(degrees: float, pixels: float) -> float:
        across = (y - x * math.tan(math.radians(degrees))) / pixels
        counts = np.bincount((across - across.min()).astype(np.int64))
        return float((np.diff(counts.astype(np.float64)) ** 2).sum())

    coarse, fine = max(2.0, height / 6), max(1.0, height / 10)
    steps = round(_FARTHEST / _STEP)
    best = max(
        (step * _STEP for step in range(-steps, steps + 1)), key=lambda a: clearness(a, coarse)
    )
    if (
        abs(best) < _SMALLEST
        or abs(best) == _FARTHEST
        or clearness(best, coarse) < _GAIN * clearness(0.0, coarse)
    ):
        return 0.0
    return max((best + step * _FINE for step in range(-6, 7)), key=lambda a: clearness(a, fine))
