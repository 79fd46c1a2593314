"""Connected ink: runs of pixels in rows, and the components that touching runs make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = [
    "MAX_RUNS",
    "Bits",
    "Components",
    "Ints",
    "Tones",
    "components",
    "runs_of",
    "stretches",
    "tones",
]

MAX_RUNS: Final = 600_000
"""More is noise or texture, no text; a dense page of 6 megapixels has 130,000."""

Tones = NDArray[np.uint8]
Bits = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Components(NamedTuple):
    """Components of ink, and the runs they are made of; right and bottom are not included.

    Both are in the order of their tops: of thousands, each finds those beside it by that.
    """

    rows: Ints  # of each run
    starts: Ints
    ends: Ints
    labels: Ints  # the component of each run, 0..count-1
    left: Ints  # of each component
    top: Ints
    right: Ints
    bottom: Ints
    area: Ints  # pixels of ink

    @property
    def width(self) -> Ints:
        """Of each component, in pixels."""
        return self.right - self.left

    @property
    def height(self) -> Ints:
        """Of each component, in pixels."""
        return self.bottom - self.top


def runs_of(found: Components, chosen: Ints) -> Iterator[Ints]:
    """Yield which runs each of some components is made of, in their order."""
    order = np.argsort(found.labels, kind="stable")
    ends = np.cumsum(np.bincount(found.labels, minlength=len(found.top)))
    starts = np.concatenate(([0], ends))
    for index in chosen:
        yield order[starts[index] : ends[index]]


def tones(grey: Image.Image) -> Tones:
    """Return a grey image's pixels, one row after the other, not to be written to."""
    return np.asarray(grey, dtype=np.uint8)


def stretches(ink: Bits) -> Ints:
    """Return where each stretch of columns with ink begins and ends, a row for each."""
    changes: Ints = np.flatnonzero(np.diff(np.pad(ink.any(axis=0).astype(np.int8), 1)))
    return changes.reshape(-1, 2)


def components(ink: Bits, shortest: int = 1) -> Components | None:
    """Find what touches, corners too, among runs of at least so many pixels.

    Returns None where there are more runs than text has.
    """
    # Of the runs down a page's columns, each rule across it has one a column, to be dropped here.
    found = _runs(ink, MAX_RUNS if shortest == 1 else 4 * MAX_RUNS)
    if found is None:
        return None
    rows, starts, ends = found
    if shortest > 1:
        long = ends - starts >= shortest
        rows, starts, ends = rows[long], starts[long], ends[long]
    if len(rows) > MAX_RUNS:
        return None
    labels = _joined(rows, starts, ends, ink.shape[1])
    count = int(labels.max()) + 1 if len(labels) else 0
    big = np.iinfo(np.int64).max

    def least(values: Ints) -> Ints:
        result = np.full(count, big, dtype=np.int64)
        np.minimum.at(result, labels, values)
        return result

    return Components(
        rows, starts, ends, labels,
        left=least(starts), top=least(rows), right=-least(-ends), bottom=-least(-rows - 1),
        area=np.bincount(labels, weights=ends - starts, minlength=count).astype(np.int64),
    )  # fmt: skip


def _runs(ink: Bits, most: int) -> tuple[Ints, Ints, Ints] | None:
    """Return row, first and past column of each run; None if there are more of them."""
    # Counted before any is listed: of noise a list is many times as large as the page.
    if np.count_nonzero(ink[:, 1:] & ~ink[:, :-1]) + np.count_nonzero(ink[:, 0]) > most:
        return None
    height, width = ink.shape
    edged = np.zeros((height, width + 2), dtype=np.bool_)
    edged[:, 1:-1] = ink
    begins = np.flatnonzero(edged[:, 1:] & ~edged[:, :-1])  # in half the time of two dimensions
    ends = np.flatnonzero(edged[:, :-1] & ~edged[:, 1:])
    rows, starts = np.divmod(begins, width + 1)
    return rows.astype(np.int64), starts.astype(np.int64), (ends % (width + 1)).astype(np.int64)


def _joined(rows: Ints, starts: Ints, ends: Ints, width: int) -> Ints:
    """Return a label for each run, the same for runs that touch, from 0 without a gap."""
    step = width + 2
    first = np.searchsorted(rows * step + ends, (rows + 1) * step + starts, side="left")
    past = np.searchsorted(rows * step + starts, (rows + 1) * step + ends, side="right")
    counts = np.maximum(past - first, 0)
    above: Any = np.repeat(np.arange(len(rows)), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    below = np.repeat(first, counts) + within
    labels = np.arange(len(rows))
    while True:  # each round at least halves the chains that remain
        a, b = labels[above], labels[below]
        if np.array_equal(a, b):
            break
        np.minimum.at(labels, a, b)
        np.minimum.at(labels, b, a)
        while not np.array_equal(shorter := labels[labels], labels):
            labels = shorter
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)
