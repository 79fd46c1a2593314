"""Who may come to the playground: a page of this machine's own browser, and no other page.

A browser lends its hands to every page that it shows. Another site's page may point its own name
at this address (so the Host is checked), or send a form to it (so are the Origin of whoever
writes, and a header that no form can have).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from ._addresses import is_loopback
from ._incoming import Incoming

__all__ = ["HEADERS", "refusal"]

HEADERS: Final = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        b"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""What each response of the playground carries."""

_OWN_HEADER: Final = b"x-playground"


def refusal(call: Incoming) -> HTTPStatus | None:
    """Return the status with which a request is turned away, None if it may come in."""
    host = call.headers.get(b"host", b"").decode("latin-1")
    if not _names_this_machine(host):
        return HTTPStatus.MISDIRECTED_REQUEST
    origin = call.headers.get(b"origin")
    own = (f"http://{host}".encode("latin-1"), f"https://{host}".encode("latin-1"))
    writes = call.method not in ("GET", "HEAD")
    if (writes or origin is not None) and origin not in own:
        return HTTPStatus.FORBIDDEN
    if writes and _OWN_HEADER not in call.headers:
        return HTTPStatus.FORBIDDEN
    return None


def _names_this_machine(host: str) -> bool:
    """Whether a Host, which may have a port, is this machine's."""
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False
