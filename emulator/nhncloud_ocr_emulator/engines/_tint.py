"""The tone of an area: one for all of it, or one that runs from side to side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ._components import Bits, Tones

__all__ = ["NEAR", "Steps", "common_tones", "ground", "slope"]

Steps = NDArray[np.int16]

# How these were chosen: docs/decisions/reading-by-script.md.
NEAR: Final = 8  # grey levels that one tone may vary by
_FLAT: Final = 0.4  # of an area's pixels have the tone of its ground
_SLOPING: Final = 0.7  # the same where the ground runs from tone to tone
_STEEP: Final = 2 * NEAR  # from one row or column to the next: no ground runs so steeply
_COMMON: Final = 0.01  # of an area has a tone that may be a panel's
_TONES: Final = 8  # at most are looked at


def ground(page: Tones, inside: Bits) -> int | None:
    """Return the tone of most pixels, if most have it."""
    counts = np.bincount(page[inside], minlength=256)
    tone, near = _fullest(counts)
    return tone if near >= max(_FLAT * counts.sum(), 1) else None


def slope(page: Tones, inside: Bits) -> Steps | None:
    """Return the ground of each pixel where it runs from one side to another, as on buttons."""
    tone = np.where(inside, page.astype(np.float32), np.nan)
    for first, second in ((0, 1), (1, 0)):  # text disturbs what is taken across the slope
        sums = np.nanmedian(tone, axis=first, keepdims=True)
        rest = np.nanmedian(tone - sums, axis=second, keepdims=True)
        steps = np.abs(np.diff(sums, axis=second)), np.abs(np.diff(rest, axis=first))
        if max(float(step.max(initial=0)) for step in steps) > _STEEP:
            continue  # strokes
        model: Steps = np.clip(sums + rest, 0, 255).astype(np.int16)
        near = np.abs(page.astype(np.int16) - model)[inside] <= NEAR // 2
        if near.mean() >= _SLOPING:
            return model
    return None


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


def _fullest(counts: NDArray[np.int64]) -> tuple[int, int]:
    """Return the tone that most pixels are near to, and how many are."""
    middle = int(np.convolve(counts, np.ones(2 * NEAR + 1), mode="same").argmax())
    low, high = max(middle - NEAR, 0), min(middle + NEAR + 1, 256)
    near = int(counts[low:high].sum())
    if not near:
        return middle, 0
    return round(float(np.average(np.arange(low, high), weights=counts[low:high]))), near
