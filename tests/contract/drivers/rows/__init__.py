"""The fixed table of calls: what random generation does not find, row by row."""

from contract.drivers.rows.credentials import CREDENTIALS
from contract.drivers.rows.images import BAD, FORMATS, NAMES, RATIOS, READ, SIZES
from contract.drivers.rows.malformed import MALFORMED, MEDIA_TYPES, METHODS, PATHS
from contract.drivers.rows.row import Row
from contract.drivers.rows.urls import NO_URLS, PORTS, URLS
from contract.drivers.rows.versions import of_versions

__all__ = ["LIVE_ROWS", "ROWS", "Row", "of_versions"]

# The cheap and the most telling first: a broken server is then found early.
ROWS: tuple[Row, ...] = (
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
    *SIZES,
)
LIVE_ROWS = tuple(row for row in ROWS if row.live)
