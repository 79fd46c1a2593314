"""What all kinds of credentials have in common, and what people may write kinds of their own by."""

from collections.abc import Callable, Coroutine
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, runtime_checkable

import httpx

from .._errors import ApiError
from .access import Access

Send: TypeAlias = Callable[[httpx.Request], httpx.Response]
Reply = TypeVar("Reply")
AsyncSend: TypeAlias = Callable[[httpx.Request], Coroutine[Any, Any, httpx.Response]]


@runtime_checkable
class Credentials(Protocol):
    """A way to be let in. A class of your own (a vault, a cache that several machines share) may
    inherit from this one, and then needs `access` alone.

    `send` makes a request over the client's own connections, with its proxy, certificates and
    timeouts. It tries again by the client's RetryPolicy after a lost reply and HTTP 429 and 5xx,
    and returns the reply of any other status. It raises TransportError and ServerError with
    `maybe_billed` False; what the request's headers and form hold is shown nowhere. `send.left()`
    tells how many seconds the call has left by its `total_timeout`, None without one.
    """

    def access(self, send: Send) -> Access:
        """Return what the next request needs. Asked before each attempt, by many threads at once.

        What it raises ends the call.
        """
        ...

    async def access_async(self, send: AsyncSend) -> Access:
        """Return what the next request needs, for AsyncOcrClient.

        As it stands here it runs `access` in a worker thread, which the event loop does not wait
        for.
        """
        from anyio import from_thread, to_thread  # bring asyncio, which OcrClient does not need

        def send_from_thread(request: httpx.Request) -> httpx.Response:
            return from_thread.run(send, request)

        return await to_thread.run_sync(self.access, send_from_thread)

    def refused(self, access: Access, error: ApiError) -> bool:
        """Return whether `access` would give something else now, which may be let in.

        access: what was refused.
        error: the service's answer; nothing was billed.

        If so, the request is sent once more. As it stands here, it is not.
        """
        return False


class Sender(Generic[Reply]):
    """What the clients give as `send`."""

    def __init__(
        self,
        send: Callable[[httpx.Request], Reply],
        left: Callable[[], float | None],
    ) -> None:
        self._send = send
        self.left = left

    def __call__(self, request: httpx.Request) -> Reply:
        return self._send(request)


def time_left(send: Send | AsyncSend) -> Callable[[], float | None]:
    """Return what tells the seconds left; a plain function knows no limit."""
    found: Callable[[], float | None] = getattr(send, "left", _no_limit)
    return found


def _no_limit() -> None:
    return None


Credentials.__module__ = "nhncloud_ocr"  # where people import it from
