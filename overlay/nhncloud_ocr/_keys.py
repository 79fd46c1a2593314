"""The two keys, held so that nothing shows them: no repr, no pickle, no traceback with locals.

So no function here that has a key as a local variable ever raises.
"""

import json
import re
from collections.abc import Callable
from typing import NoReturn, TypeAlias
from urllib.parse import quote

from ._errors import ConfigurationError

KeySource: TypeAlias = str | Callable[[], str] | None

PLACEHOLDER = "hidden-app-key"
"""Stands for the app key in every URL until the request is sent."""


class Keys:
    """An app key and a secret key, or the callables that know them. `segment`: the app key, escaped to stay one segment
    of the path. `authorization`: the bare secret key, without a scheme word (guide)."""

    __slots__ = ("_last", "_pair", "authorization", "segment")

    def __init__(self, app_key: object, secret_key: object) -> None:
        self._pair = (app_key, secret_key)
        self._last: Keys | None = None
        self.segment, self.authorization = quote(str(app_key), safe="", errors="replace"), str(secret_key)

    def replace(self, app_key: KeySource, secret_key: KeySource) -> "Keys":
        """Others, where they are not None."""
        return Keys(*(old if new is None else new for old, new in zip(self._pair, (app_key, secret_key), strict=True)))

    def now(self, ask: bool = True) -> "Keys":
        """The keys as strings. Raises ConfigurationError for those that cannot work, of callables only if they are to
        be asked."""
        keys = Keys(*((key() if ask else "unknown") if callable(key) else key for key in self._pair))
        if (last := self._last) is not None and last._pair == keys._pair:
            return last  # the same object again: what was made for it can be kept
        if problem := keys._problem():
            raise ConfigurationError(problem)
        self._last = keys
        return keys

    def mask(self, text: str) -> str:
        """`text` without either key, plain or escaped: for whatever comes back from the other side."""
        plain = [str(key) for key in self._pair]
        forms = {self.segment, *plain, *(json.dumps(key)[1:-1] for key in plain)}
        # A service key has 16 characters (documented); masking "a" would garble every text.
        known = "|".join(re.escape(form) for form in forms if len(form) >= 8)
        return re.sub(known, "***", text, flags=re.IGNORECASE) if known else text

    def _problem(self) -> str | None:
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

    def __repr__(self) -> str:
        return "Keys(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")
