"""The types of the ASGI specification, as far as this package uses them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

__all__ = ["Application", "Connection", "Message", "Receive", "Scope", "Send"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Connection(Protocol):
    """What ASGI cannot say: how a reply is cut off. Found under `scope["state"]["connection"]`."""

    why_broken: str | None
    """What the caller sent that is no HTTP, for which the connection ends with a 400."""

    def reset(self) -> None:
        """Drop the connection as a crash would: the peer sees a reset."""

    def close(self) -> None:
        """Send what is written, then end the connection in good order."""

    def reset_when_idle(self) -> None:
        """Reset soon after a whole reply, unless the next call comes first."""
