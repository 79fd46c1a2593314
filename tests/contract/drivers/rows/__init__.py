"""The fixed table of calls: what random generation does not find, row by row."""

from contract.drivers.rows.credentials import CREDENTIALS
from contract.drivers.rows.images import BAD, FORMATS, NAMES, RATIOS, READ, SIZES
from contract.drivers.rows.malformed import MALFORMED, MEDIA_TYPES, METHODS, PATHS
from contract.drivers.rows.row import Row
from contract.drivers.rows.urls import NO_URLS, PORTS, URLS
from contract.drivers.rows.versions import of_versions

__all__ = ["LIVE_ROWS", "OF_A_GATEWAY", "ROWS", "SMALL", "Row", "of_versions"]

# The cheap and the most telling first: a broken server is then found early.
SMALL: tuple[Row, ...] = (
    *READ,
    *CREDENTIALS,
    *PORTS,
    *RATIOS,
    *MALFORMED,
    *NO_URLS,
    *MEDIA_TYPES,
    *METHODS,
    *PATHS,
    *BAD,
    *FORMATS,
    *NAMES,
    *URLS,
)
ROWS = (*SMALL, *SIZES)
# For a gateway before a server that was tried without it: it says some failures otherwise, and
# reads nothing. Of what is read, two pictures are enough.
_AGAIN = {row.name for row in READ if row.name.endswith(("read-kitchen", "read-library"))}
_READ = {row.name for row in (*READ, *FORMATS)} - _AGAIN
OF_A_GATEWAY = (
    *(row for row in SMALL if row.name not in _READ),
    *(row for row in SIZES if row.expect.accepted is False),
)
LIVE_ROWS = tuple(row for row in ROWS if row.live)
