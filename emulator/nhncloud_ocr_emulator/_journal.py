"""A bounded record of the calls received, for assertions in tests."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final, Literal, overload

__all__ = ["Call", "Journal", "Kind"]

_LONGEST: Final = 200  # characters of a path on a terminal

Kind = Literal["recognition", "token"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call received. Bodies are told by size and hash, the app key is hidden."""

    kind: Kind = "recognition"
    """What the call is about: "recognition", or "token" for v1.1's token endpoint."""
    method: str
    path: str
    """With `{appKey}` in the place of the app key."""
    media_type: str
    """Of the request, without parameters; empty if it had none."""
    size: int
    """Bytes of the body that were read; a body cut off at a limit counts up to there."""
    sha256: str
    """Of these bytes, in hexadecimal digits."""
    image_size: int | None
    """Bytes of the image recognised, uploaded or downloaded; None if it did not come to that."""
    image_sha256: str | None
    file_name: str | None
    """File name of the part `image`; None for an image URL."""
    status: int | None
    """HTTP status of the reply; None if the connection was reset before it."""
    result_code: int | None
    """None if no envelope was sent."""
    billed: bool = False
    """Whether the service would bill it: the image was recognised, be the reply lost or not."""
    reason: str | None = None
    """Why the call was refused: which check, and what was seen. None for other calls, and where
    the result code says it all."""

    @property
    def request(self) -> tuple[str, str]:
        """Method and path, in plain ASCII and cut: a caller may have put anything there."""
        return _plain(self.method), _plain(self.path)


def _plain(text: str) -> str:
    return ascii(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}...")[1:-1]


class Journal(Sequence[Call]):
    """The latest calls, oldest first; safe to read while calls come in.

    Args:
        limit: How many calls are kept; older ones are forgotten.
    """

    def __init__(self, limit: int = 1000) -> None:
        self._calls: deque[Call] = deque(maxlen=limit)
        self._recorded = 0
        self._lock = Lock()

    def record(self, call: Call) -> None:
        """Append a call; the emulator does this before the reply leaves."""
        with self._lock:
            self._calls.append(call)
            self._recorded += 1

    def since(self, number: int) -> tuple[int, tuple[Call, ...]]:
        """Return how many calls were ever recorded, and those kept that came after a number."""
        with self._lock:
            new = min(max(self._recorded - number, 0), len(self._calls))
            return self._recorded, tuple(self._calls)[len(self._calls) - new :]

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._calls.clear()

    def __len__(self) -> int:
        return len(self._calls)

    @overload
    def __getitem__(self, index: int) -> Call: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Call, ...]: ...
    def __getitem__(self, index: int | slice) -> Call | tuple[Call, ...]:
        if isinstance(index, int):
            return self._calls[index]
        return tuple(self._calls)[index]

    def __repr__(self) -> str:
        return f"Journal({list(self._calls)!r})"
