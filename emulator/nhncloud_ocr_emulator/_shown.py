"""What the journal and the terminal may show of a call: no key, plain, and never much."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from ._settings import Settings

__all__ = ["Shown", "cut", "seen"]

_SEPARATOR: Final = re.compile(r"(/|%2f)", re.IGNORECASE)
_KEY_FOLLOWS: Final = ("appkeys", "appkey")
_NO_KEY: Final = ("general", "cropping")  # the key before it was left out
# Documented: an app key has 16 characters, a project's 20. A path may be mistyped anywhere.
_LIKE_A_KEY: Final = re.compile(r"[A-Za-z0-9]{16}|[A-Za-z0-9]{20}")
_QUOTED: Final = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_FEWEST: Final = 4  # letters of a key that is looked for: `a` is in every text
_LONGEST: Final = 600  # letters of a reason
_REMEMBERED: Final = 8  # paths: callers of an emulator ask for the same ones again and again


class Shown:
    """Hides an emulator's keys in what its callers sent.

    Args:
        settings: Where the keys are.
    """

    path: Callable[[bytes], str]
    """Return a path with `{appKey}` for any app key, also a mistyped one or somebody else's."""

    def __init__(self, settings: Settings) -> None:
        names = {
            settings.app_key: "{appKey}",
            settings.secret_key: "{secretKey}",
            settings.user_access_key_id: "{userAccessKeyId}",
            settings.secret_access_key: "{secretAccessKey}",
        }
        self._names = {key.lower(): name for key, name in names.items() if len(key) >= _FEWEST}
        longest_first = sorted(self._names, key=len, reverse=True)
        keys = "|".join(map(re.escape, longest_first)) or "(?!)"
        # Whole words: a test's key may be `appkey`, which is a part of `appkeys`.
        self._keys = re.compile(rf"(?<![A-Za-z0-9])(?:{keys})(?![A-Za-z0-9])", re.IGNORECASE)
        self.path = lru_cache(_REMEMBERED)(self._path)

    def _path(self, raw_path: bytes) -> str:
        shown = []
        key_follows = False
        for part in _SEPARATOR.split(raw_path.decode("latin-1")):
            if _SEPARATOR.fullmatch(part) or not part:
                shown.append(part)
                continue
            plain = unquote(part)
            follows, key_follows = key_follows, plain.lower() in _KEY_FOLLOWS
            is_key = (follows and plain not in _NO_KEY) or plain.lower() in self._names
            if is_key or _LIKE_A_KEY.fullmatch(plain):
                shown.append("{appKey}")
            else:
                shown.append(self.text(part))
        return "".join(shown)

    def text(self, text: str) -> str:
        """Return what a caller sent without the keys in it."""
        return self._keys.sub(lambda found: self._names[found[0].lower()], text)

    def reason(self, reason: str | None) -> str | None:
        """Return a reason without the keys that a caller may have put where none belongs."""
        if reason is None:
            return None
        hidden = _QUOTED.sub(lambda found: self.text(found[0]), reason)
        return hidden if len(hidden) <= _LONGEST else f"{hidden[:_LONGEST]}..."


def seen(value: str | bytes, limit: int = 80) -> str:
    """Return what a caller sent as a reason may show it: quoted, plain ASCII, not too long."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return ascii(text if len(text) <= limit else f"{text[:limit]}...")


def cut(text: str, limit: int = 400) -> str:
    """Return a text that may quote a caller: plain ASCII in one line, not too long."""
    return ascii(text if len(text) <= limit else f"{text[:limit]}...")[1:-1]
