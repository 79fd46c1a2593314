"""A request before it is sent: the one place where its URL is put together."""

from functools import lru_cache
from typing import Any
from urllib.parse import quote

import httpx

from .. import __version__
from .._auth.access import HIDDEN_APP_KEY, Access

AGENT = f"nhncloud-ocr/{__version__} python-httpx/{httpx.__version__}"
_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate",
    "User-Agent": AGENT,
}
_parsed = lru_cache(maxsize=16)(httpx.URL)  # parsing a URL takes longer than reading a short reply


class Outgoing:
    """Everything of a request, its secrets apart: what is kept and shown of it has none."""

    __slots__ = ("_access", "_arguments", "_url", "left", "timeout")

    def __init__(
        self,
        arguments: dict[str, Any],
        base_url: str,
        timeout: httpx.Timeout,
        access: Access,
    ) -> None:
        """
        arguments: of `httpx.Request`, as the generated client builds them for HIDDEN_APP_KEY.
        base_url: what comes before the path, without a slash at its end.
        """
        self._url = base_url + arguments["url"]
        self._arguments = arguments
        self._access = access
        self.timeout = timeout
        self.left = False  # whether it may be on its way: set before anything is sent

    def request(self) -> httpx.Request:
        """Build the request to send, with the secrets. Log records are masked from now on."""
        self.left = True
        self._access.redactor.watch_logs()
        escaped = quote(self._access.app_key, safe="")  # so it stays one segment of the path
        return httpx.Request(
            **{
                **self._arguments,
                "url": _parsed(self._url.replace(f"/{HIDDEN_APP_KEY}/", f"/{escaped}/", 1)),
                "headers": {**_HEADERS, **self._arguments["headers"], **self._access.headers},
                "extensions": {"timeout": self.timeout.as_dict()},
            }
        )

    def bare(self) -> httpx.Request:
        """Build what an exception may keep: method and URL, without the secrets."""
        return httpx.Request(self._arguments["method"], self._url)

    def cleaned(self, exc: BaseException) -> BaseException:
        """Return the exception without the secrets of this request."""
        return self._access.redactor.exception(exc, self.bare())
