"""What the playground's page may ask for once more after a reply: a few readings, by number."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Final, NamedTuple

from ._asgi import Scope
from ._incoming import Incoming
from .recognition import Recognition

__all__ = ["OwnCall", "Reading", "Readings"]

_KEPT: Final = 4  # images of up to 20 MiB


class OwnCall(Incoming):
    """A call that the page makes; it is not paced, not billed, and stands in no journal."""

    own = True

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope)
        self.image = b""
        self.token = ""  # made for this call alone

    def take_image(self, image: bytes) -> str:
        self.image = image
        return super().take_image(image)


class Reading(NamedTuple):
    """What a reply does not have in it."""

    merged: str  # the text, that of overlaps once
    image: bytes | None  # of an image URL: the page cannot fetch it


class Readings:
    """The latest readings. Safe across threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Reading] = OrderedDict()
        self._last = 0
        self._lock = Lock()

    def keep(self, call: OwnCall) -> int | None:
        """Keep what a call has come to; return its number, None if it was not recognised."""
        if call.recognition is None:
            return None
        by_url = call.media_type == b"application/json"
        reading = Reading(_merged(call.recognition), call.image if by_url else None)
        with self._lock:
            self._last += 1
            self._kept[self._last] = reading
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return self._last

    def get(self, number: int) -> Reading | None:
        """Return a reading, None if there is none or no longer."""
        with self._lock:
            return self._kept.get(number)


def _merged(recognition: Recognition) -> str:
    lines = recognition.lines if recognition.merged is None else recognition.merged
    return "\n".join(" ".join(word.text.strip() for word in line) for line in lines)
