"""The two keys, held so that nothing shows them: no repr, no pickle, no traceback with locals.

So no function here that has a key as a local variable ever raises.
"""

import json
import os
import re
from collections.abc import Callable
from typing import NoReturn, TypeAlias
from urllib.parse import quote

from ._errors import ConfigurationError

KeySource: TypeAlias = str | Callable[[], str] | None

PLACEHOLDER = "hidden-app-key"
"""Stands for the app key in every URL until the request is sent."""

_MASK = "***"
_SHORTEST_MASKED = 8  # a service key has 16 characters (documented); masking "a" would garble every text


class _Hidden:
    """What a repr or a pickle of keys gives away: nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({_MASK})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")


class Keys(_Hidden):
    """One app key and one secret key, ready to be sent."""

    __slots__ = ("_pair",)

    def __init__(self, app_key: object, secret_key: object) -> None:
        self._pair = (app_key, secret_key)

    @property
    def app_key_segment(self) -> str:
        """The app key, escaped so that it stays one segment of the path."""
        return quote(str(self._pair[0]), safe="")

    @property
    def authorization(self) -> str:
        """The bare secret key, without a scheme word (guide)."""
        return str(self._pair[1])

    def problem(self) -> str | None:
        """What is wrong, without saying what the keys are."""
        for name, key in zip(("app_key", "secret_key"), self._pair, strict=True):
            if key is None or key == "" or (isinstance(key, str) and not key.strip()):
                return f"{name} is missing or empty: pass {name}=... or set NHNCLOUD_OCR_{name.upper()}"
            if not isinstance(key, str):
                return f"{name} must be a string, or a callable that returns one"
            if not key.isprintable() or key != key.strip():
                return f"{name} has control characters or outer blanks (a line break, if it was read from a file?)"
        if self._pair[0] in (".", "..") or not self.authorization.isascii():
            return "app_key cannot stand in a path, or secret_key not in a header"
        return None

    def mask(self, text: str) -> str:
        """`text` without either key, plain or escaped: for whatever comes back from the other side."""
        app_key, secret_key = map(str, self._pair)
        forms = {app_key, secret_key, self.app_key_segment, json.dumps(app_key)[1:-1], json.dumps(secret_key)[1:-1]}
        known = "|".join(re.escape(form) for form in forms if len(form) >= _SHORTEST_MASKED)
        return re.sub(known, _MASK, text, flags=re.IGNORECASE) if known else text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keys) and self._pair == other._pair

    def __hash__(self) -> int:
        return hash(self._pair)


class KeyRing(_Hidden):
    """Where the keys come from: strings, callables that are asked before each attempt, or the environment."""

    __slots__ = ("_last", "_sources")

    def __init__(self, app_key: KeySource, secret_key: KeySource) -> None:
        self._sources = (
            os.environ.get("NHNCLOUD_OCR_APP_KEY") if app_key is None else app_key,
            os.environ.get("NHNCLOUD_OCR_SECRET_KEY") if secret_key is None else secret_key,
        )
        self._last: Keys | None = None

    def replace(self, app_key: KeySource, secret_key: KeySource) -> "KeyRing":
        """A ring with other keys, where they are not None."""
        app, secret = self._sources
        return KeyRing(app if app_key is None else app_key, secret if secret_key is None else secret_key)

    def check(self) -> None:
        """Raise ConfigurationError for what is wrong before any callable is asked."""
        problem = Keys(*("unknown-yet" if callable(source) else source for source in self._sources)).problem()
        if problem:
            raise ConfigurationError(problem)

    def keys(self) -> Keys:
        """The keys of now. Raises ConfigurationError for what a callable should not have returned."""
        keys = Keys(*(source() if callable(source) else source for source in self._sources))
        if (last := self._last) == keys and last is not None:
            return last  # the same object again: what was made for it can be kept
        if problem := keys.problem():
            raise ConfigurationError(problem)
        self._last = keys
        return keys
