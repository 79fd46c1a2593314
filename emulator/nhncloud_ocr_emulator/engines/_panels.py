"""Buttons, bars and dark halves: areas of one tone with text of another, laid on white."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from ._areas import Area, edge_of, full_part, grown, solid_areas
from ._components import Bits, Tones, components, tones
from ._ground import ink_on_white
from ._tint import NEAR, Steps, common_tones, ground, slope

__all__ = ["panels_on_white"]

# How these were chosen: docs/decisions/reading-by-script.md.
_APART: Final = 32  # grey levels between a ground and what is on it
_CONTENT: Final = 0.005  # of a panel's pixels are text on it, else it is a thick stroke
_NOISE: Final = 3  # grey levels between neighbours
_BLUR: Final = 0.8  # pixels
_COUNTER: Final = 0.65  # of its rectangle, which the inside of a letter fills
_COUNTER_SIDE: Final = 0.15  # of a shape's sides, that such an inside has at least
_COUNTERS: Final = 0.7  # of all that is in a shape, if it is a letter
_CONTRAST: Final = 110  # grey levels from which text needs no help
_DEPTH: Final = 3  # a button on a bar on a page
_EDGE: Final = 2  # pixels: what is so near to a panel's edge is its edge
_FLAT: Final = 2  # grey levels that the tones of a drawing vary by
_PICTURE: Final = 32  # pixels across and down, that a picture has at least
_WHOLE: Final = 0.5  # of a page: a picture that fills more may be what is to be read
_BETWEEN: Final = 0.3  # pixels that are neither, for one of the ground: clouds have more
_RECTANGLE: Final = 0.9  # of its rectangle, that an area on a photograph fills
_BEYOND: Final = 24  # grey levels, that what is around an area of one tone is away from it
_AROUND: Final = 0.75  # of it
_FEW: Final = 2  # tones
_PLAIN: Final = 0.6  # of a letter's or a drawing's pixels have one of so few; of a picture's, fewer


class _Panel(NamedTuple):
    """A part of a page, and what is on it, dark on white."""

    area: Area
    text: Tones


def panels_on_white(grey: Image.Image) -> Image.Image:
    """Return a grey image as dark text on white, each area of one tone for itself."""
    page = tones(grey)
    if _is_noisy(page):
        grey = grey.filter(ImageFilter.GaussianBlur(_BLUR))
        page = tones(grey)
    everywhere = np.ones(page.shape, dtype=np.bool_)
    tone = ground(page, everywhere)
    if tone is not None:
        return ink_on_white(Image.fromarray(_on_white(page, everywhere, tone, _DEPTH)))
    panels = list(_panels(page, everywhere, None, _DEPTH))
    drawn = ink_on_white(grey)
    if not panels:
        return drawn
    laid = tones(drawn).copy()
    for area, text in panels:
        np.copyto(laid[area.box], text, where=area.shape)
    return Image.fromarray(laid)


def _is_noisy(page: Tones) -> bool:
    """Whether neighbours differ nearly everywhere, as on a photographed or faxed receipt."""
    if page.shape[1] < 2:
        return False
    steps = np.maximum(page[:, 1:], page[:, :-1]) - np.minimum(page[:, 1:], page[:, :-1])
    return 2 * int(np.count_nonzero(steps >= _NOISE)) > steps.size


def _on_white(page: Tones, inside: Bits, under: int | Steps, depth: int) -> Tones:
    """Return an area with its ground made white, its panels and pictures too."""
    away = np.abs(page.astype(np.int16) - under)
    away[~inside] = 0
    panels = list(_panels(page, inside, away, depth)) if depth else []
    for area, _ in panels:
        box, shape = grown(area, _EDGE, page.shape)
        away[box][shape] = 0
    drawn: Tones = (255 - away).astype(np.uint8)
    _strengthen(away, drawn)
    for area, text in panels:
        np.copyto(drawn[area.box], text, where=area.shape)
    return drawn


def _panels(page: Tones, inside: Bits, away: Steps | None, depth: int) -> Iterator[_Panel]:
    """Yield the panels in an area, and the pictures as panels without text.

    `away` is how far each pixel is from the area's ground, if there is one.
    """
    taken = np.zeros(page.shape, dtype=np.bool_)
    if away is not None:
        for area in solid_areas(away > _APART):  # of one tone, or running from one to another
            panel = _marked_off(page, area, depth)
            if panel is not None:
                taken[area.box] |= area.shape
                yield panel
    found: list[tuple[int, Area]] = []
    for tone in common_tones(page, inside):
        near = np.abs(page.astype(np.int16) - tone) <= NEAR + NEAR // 2
        near &= inside if away is None else away > _APART
        found += ((tone, area) for area in solid_areas(near & ~taken))
    for tone, area in sorted(found, key=lambda pair: -pair[1].size):
        if (
            not (taken[area.box] & area.shape).any()
            and _is_even(page[area.box], area.shape, tone)
            and _stands_out(page, area, tone)
            and (away is not None or area.shape.mean() >= _RECTANGLE)
        ):
            panel = _panel(page, area, tone, depth)
            if panel is not None:
                taken[area.box] |= area.shape
                yield panel


def _marked_off(page: Tones, area: Area, depth: int) -> _Panel | None:
    """Return what stands out from the ground, if it is a panel or a picture."""
    part = page[area.box]
    for find in (ground, slope):
        under = find(part, area.shape)
        if under is not None and _is_even(part, area.shape, under):
            panel = _panel(page, area, under, depth)
            if panel is not None:
                return panel
    if min(area.shape.shape) < _PICTURE or area.size > _WHOLE * page.size:
        return None
    plain = np.zeros(part.shape, dtype=np.bool_)
    for tone in islice(common_tones(part, area.shape), _FEW):
        plain |= np.abs(part.astype(np.int16) - tone) <= _FLAT
    if plain[area.shape].mean() >= _PLAIN:
        return None
    blank = np.full(part.shape, 255, dtype=np.uint8)
    for panel in _panels(part, area.shape, None, depth - 1) if depth else ():
        np.copyto(blank[panel.area.box], panel.text, where=panel.area.shape)
    return _Panel(area, blank)


def _is_even(part: Tones, shape: Bits, under: int | Steps) -> bool:
    """Whether what is not of a ground's tone stands out from it, as text does."""
    away = np.abs(part.astype(np.int16) - under)[shape]
    between = np.count_nonzero((away > NEAR) & (away <= _APART))
    return int(between) <= _BETWEEN * int(np.count_nonzero(away <= NEAR))


