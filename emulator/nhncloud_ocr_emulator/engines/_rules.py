"""Lines that are no text: the ruling of tables, frames of fields, checkboxes."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

from ._checkboxes import checkboxes, straight
from ._components import Bits, Components, components, tones
from ._dashes import is_dash

__all__ = ["text_height", "without_rules"]

# How these were chosen: docs/decisions/reading-by-script.md.
_INK: Final = 128
_PALE: Final = 215  # rules are often paler than the text
_LONG: Final = 1.6  # heights of the text: a shorter stroke may be a letter's
_FRAME: Final = 2.5  # heights of the text, that a frame is wide, or a lone line long
_TABLE: Final = 8  # heights of the text: what is so large is no letter
_CLOSED: Final = 0.85  # of a frame's side is ink
_LONGER: Final = 2  # times as long as wide, as no letter is
_THIN: Final = 0.5  # of the text's height: a rule is thinner
_OUTLINE: Final = 0.2  # of it, that an outline is thick
_ARROW: Final = 0.25  # of a bubble's height, that its arrow has
_LEAST: Final = 3  # pixels
_SPECK: Final = 0.6  # of the text's height: so much of a frame's corners may stay behind
_EMPTY: Final = 0.3  # of a frame's rectangle is ink at most
_SPECKS: Final = 20_000  # components on a page, none of them higher than
_SPECK_HEIGHT: Final = 5  # pixels: noise. Noise upon print, too, leaves letters higher than 12


def text_height(found: Components) -> float:
    """Return the height of most letters in pixels, 0 if there are none."""
    if len(found.height) >= _SPECKS and found.height.max() <= _SPECK_HEIGHT:
        return 0.0  # else it would be enlarged and searched for lines, all four ways up: a minute
    letters = (found.height >= 4) & (found.width < 12 * found.height)
    if not letters.any():
        return 0.0
    height = float(np.quantile(found.height[letters], 0.75))
    rest = letters & ~is_dash(found, height)  # of which a page may have more than letters
    return float(np.quantile(found.height[rest], 0.75)) if rest.any() else height


def without_rules(page: Image.Image) -> tuple[Image.Image, float]:
    """Return a page, dark on light, without ruling lines and checkboxes, and its text's height."""
    pixels = tones(page)
    letters = components(pixels < _INK)
    height = 0.0 if letters is None else text_height(letters)
    if not height:
        return page, 0.0
    ink = pixels < _PALE
    found = components(ink)
    if found is None:
        return page, height
    frames = _is_frame(found, height)
    erase = _outlines(found, frames, ink, height)
    erase |= _ruling(found, frames, ink, height, erase)
    dashes = is_dash(found, height)
    if dashes.any():
        erase |= _grown(_drawn(found, dashes, ink.shape))
    for box in checkboxes(found, ink, height):
        top, bottom = int(found.top[box]), int(found.bottom[box])
        left, right = int(found.left[box]), int(found.right[box])
        erase[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1] = True
    if not erase.any():
        return page, height
    cleaned = pixels.copy()
    cleaned[erase] = 255
    return Image.fromarray(cleaned), height


def _outlines(found: Components, frames: Bits, ink: Bits, height: float) -> Bits:
    """Return the pixels of outlines around text, of which round ends would stay behind."""
    member = np.zeros_like(frames)
    for index in np.flatnonzero(frames & _is_thin(found, height)):
        rows = slice(int(found.top[index]), int(found.bottom[index]))
        columns = slice(int(found.left[index]), int(found.right[index]))
        member[index] = straight(ink[rows, columns], _ARROW) and _holds_any(found, int(index))
    if not member.any():
        return np.zeros(ink.shape, dtype=np.bool_)
    return _grown(_drawn(found, member, ink.shape))


def _ruling(found: Components, frames: Bits, ink: Bits, height: float, without: Bits) -> Bits:
    """Return the pixels of the lines of tables and fields, and of what little is left of these.

    `without` are pixels that go anyway.
    """
    member = frames.copy()
    small = np.maximum(found.width, found.height) < _TABLE * height
    for index in np.flatnonzero(member & small):
        member[index] = _is_field(found, int(index), ink)
    if not member.any():
        return np.zeros(ink.shape, dtype=np.bool_)
    framed = _drawn(found, member, ink.shape)
    rules = _grown(_long_and_thin(framed, height) | _long_and_thin(framed.T, height).T)
    return rules | _specks(framed & ~without & ~rules, height)


