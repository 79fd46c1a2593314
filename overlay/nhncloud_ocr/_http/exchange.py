"""Send one request and read its reply to the end: the driver of OcrClient, nothing but I/O.

What comes up is raised outside of its handler, cleaned: no frame and no context holds a secret.
"""

from contextlib import closing
from typing import Protocol, cast

import httpx

from .arrived import Arrived
from .body import Body
from .failures import failure
from .route import Route
from .watch import Watch


class Sendable(Protocol):
    """A request that has not been sent, without its secrets."""

    watch: Watch

    def request(self, *, sealed: bool) -> httpx.Request:
        """Build the request to send, with its secrets in it or sealed."""
        ...

    def cleaned(self, exc: BaseException) -> BaseException:
        """Return the exception without them."""
        ...


def exchange(outgoing: Sendable, route: Route[httpx.BaseTransport]) -> Arrived:
    """Return the whole reply. Raises OcrError, and what is no failure of httpx as it came."""
    try:
        return _exchanged(outgoing, route)
    except BaseException as exc:
        problem = settled(outgoing, exc)
    try:
        raise problem
    finally:
        del problem  # else it and its frame would hold each other


def settled(outgoing: Sendable, exc: BaseException) -> BaseException:
    """Return what to raise. What interrupts even this goes up alone."""
    try:
        return failure(outgoing.cleaned(exc), outgoing.watch)
    except BaseException as interrupt:
        interrupt.__traceback__ = None
        interrupt.__context__ = None
        return interrupt


def _exchanged(outgoing: Sendable, route: Route[httpx.BaseTransport]) -> Arrived:
    watch = outgoing.watch
    request = outgoing.request(sealed=route.sealed)
    with closing(route.transport.handle_request(request)) as response:
        body = Body(response.status_code, response.headers)
        for part in cast("httpx.SyncByteStream", response.stream):
            body.add(part)
            if not watch.told:
                _expect_more(watch)
        return arrived(response, body)


def _expect_more(watch: Watch) -> None:
    """Raise httpx.ReadTimeout if a transport that keeps no time has taken all of it."""
    left = watch.untold()
    if left is not None and left <= 0:
        raise httpx.ReadTimeout("timed out")


def arrived(response: httpx.Response, body: Body) -> Arrived:
    """Return the reply with its body, without what the transport hung on it."""
    return Arrived(response.status_code, response.headers, body.whole())