def _stands_out(page: Tones, area: Area, tone: int) -> bool:
    """Whether an area ends at an edge, not where a photographed page gets lighter or darker."""
    edge = edge_of(area, _EDGE + 1, 2 * _EDGE + 1, page.shape)
    around = page[edge.box][edge.shape]
    if not around.size:
        return True
    away = np.abs(around.astype(np.int16) - tone)
    return bool(np.mean(away > _BEYOND) >= _AROUND)


def _panel(page: Tones, area: Area, under: int | Steps, depth: int) -> _Panel | None:
    """Return a panel with its text, None if there is none on it."""
    part = page[area.box]
    away = np.abs(part.astype(np.int16) - under)
    full = full_part(away <= _APART, area.shape)
    if full is None:
        return None
    core = _eroded(_without_rules(full, away > _APART))
    content = core & (away > _APART)
    if content.sum() < _CONTENT * area.shape.sum() or _is_counters(content):
        return None
    return _Panel(area, _on_white(part, core, under, depth - 1))


def _without_rules(shape: Bits, ink: Bits) -> Bits:
    """Return a shape without the columns that are ink from top to bottom: rules between cells."""
    rows = shape.any(axis=1)
    return shape & ~ink[rows].all(axis=0)


def _is_counters(content: Bits) -> bool:
    """Whether what is in a shape is what letters have in them: ㅁ, 0 and B hold solid areas."""
    found = components(content)
    if found is None:
        return False
    height, width = content.shape
    solid = (
        (found.area >= _COUNTER * found.width * found.height)
        & (found.width >= _COUNTER_SIDE * width)
        & (found.height >= _COUNTER_SIDE * height)
    )
    return bool(found.area[solid].sum() >= _COUNTERS * found.area.sum())


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
    # By tone, not by pixel: of a large page, each number of its own is 128 MB.
    levels = away.astype(np.uint8)
    counts = np.array(Image.fromarray(levels).histogram())
    strokes = np.where(np.arange(256) > _APART, counts, 0)
    full = _tone_at(strokes, 0.9) if strokes.any() else 255.0
    ink = np.arange(256.0)
    if full < _CONTRAST:
        noise = counts[: _APART // 2 + 1]
        spread = float(np.average(np.arange(len(noise)) ** 2, weights=noise)) if noise.any() else 0
        floor = min(2 * math.sqrt(spread), full / 3)
        ink = np.clip((ink - floor) * (255 / (full - floor)), 0, 255)
    np.take((255 - ink).astype(np.uint8), levels, out=drawn)


def _tone_at(counts: NDArray[np.int64], fraction: float) -> float:
    """Return the tone that a fraction of the pixels does not exceed, by how many each tone has."""
    place = fraction * (int(counts.sum()) - 1)
    low, high = np.searchsorted(counts.cumsum(), (int(place), math.ceil(place)), side="right")
    return float(low + (high - low) * (place - int(place)))
