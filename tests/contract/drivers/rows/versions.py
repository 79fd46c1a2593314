"""The rows of each version: the same calls and results, other credentials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from contract.drivers.keys import Keys
from contract.drivers.rows import expectations as x
from contract.drivers.rows.bodies import Upload
from contract.drivers.rows.images import PAGE
from contract.drivers.rows.row import Row, of_every_path
from contract.judge.description import GENERAL
from contract.judge.exchange import Expectation

V10, V11 = "v1.0", "v1.1"

_WITH_TOKEN = {
    id(x.NO_KEY): x.NO_TOKEN,
    id(x.WRONG_KEY): x.WRONG_TOKEN,
    id(x.SCHEME): x.TOKEN_SCHEME,
    id(x.FOREIGN): x.FOREIGN_TOKEN,
}

# What only v1.1 can be sent.
_UNKNOWN = tuple(
    Row(
        f"v1.1s-path-{name}",
        "",
        Upload(PAGE),
        x.PATH,
        path=f"/v1.1/appkeys/{{appKey}}/{path}",
        page_allowed=True,
        version=V11,
    )
    for name, path in (
        ("unknown", "special"),
        ("below", "general/slicing"),
        ("below-cropping", "general/cropping/more"),
        ("cropping-alone", "cropping"),
    )
)
TOKENS = _UNKNOWN + of_every_path(
    Row(name, GENERAL, Upload(PAGE), expect, keys=keys, version=V11)
    for name, keys, expect in (
        ("revoked-token", Keys.REVOKED, x.WRONG_TOKEN),
        ("expired-token", Keys.EXPIRED, x.WRONG_TOKEN),
        ("token-in-authorization", Keys.OTHER_HEADER, x.NO_TOKEN),
    )
)
# What only a server of both can be sent.
OF_THE_OTHER = of_every_path(
    (
        Row(
            "secret-key-as-token",
            GENERAL,
            Upload(PAGE),
            x.WRONG_TOKEN,
            keys=Keys.SECRET_AS_TOKEN,
            version=V11,
        ),
        Row(
            "v1.0s-header",
            GENERAL,
            Upload(PAGE),
            x.NO_TOKEN,
            keys=Keys.HEADER_OF_V10,
            version=V11,
        ),
        Row(
            "token-as-secret-key",
            GENERAL,
            Upload(PAGE),
            x.WRONG_KEY,
            keys=Keys.TOKEN_AS_SECRET,
            version=V10,
        ),
        Row("v1.1s-header", GENERAL, Upload(PAGE), x.NO_KEY, keys=Keys.HEADER_OF_V11, version=V10),
    )
)

# Of the live rows, those that each version makes when both are tried: 12 together.
_SHARED = {
    V10: ("png", "jpg", "cropping-png", "no-key", "wrong-key", "url-port-8080", "image-text"),
    V11: ("png", "cropping-long", "no-key", "wrong-key", "url-without-port"),
}


def of_version(expect: Expectation, version: str) -> Expectation:
    """What comes of the same call in a version."""
    return _WITH_TOKEN.get(id(expect), expect) if version == V11 else expect


def of_versions(rows: Iterable[Row], versions: Sequence[str]) -> Iterator[Row]:
    """The rows of the versions that a run is about, one version after the other."""
    rows = tuple(rows)
    for version in versions:
        for row in rows:
            if not row.role and version != versions[0]:
                continue  # a path that is none is of no version
            live = row.live and (len(versions) == 1 or row.name in _SHARED[version])
            yield replace(
                row,
                name=f"{version}-{row.name}" if version == V11 else row.name,
                version=version,
                expect=of_version(row.expect, version),
                keys=Keys.BARE if version == V11 and row.keys is Keys.BEARER else row.keys,
                live=live,
            )
        if version == V11:
            yield from TOKENS
    if len(versions) > 1:
        yield from OF_THE_OTHER
