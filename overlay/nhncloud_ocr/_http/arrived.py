"""A whole reply, as it arrived."""

from typing import NamedTuple

import httpx


class Arrived(NamedTuple):
    """Status, headers, and the body unpacked. Never shown: the body may be somebody's letter.

    An `httpx.Response` made anew for it would take a tenth of the time of a short call.
    """

    status_code: int
    headers: httpx.Headers
    content: bytes

    def __repr__(self) -> str:
        return f"Arrived({self.status_code}, {len(self.content)} bytes)"
