"""A request before it is sent: the one place where its URL is put together."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import httpx

from .. import __version__
from .._auth.access import HIDDEN_APP_KEY, Access
from .._clock import Clock
from . import sealed as seals
from .content import Content
from .sealed import HIDDEN, Sealed
from .watch import Watch

AGENT = f"nhncloud-ocr/{__version__} python-httpx/{httpx.__version__}"
_HIDDEN = HIDDEN.encode()

Headers: TypeAlias = dict[bytes, tuple[bytes, bytes]]
"""By their names in lower case: as spelt, and the value."""

_ALWAYS: Headers = {
    b"accept": (b"Accept", b"application/json"),
    b"accept-encoding": (b"Accept-Encoding", b"gzip, deflate"),
    b"user-agent": (b"User-Agent", AGENT.encode()),
}
_parsed = lru_cache(maxsize=16)(httpx.URL)  # parsing a URL takes longer than reading a short reply


class Prepared(NamedTuple):
    """A request without a host and without secrets.

    path: with HIDDEN_APP_KEY in it. headers: those of the content.
    """

    method: str
    path: str
    headers: Headers
    content: Content | httpx.ByteStream


class Outgoing:
    """Everything of a request, its secrets apart: what is kept and shown of it has none."""

    __slots__ = ("_access", "_may_have_left", "_prepared", "_url", "watch")

    def __init__(
        self,
        prepared: Prepared,
        base_url: str,
        timeout: httpx.Timeout,
        access: Access,
        clock: Clock,
        left: float | None,
    ) -> None:
        """
        base_url: what comes before the path, without a slash at its end.
        left: seconds for the whole call.
        """
        self._url = base_url + prepared.path
        self._prepared = prepared
        self._access = access
        self._may_have_left = False
        self.watch = Watch(timeout, clock, left)

    @property
    def left(self) -> bool:
        """Whether something of it may be on its way."""
        return self.watch.sent or self._may_have_left

    def request(self, *, sealed: bool) -> httpx.Request:
        """Build the request to send, with its secrets. Log records are masked from now on.

        sealed: the secrets are in its extensions, and in their places are others to be shown.
        """
        self._may_have_left = not sealed  # else the network says so
        access = self._access
        access.redactor.watch_logs()
        if sealed:
            shown = [(name, _HIDDEN) for name, _ in _encoded(access)]
            return seals.sealed_request(self._built(self._url, shown), self._sealed())
        url = self._url.replace(f"/{HIDDEN_APP_KEY}/", f"/{access.segment}/", 1)
        return self._built(url, _encoded(access))

    def _built(self, url: str, secret: Iterable[tuple[bytes, bytes]]) -> httpx.Request:
        """Build it of headers that httpx need not encode, compare and complete on each call."""
        parsed = _parsed(url)
        headers: Headers = {b"host": (b"Host", parsed.netloc), **_ALWAYS}
        for spelt, value in secret:
            headers[spelt.lower()] = (spelt, value)
        headers.update(self._prepared.headers)
        content = self._prepared.content
        request = httpx.Request(
            self._prepared.method,
            parsed,
            headers=list(headers.values()),
            stream=content,
            extensions={"timeout": self.watch.timeouts()},
        )
        if isinstance(content, httpx.ByteStream):
            request.read()  # as httpx does, so that a transport finds `request.content`
        return request

    def _sealed(self) -> Sealed:
        access = self._access
        return Sealed(
            access.redactor,
            self.watch,
            {name.lower(): value for name, value in _encoded(access)},
            hidden=HIDDEN_APP_KEY.encode(),
            segment=access.segment.encode(),
        )

    def bare(self) -> httpx.Request:
        """Build what an exception may keep: method and URL, without the secrets."""
        return httpx.Request(self._prepared.method, self._url)

    def cleaned(self, exc: BaseException) -> BaseException:
        """Return the exception without the secrets of this request."""
        return self._access.redactor.exception(exc, self.bare())


def _encoded(access: Access) -> list[tuple[bytes, bytes]]:
    """Return the headers that let the request in."""
    return [(name.encode(), value.encode()) for name, value in access.headers.items()]
