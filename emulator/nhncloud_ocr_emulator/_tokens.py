"""The access tokens of v1.1: given out, ended by time or by hand."""

from __future__ import annotations

import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from threading import Lock
from typing import Final

__all__ = ["Tokens"]

_MOST: Final = 10_000  # tokens alive; the oldest ends when there would be more


class Tokens:
    """The tokens alive. Safe across threads.

    Args:
        expires_in: The life of each token in seconds; may be changed, for the next ones.
        clock: Seconds that never run backwards.

    Raises ValueError for a life that is no number of seconds.
    """

    def __init__(self, expires_in: float, clock: Callable[[], float] = time.monotonic) -> None:
        if not (isinstance(expires_in, int | float) and 0 <= expires_in < math.inf):
            raise ValueError(f"expires_in is a number of seconds, not {expires_in!r}")
        self.expires_in = expires_in
        self._clock = clock
        self._ends: OrderedDict[bytes, float] = OrderedDict()  # by the token's hash
        self._lock = Lock()

    def create(self) -> str:
        """Give out a new token; earlier ones live on."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            while len(self._ends) >= _MOST:
                self._ends.popitem(last=False)
            self._ends[_hash(token)] = self._clock() + self.expires_in
        return token

    def is_valid(self, token: str) -> bool:
        """Whether a token was given out and has not ended."""
        key = _hash(token)
        with self._lock:
            end = self._ends.get(key)
            if end is None:
                return False
            if self._clock() < end:
                return True
            del self._ends[key]
            return False

    def revoke(self, token: str) -> None:
        """End a token; nothing happens if there is none such."""
        with self._lock:
            self._ends.pop(_hash(token), None)

    def revoke_all(self) -> None:
        """End all tokens, as when an access key is withdrawn."""
        with self._lock:
            self._ends.clear()


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
