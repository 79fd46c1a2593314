"""The paths that are the service's own: two versions of recognition, and tokens."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

__all__ = ["HEALTH", "TOKEN_CREATE", "TOKEN_REVOKE", "Target", "Version", "api_of", "origin_form"]

Version = Literal["v1.0", "v1.1"]

HEALTH: Final = b"/health"
TOKEN_CREATE: Final = b"/oauth2/token/create"
TOKEN_REVOKE: Final = b"/oauth2/token/revoke"

_VERSIONED: Final = re.compile(rb"/v1\.[01]/")
# What somebody who means the API may have written: another version or none, a prefix, two slashes
# where a base URL ends with one, another case.
_MEANT: Final = re.compile(rb"appkeys?(/|%2f)|/general(/cropping)?/?$", re.IGNORECASE)
_MEANT_TOKEN: Final = re.compile(rb"^/+oauth2/|/token/(create|revoke)/?$", re.IGNORECASE)
_ABSOLUTE: Final = re.compile(rb"https?://[^/?#]*", re.IGNORECASE)


class Target(NamedTuple):
    """What a path of recognition asks for."""

    version: Version
    app_key: bytes  # as it stands in the path
    cropping: bool

    @classmethod
    def of(cls, raw_path: bytes) -> Target | None:
        """Read a path; None if it is none of recognition's."""
        match raw_path.split(b"/"):
            case [b"", b"v1.0" | b"v1.1" as version, b"appkeys", app_key, b"general", *rest]:
                if rest not in ([], [b"cropping"]):
                    return None
                return cls("v1.0" if version == b"v1.0" else "v1.1", app_key, bool(rest))
            case _:
                return None


def api_of(raw_path: bytes) -> Literal["recognition", "token"] | None:
    """Return which part of the service a path is meant for, right or wrong; None for a stray call.

    A browser's `/favicon.ico` and a monitor's `/metrics` are no calls of anybody's program. A
    mistyped path is one: whoever wrote it looks into the journal for what is wrong.
    """
    if _VERSIONED.match(raw_path) or _MEANT.search(raw_path):
        return "recognition"
    return "token" if _MEANT_TOKEN.search(raw_path) else None


def origin_form(raw_path: bytes) -> bytes:
    """Return a request's path without scheme and host, which a client may put before it.

    A server must accept the absolute form (RFC 9112, section 3.2.2), whatever host it names.
    """
    return (_ABSOLUTE.sub(b"", raw_path, count=1) or b"/") if b"://" in raw_path else raw_path
