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

_SHORTEST_MASKED = 8  # a service key has 16 characters (documented); masking "a" would garble every text


class Keys:
    """An app key and a secret key, or the callables that know them."""

    __slots__ = ("_last", "_pair")

    def __init__(self, app_key: object, secret_key: object) -> None:
        self._pair = (app_key, secret_key)
        self._last: Keys | None = None

    def replace(self, app_key: KeySource, secret_key: KeySource) -> "Keys":
        """Others, where they are not None."""
        mine, given = self._pair, (app_key, secret_key)
        return Keys(*(old if new is None else new for old, new in zip(mine, given, strict=True)))

    def check(self) -> None:
        """Raise ConfigurationError for what is wrong before any callable is asked."""
        if problem := Keys(*("unknown-yet" if callable(key) else key for key in self._pair)).problem():
            raise ConfigurationError(problem)

    def now(self) -> "Keys":
        """The keys as strings. Raises ConfigurationError for what a callable should not have returned."""
        keys, last = Keys(*(key() if callable(key) else key for key in self._pair)), self._last
        if last is not None and last._pair == keys._pair:
            return last  # the same object again: what was made for it can be kept
        if problem := keys.problem():
            raise ConfigurationError(problem)
        self._last = keys
        return keys

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
            if key is None or (isinstance(key, str) and not key.strip()):
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
        return re.sub(known, "***", text, flags=re.IGNORECASE) if known else text

    def __repr__(self) -> str:
        return "Keys(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")


def from_environment() -> Keys:
    """Those of NHNCLOUD_OCR_APP_KEY and NHNCLOUD_OCR_SECRET_KEY, or None."""
    return Keys(os.environ.get("NHNCLOUD_OCR_APP_KEY"), os.environ.get("NHNCLOUD_OCR_SECRET_KEY"))
