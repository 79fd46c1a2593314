"""The tone of an area: one for all of it, or one that runs from side to side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ._components import Bits, Tones

__all__ = ["NEAR", "Steps", "common_tones", "ground", "slope"]

Steps = NDArray[np.int16]

NEAR: Final = 8  # grey levels that one tone may vary by
_FLAT: Final = 0.4  # of an area's pixels have the tone of its ground
_SLOPING: Final = 0.7  # the same where the ground runs from tone to tone
_COMMON: Final = 0.01  # of an area has a tone that may be a panel's
_TONES: Final = 8  # at most are looked at


def ground(page: Tones, inside: Bits) -> int | None:
    """Return the tone of most pixels, if most have it."""
    counts = np.bincount(page[inside], minlength=256)
    tone, near = _fullest(counts)
    if near < _FLAT * counts.sum():
        return None
    low, high = max(tone - NEAR, 0), min(tone + NEAR + 1, 256)
    return round(float(np.average(np.arange(low, high), weights=counts[low:high])))


def slope(page: Tones, inside: Bits) -> Steps | None:
    """Return the ground of each pixel where it runs from one side to another, as on buttons."""
    tone = np.where(inside, page.astype(np.float32), np.nan)
    if not inside.any(axis=0).all() or not inside.any(axis=1).all():
        return None
    down = np.nanmedian(tone, axis=1, keepdims=True)
    across = np.nanmedian(tone - down, axis=0, keepdims=True)
    model: Steps = np.clip(down + across, 0, 255).astype(np.int16)
    near = np.abs(page.astype(np.int16) - model)[inside] <= NEAR // 2
    return model if near.mean() >= _SLOPING else None


def common_tones(page: Tones, inside: Bits) -> Iterator[int]:
    """Yield the tones that panels of an area may have, the commonest first."""
    counts = np.bincount(page[inside], minlength=256)
    least = max(_COMMON * counts.sum(), 1)
    for _ in range(_TONES):
        tone, near = _fullest(counts)
        if near < least:
            return
        yield tone
        counts[max(tone - 2 * NEAR, 0) : tone + 2 * NEAR + 1] = 0


def _fullest(counts: NDArray[np.int64]) -> tuple[int, float]:
    """Return the tone that most pixels are near to, and how many are."""
    near = np.convolve(counts, np.ones(2 * NEAR + 1), mode="same")
    tone = int(near.argmax())
    return tone, float(near[tone])
