"""Buttons, bars and dark halves: areas of one tone with text of another, laid on white."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from ._components import Bits, Components, Ints, Tones, components, runs_of, tones

__all__ = ["panels_on_white"]

Steps = NDArray[np.int16]

_APART: Final = 32  # grey levels between a ground and what is on it
_FLAT: Final = 0.4  # of an area's pixels have the tone of its ground
_SOLID: Final = 0.62  # of a panel's rectangle is the panel's own
_SMALLEST: Final = (20, 14)  # pixels across and down: no label fits into less
_CONTENT: Final = 0.005  # of a panel's pixels are text on it, else it is a thick stroke
_NOISE: Final = 3  # grey levels between neighbours
_BLUR: Final = 0.8  # pixels
_MARGIN: Final = 0.85  # of a panel's upper and lower edge is without text
_COUNTER: Final = 0.65  # of its rectangle, which the inside of a letter fills
_CONTRAST: Final = 110  # grey levels from which text needs no help
_DEPTH: Final = 3  # a button on a bar on a page
_EDGE: Final = 2  # pixels: what is so near to a panel's edge is its edge


class _Panel(NamedTuple):
    """Where a panel is, which pixels there are its own, and what is on it, dark on white."""

    box: tuple[slice, slice]
    shape: Bits
    text: Tones


def panels_on_white(grey: Image.Image) -> Image.Image:
    """Return a grey image as dark text on white, each area of one tone for itself.

    A page that has no one ground, such as a photograph, comes back as it was.
    """
    page = tones(grey)
    if _is_noisy(page):
        grey = grey.filter(ImageFilter.GaussianBlur(_BLUR))
        page = tones(grey)
    drawn = _on_white(page, np.ones(page.shape, dtype=np.bool_), _DEPTH)
    return grey if drawn is None else Image.fromarray(drawn)


def _is_noisy(page: Tones) -> bool:
    """Whether neighbours differ nearly everywhere, as on a photographed or faxed receipt."""
    if page.shape[1] < 2:
        return False
    steps = np.maximum(page[:, 1:], page[:, :-1]) - np.minimum(page[:, 1:], page[:, :-1])
    return 2 * int(np.count_nonzero(steps >= _NOISE)) > steps.size


def _on_white(page: Tones, inside: Bits, depth: int) -> Tones | None:
    """Return an area with its ground made white, or None if it has no one ground."""
    ground = _ground(page, inside)
    if ground is None:
        return None
    away = np.abs(page.astype(np.int16) - ground)
    away[~inside] = 0
    ink = away > _APART
    found = components(ink)
    drawn = (255 - away).astype(np.uint8)
    if found is None:
        return drawn
    panels: list[_Panel] = []
    if depth:
        solid = _solid(found)
        for index, own in zip(solid, runs_of(found, solid), strict=True):
            panel = _panel(page, found, int(index), own, depth)
            if panel is not None:
                panels.append(panel)
    for panel in panels:
        away[panel.box][panel.shape] = 0
    _strengthen(away, drawn)
    for panel in panels:
        np.copyto(drawn[panel.box], panel.text, where=panel.shape)
    return drawn


def _ground(page: Tones, inside: Bits) -> int | None:
    """Return the tone of most pixels, if most have it."""
    counts = np.bincount(page[inside], minlength=256)
    near = np.convolve(counts, np.ones(17), mode="same")
    tone = int(near.argmax())
    low, high = max(tone - 8, 0), tone + 9
    if near[tone] < _FLAT * counts.sum():
        return None
    return round(float(np.average(np.arange(low, min(high, 256)), weights=counts[low:high])))


def _solid(found: Components) -> Ints:
    return np.nonzero(
        (found.width >= _SMALLEST[0])
        & (found.height >= _SMALLEST[1])
        & (found.area >= _SOLID * found.width * found.height)
    )[0]


def _panel(page: Tones, found: Components, index: int, own: Ints, depth: int) -> _Panel | None:
    """Return a panel, made of its own runs, or None if there is no text on it."""
    top, bottom = int(found.top[index]), int(found.bottom[index])
    left, right = int(found.left[index]), int(found.right[index])
    firsts = np.full(bottom - top, right)
    lasts = np.full(bottom - top, left)
    np.minimum.at(firsts, found.rows[own] - top, found.starts[own])
    np.maximum.at(lasts, found.rows[own] - top, found.ends[own])
    columns = np.arange(left, right)
    shape = (columns >= firsts[:, None]) & (columns < lasts[:, None])
    box = slice(top, bottom), slice(left, right)
    area = page[box]
    ground = _ground(area, shape)
    if ground is None or not _has_margins(np.abs(area.astype(np.int16) - ground) <= _APART, shape):
        return None
    core = _eroded(shape)
    content = core & (np.abs(area.astype(np.int16) - ground) > _APART)
    if content.sum() < _CONTENT * shape.sum() or _is_counters(content):
        return None
    part = _on_white(area, core, depth - 1)
    return None if part is None else _Panel(box, shape, part)


def _has_margins(own: Bits, shape: Bits) -> bool:
    """Whether a shape's upper and lower edge are its own: M, ㅂ and 트 have gaps there."""
    band = max(2, len(own) // 16)
    edges = ((own[:band], shape[:band]), (own[-band:], shape[-band:]))
    return all(bool(part[form].mean() >= _MARGIN) for part, form in edges)


def _is_counters(content: Bits) -> bool:
    """Whether what is in a shape is what letters have in them: ㅁ, 0 and B hold solid areas."""
    found = components(content)
    if found is None:
        return False
    height, width = content.shape
    solid = (
        (found.area >= _COUNTER * found.width * found.height)
        & (found.width >= 0.15 * width)
        & (found.height >= 0.15 * height)
    )
    return bool(found.area[solid].sum() >= 0.7 * found.area.sum())


def _eroded(shape: Bits) -> Bits:
    """Return a shape without its edge."""
    core = shape.copy()
    for _ in range(_EDGE):
        smaller = core.copy()
        smaller[1:] &= core[:-1]
        smaller[:-1] &= core[1:]
        smaller[:, 1:] &= core[:, :-1]
        smaller[:, :-1] &= core[:, 1:]
        smaller[[0, -1]] = False
        smaller[:, [0, -1]] = False
        core = smaller
    return core


def _strengthen(away: Steps, drawn: Tones) -> None:
    """Draw what is on a ground: as dark as black where it is pale, without its noise."""
    strokes = away[away > _APART]
    full = float(np.quantile(strokes, 0.9)) if strokes.size else 255.0
    ink: NDArray[np.float64] = away.astype(np.float64)
    if full < _CONTRAST:
        noise = ink[ink <= _APART / 2]
        floor = min(2 * float(np.sqrt(np.mean(noise**2))) if noise.size else 0.0, full / 3)
        ink = np.clip((ink - floor) * (255 / (full - floor)), 0, 255)
    drawn[:] = (255 - ink).astype(np.uint8)
