"""What an emulator is told once, when it is made, as one value."""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass, field
from typing import Final, Literal

__all__ = ["READ_SECONDS", "Engine", "Mode", "Overlap", "Settings"]

READ_SECONDS: Final = 60.0
"""Seconds that an image may take, decoding included: the service's own limit (reported)."""

Engine = Literal["tesseract", "photo", "fixture"]
Mode = Literal["app", "gateway"]
Overlap = Literal["repeat", "merge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The choices of `Emulator` and `create_app`, whose docstrings explain them.

    Empty keys are made at random. Raises ValueError for choices that do not exist, and for keys
    that no call could show; an engine's name is the recognizer's to judge.
    """

    engine: Engine = "tesseract"
    mode: Mode = "app"
    overlap: Overlap = "repeat"
    allow_private_urls: bool = False
    app_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    rate_limit: float | None = None
    burst: int | None = None
    user_access_key_id: str = field(default="", repr=False)
    secret_access_key: str = field(default="", repr=False)
    expires_in: float = 86400
    playground: bool = True
    workers: int | None = None
    upload_seconds: float = 60.0
    """The time for a whole upload (inferred: the service gives a call 60 s)."""
    read_seconds: float = READ_SECONDS
    """After which an engine gives an image up. Shortly after, its process is ended."""

    def __post_init__(self) -> None:
        if self.mode not in ("app", "gateway"):
            raise ValueError(f"mode is 'app' or 'gateway', not {self.mode!r}")
        rate = self.rate_limit
        if rate is not None and not (isinstance(rate, int | float) and 0 < rate < math.inf):
            raise ValueError(f"rate_limit is calls per second, above 0, not {rate!r}")
        if self.workers is not None and not (isinstance(self.workers, int) and self.workers >= 1):
            raise ValueError(f"workers is a number of processes, at least 1, not {self.workers!r}")
        if self.burst is not None and self.rate_limit is None:
            raise ValueError("burst needs a rate limit")
        if self.burst is not None and not (isinstance(self.burst, int) and self.burst >= 1):
            raise ValueError(f"burst is a number of calls, at least 1, not {self.burst!r}")
        # Documented: an app key has 16 characters.
        self._fill("app_key", secrets.token_hex(8))
        self._fill("secret_key", secrets.token_urlsafe(24))
        self._fill("user_access_key_id", secrets.token_hex(10))
        self._fill("secret_access_key", secrets.token_urlsafe(24))
        if ":" in self.user_access_key_id:
            raise ValueError("user_access_key_id has a colon, at which HTTP Basic would cut it")

    def _fill(self, name: str, random: str) -> None:
        """Give a key that is empty its value. Raises ValueError for one that no call can carry."""
        key = getattr(self, name) or random
        # Not told: it may be meant as a secret.
        if not (isinstance(key, str) and key.isprintable() and key == key.strip()):
            raise ValueError(
                f"{name} is a text without control characters, and without blanks at its ends"
            )
        object.__setattr__(self, name, key)  # the way that dataclasses leave a frozen one
