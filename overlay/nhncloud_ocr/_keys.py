"""The two keys, held so that nothing shows them: no repr, no pickle, no traceback with locals.

So no function here that holds a key as a local variable ever raises.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NoReturn, TypeAlias
from urllib.parse import quote

from ._errors import ConfigurationError

KeySource: TypeAlias = str | Callable[[], str] | None

APP_KEY_PLACEHOLDER = "hidden-app-key"
"""Stands for the app key in every URL above the transport, where httpx logs URLs."""

_MASK = "***"
_SHORTEST_MASKED = 8  # a service key has 16 characters (documented); masking "a" would garble text


class Keys:
    """One app key and one secret key, ready to be sent."""

    __slots__ = ("_app_key", "_secret_key")

    def __init__(self, app_key: object, secret_key: object) -> None:
        self._app_key = app_key
        self._secret_key = secret_key

    @property
    def path_segment(self) -> bytes:
        """The app key between slashes, escaped so that it stays one segment of the path."""
        return f"/{quote(str(self._app_key), safe='')}/".encode()

    @property
    def authorization(self) -> str:
        """The bare secret key, without a scheme word (guide)."""
        return str(self._secret_key)

    def problem(self) -> str | None:
        """What is wrong, without saying what the keys are."""
        if self._app_key in (".", ".."):
            return "app_key must not be a relative path"
        if isinstance(self._secret_key, str) and not self._secret_key.isascii():
            return "secret_key has characters that an HTTP header cannot carry"
        return _problem("app_key", self._app_key) or _problem("secret_key", self._secret_key)

    def mask(self, text: str) -> str:
        """`text` without either key: for whatever comes back from the other side."""
        app_key, secret_key = str(self._app_key), str(self._secret_key)
        for key in (app_key, quote(app_key, safe=""), secret_key):
            if len(key) >= _SHORTEST_MASKED:
                text = text.replace(key, _MASK)
        return text

    def mask_bytes(self, data: bytes) -> bytes:
        # surrogateescape gives any bytes a text, and back, without a loss
        return self.mask(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Keys):
            return NotImplemented
        return (self._app_key, self._secret_key) == (other._app_key, other._secret_key)

    def __hash__(self) -> int:
        return hash((self._app_key, self._secret_key))

    def __repr__(self) -> str:
        return f"Keys({_MASK}, {_MASK})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")


class KeyRing:
    """Where the keys come from: a string, a callable that is asked before each attempt, or the environment."""

    __slots__ = ("_app_key", "_last", "_secret_key")

    def __init__(self, app_key: KeySource, secret_key: KeySource) -> None:
        self._last = Keys(None, None)
        self._app_key = os.environ.get("NHNCLOUD_OCR_APP_KEY") if app_key is None else app_key
        self._secret_key = os.environ.get("NHNCLOUD_OCR_SECRET_KEY") if secret_key is None else secret_key

    def replace(self, app_key: KeySource, secret_key: KeySource) -> KeyRing:
        """A ring with other keys where they are not None."""
        return KeyRing(
            self._app_key if app_key is None else app_key, self._secret_key if secret_key is None else secret_key
        )

    def check(self) -> None:
        """Raise ConfigurationError for what is wrong before any callable is asked."""
        stand_in = "from-a-callable"
        problem = Keys(
            stand_in if callable(self._app_key) else self._app_key,
            stand_in if callable(self._secret_key) else self._secret_key,
        ).problem()
        if problem:
            raise ConfigurationError(problem)

    def keys(self) -> Keys:
        """The keys of now. Raises ConfigurationError for what a callable should not have returned."""
        keys = Keys(
            self._app_key() if callable(self._app_key) else self._app_key,
            self._secret_key() if callable(self._secret_key) else self._secret_key,
        )
        if keys != self._last:
            if problem := keys.problem():
                raise ConfigurationError(problem)
            self._last = keys
        return self._last

    def __repr__(self) -> str:
        return f"KeyRing({_MASK}, {_MASK})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")


def _problem(name: str, key: object) -> str | None:
    if key is None:
        return f"{name} is missing: pass {name}=... or set NHNCLOUD_OCR_{name.upper()}"
    if not isinstance(key, str):
        return f"{name} must be a string, or a callable that returns one"
    if not key.strip():
        return f"{name} is empty: pass {name}=... or set NHNCLOUD_OCR_{name.upper()}"
    if not key.isprintable():
        return f"{name} has control characters (a line break, if it was read from a file?)"
    if key != key.strip():
        return f"{name} begins or ends with a blank"
    return None
