"""Which of a browser's requests come in: those of this machine's own pages, and of no other site's.

A browser lends its hands to every page that it shows. Another site's page may point its own name
at this address (so the Host is checked), or send a form to it (so are the Origin of whoever
writes, and, in the playground, a header that no form can have).
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from ._addresses import is_loopback
from ._incoming import Incoming

__all__ = ["HEADERS", "is_of_another_site", "is_preflight", "refusal"]

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
_BROWSERS: Final = re.compile(rb"Mozilla/")


def refusal(call: Incoming) -> HTTPStatus | None:
    """Return the status with which a request is turned away, None if it may come in."""
    host = _host(call)
    if not _names_this_machine(host):
        return HTTPStatus.MISDIRECTED_REQUEST
    origin = call.headers.get(b"origin")
    own = (f"http://{host}".encode("latin-1"), f"https://{host}".encode("latin-1"))
    writes = call.method not in ("GET", "HEAD")
    if (writes or origin is not None) and origin not in own:
        return HTTPStatus.FORBIDDEN
    if writes and _OWN_HEADER not in call.headers:
        return HTTPStatus.FORBIDDEN
    if _crosses_sites(call) and call.headers.get(b"sec-fetch-mode") != b"navigate":
        return HTTPStatus.FORBIDDEN  # a link may lead here, but nothing here is for their pages
    return None


def is_of_another_site(call: Incoming) -> bool:
    """Whether a browser sends this for a page of another site, be its key right or wrong.

    Such a page reads no reply, but it could take faults from a test's queue, fill its journal,
    or, having pointed its name here, have everybody's calls fail with a fault of its own.
    """
    origin = call.headers.get(b"origin")
    if origin is not None and not _is_local(origin):
        return True
    if origin is None and _crosses_sites(call):
        return True
    by_a_browser = origin is not None or _BROWSERS.match(call.headers.get(b"user-agent", b""))
    return bool(by_a_browser) and not _names_this_machine(_host(call))


def is_preflight(call: Incoming) -> bool:
    """Whether a browser asks, of its own accord, if a page may make a call."""
    return call.method == "OPTIONS" and b"access-control-request-method" in call.headers


def _crosses_sites(call: Incoming) -> bool:
    return call.headers.get(b"sec-fetch-site") == b"cross-site"


def _host(call: Incoming) -> str:
    return call.headers.get(b"host", b"").decode("latin-1")


def _is_local(origin: bytes) -> bool:
    scheme, separator, host = origin.decode("latin-1").partition("://")
    return bool(separator) and scheme in ("http", "https") and _names_this_machine(host)


def _names_this_machine(host: str) -> bool:
    """Whether a Host, which may have a port, is this machine's."""
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False