def _is_frame(found: Components, height: float) -> Bits:
    """Return which components may be frames or lone lines, by their size and how empty they are."""
    width, tall = found.width, found.height
    box: Bits = (np.maximum(width, tall) >= _FRAME * height) & (found.area <= _EMPTY * width * tall)
    thin = max(_LEAST, _THIN * height)
    line: Bits = (np.minimum(width, tall) <= thin) & (
        np.maximum(width, tall) >= 2 * _FRAME * height
    )
    return box | line


def _is_field(found: Components, index: int, ink: Bits) -> bool:
    """Whether a frame is none of a heading's letters: it holds text, or is longer than they are."""
    top, bottom = int(found.top[index]), int(found.bottom[index])
    left, right = int(found.left[index]), int(found.right[index])
    if min(bottom - top, right - left) <= _LEAST:
        return True  # a line
    closed = _sides(ink[top:bottom, left:right])
    if max(min(closed[:2]), min(closed[2:])) < _CLOSED:
        return False
    if max(right - left, bottom - top) >= _LONGER * min(right - left, bottom - top):
        return True
    return _holds_any(found, index)


def _is_thin(found: Components, height: float) -> Bits:
    """Return which components have the ink of an outline, and no more."""
    thick = found.area / (2 * (found.width + found.height))
    thin: Bits = thick <= max(_LEAST, _OUTLINE * height)
    return thin


def _holds_any(found: Components, index: int) -> bool:
    """Whether there is another component in a component's rectangle."""
    top, bottom = int(found.top[index]), int(found.bottom[index])
    first, past = np.searchsorted(found.top, (top + 1, bottom))
    beside = slice(int(first), int(past))
    within = (
        (found.left[beside] > found.left[index])
        & (found.right[beside] < found.right[index])
        & (found.bottom[beside] < bottom)
    )
    return bool(within.any())


def _sides(inside: Bits) -> tuple[float, float, float, float]:
    """Return how much of its upper, lower, left and right side a component covers."""
    band = max(1, len(inside) // 8)
    return (
        float(inside[:band].any(axis=0).mean()), float(inside[-band:].any(axis=0).mean()),
        float(inside[:, :band].any(axis=1).mean()), float(inside[:, -band:].any(axis=1).mean()),
    )  # fmt: skip


def _drawn(found: Components, member: Bits, shape: tuple[int, ...]) -> Bits:
    """Return the pixels of some components."""
    chosen = member[found.labels]
    steps = np.zeros((shape[0], shape[1] + 1), dtype=np.int8)
    steps[found.rows[chosen], found.starts[chosen]] = 1
    steps[found.rows[chosen], found.ends[chosen]] -= 1
    return np.cumsum(steps, axis=1, dtype=np.int8)[:, :-1] > 0


def _long_and_thin(ink: Bits, height: float) -> Bits:
    """Return the pixels of long runs in rows that are not stacked to a thick bar."""
    found = components(ink, shortest=max(8, round(_LONG * height)))
    if found is None:
        return np.zeros(ink.shape, dtype=np.bool_)
    thickness = found.area / np.maximum(found.width, 1)
    return _drawn(found, thickness <= max(_LEAST, _THIN * height), ink.shape)


def _grown(rules: Bits) -> Bits:
    """Return pixels with those around them, which are grey."""
    grown = rules.copy()
    grown[1:] |= rules[:-1]
    grown[:-1] |= rules[1:]
    wide = grown.copy()
    wide[:, 1:] |= grown[:, :-1]
    wide[:, :-1] |= grown[:, 1:]
    return wide


def _specks(rest: Bits, height: float) -> Bits:
    """Return the pixels of what is too small to be text, as the corners of frames are."""
    found = components(rest)
    if found is None:
        return np.zeros(rest.shape, dtype=np.bool_)
    small = np.maximum(found.width, found.height) <= max(_LEAST, _SPECK * height)
    return _drawn(found, small, rest.shape)
