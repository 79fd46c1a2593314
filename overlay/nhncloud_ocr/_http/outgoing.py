"""A request before it is sent: the one place where its URL is put together."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import httpx

from .. import __version__
from .._auth.access import HIDDEN_APP_KEY, Access
from .._clock import Clock
from . import sealed as seals
from .sealed import HIDDEN, Sealed
from .watch import Watch

AGENT = f"nhncloud-ocr/{__version__} python-httpx/{httpx.__version__}"
_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate",
    "User-Agent": AGENT,
}
_parsed = lru_cache(maxsize=16)(httpx.URL)  # parsing a URL takes longer than reading a short reply


class Outgoing:
    """Everything of a request, its secrets apart: what is kept and shown of it has none."""

    __slots__ = ("_access", "_arguments", "_may_have_left", "_url", "watch")

    def __init__(
        self,
        arguments: dict[str, Any],
        base_url: str,
        timeout: httpx.Timeout,
        access: Access,
        clock: Clock,
        left: float | None,
    ) -> None:
        """
        arguments: of `httpx.Request`, as the generated client builds them for HIDDEN_APP_KEY.
        base_url: what comes before the path, without a slash at its end.
        left: seconds for the whole call.
        """
        self._url = base_url + arguments["url"]
        self._arguments = arguments
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
            return seals.sealed_request(self._built(self._url, self._shown()), self._sealed())
        url = self._url.replace(f"/{HIDDEN_APP_KEY}/", f"/{access.segment}/", 1)
        return self._built(url, access.headers)

    def _built(self, url: str, headers: Mapping[str, str]) -> httpx.Request:
        return httpx.Request(
            **{
                **self._arguments,
                "url": _parsed(url),
                "headers": {**_HEADERS, **self._arguments["headers"], **headers},
                "extensions": {"timeout": self.watch.timeouts()},
            }
        )

    def _shown(self) -> dict[str, str]:
        return dict.fromkeys(self._access.headers, HIDDEN)

    def _sealed(self) -> Sealed:
        access = self._access
        return Sealed(
            access.redactor,
            self.watch,
            {name.lower().encode(): value.encode() for name, value in access.headers.items()},
            hidden=HIDDEN_APP_KEY.encode(),
            segment=access.segment.encode(),
        )

    def bare(self) -> httpx.Request:
        """Build what an exception may keep: method and URL, without the secrets."""
        return httpx.Request(self._arguments["method"], self._url)

    def cleaned(self, exc: BaseException) -> BaseException:
        """Return the exception without the secrets of this request."""
        return self._access.redactor.exception(exc, self.bare())
