"""What a row of the table is, and how one row becomes several: for each code path of a server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from contract.drivers.keys import Keys
from contract.drivers.rows import expectations as x
from contract.drivers.rows.bodies import ANY, At, Body, Upload
from contract.judge.description import CROPPING, GENERAL
from contract.judge.exchange import Expectation

LIVE = True


@dataclass(frozen=True)
class Row:
    """One call of the table: what is sent, under which keys, and what must come of it.

    Rows marked `live` are the ones that `--live` makes; each may be billed.
    """

    name: str
    role: str  # of the operation; empty for a path that is none, see `path`
    body: Body
    expect: Expectation
    live: bool = False
    keys: Keys = Keys.OWN
    method: str = "POST"
    path: str = ""  # instead of the operation's; `{appKey}` stands for the app key
    page_allowed: bool = False
    version: str = ""  # the first that the description has, unless given


# What comes of an image by its URL, where it differs from what comes of it as a file.
_BY_URL = {
    id(x.ACCEPTED): x.FETCHED,
    id(x.ANY_FORMAT): x.FETCHED,
    id(x.NOT_AN_IMAGE): x.NO_PICTURE_THERE,
    id(x.EMPTY): x.NOTHING_THERE,
    id(x.SIZE): x.URL_SIZE,
}


def with_cropping(rows: Iterable[Row]) -> Iterator[Row]:
    """Each row for both operations; cropping slices what is too long for the other."""
    for row in rows:
        yield row
        if row.role == GENERAL:
            expect = x.SLICED if row.expect is x.RATIO else row.expect
            name = f"cropping-{row.name}"
            yield replace(row, name=name, role=CROPPING, expect=expect, live=False)


def with_urls(rows: Iterable[Row]) -> Iterator[Row]:
    """Each upload also as an image that is fetched."""
    for row in rows:
        yield row
        if isinstance(row.body, Upload):
            image, size = row.body.image, row.body.size
            path = f"padded-{size}-{image}" if size else image
            body = At(ANY, path, glanced=row.body.glanced)
            # A slice is a slice: what was read of it is not judged here a second time.
            expect = _BY_URL.get(id(row.expect), row.expect)
            yield replace(row, name=f"url-{row.name}", body=body, expect=expect, live=False)


def of_every_path(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Each upload for both operations, as a file and by its URL."""
    return tuple(with_cropping(with_urls(rows)))
