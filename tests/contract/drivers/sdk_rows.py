"""Which rows of the table the SDK can express, and which of them are worth its while."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contract.drivers.keys import ONLY_WITH_TOKENS, Keys
from contract.drivers.rows import Row, expectations as x
from contract.drivers.rows.bodies import At, Raw, Upload
from contract.drivers.rows.pictures import MB20
from contract.drivers.rows.versions import V11
from contract.judge.description import GENERAL

_DEFAULT = (Upload.content_type, At.content_type)


def expressible(row: Row) -> bool:
    """Whether the SDK has words for the row: an image or a URL, keys, and nothing else.

    Of the large images only those at the edge: each takes as long as twenty other rows.
    """
    body = row.body
    if isinstance(body, Upload) and body.size not in (0, MB20, MB20 + 1):
        return False
    if isinstance(body, At) and body.path.startswith("padded"):
        return False
    if row.role != GENERAL and isinstance(body, Upload) and body.size:
        return False
    if isinstance(body, Raw):
        plain_url = isinstance(body.value, dict) and body.value.keys() == {"imageUrl"}
        return plain_url and isinstance(body.value["imageUrl"], str)
    named = isinstance(body, Upload) and (body.field != "image" or bool(body.name))
    keys = row.keys not in (Keys.NO_HEADER, Keys.EMPTY)
    if row.version == V11 or row.keys in ONLY_WITH_TOKENS:
        keys = row.keys is Keys.OWN  # the client makes the header of a token itself
    return keys and bool(row.role) and body.content_type in _DEFAULT and not named


def refused_locally(row: Row) -> bool:
    """Whether `precheck` must refuse the row, by what the SDK documents of itself."""
    body = row.body
    if isinstance(body, Upload):
        image = body.data
        known = image.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))
        return not known or len(image) > MB20
    return isinstance(body, Raw) or row.expect is x.PORT


def of_each_kind(rows: Iterable[Row]) -> Iterator[Row]:
    """Of the expressible rows those that may differ for a client; of those that do not, one.

    What is read is for the table to judge. Each body that the client is to refuse by itself is
    another, but not once more in v1.1, where only credentials are others.
    """
    seen = set()
    for row in filter(expressible, rows):
        body = row.body
        picture = body.picture if isinstance(body, Upload) else None
        kind = (row.version, row.role, type(body), id(row.expect), picture and picture.kind)
        again = kind in seen
        seen.add(kind)
        if not again or (refused_locally(row) and row.version != V11):
            yield row
