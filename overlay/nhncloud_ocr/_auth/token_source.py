"""Where tokens come from: fetched once for all who share it, kept, and renewed before they end."""

import time
from typing import NoReturn

from .._errors import OcrError
from . import token as tokens
from .credentials import AsyncSend, Send, time_left
from .flight import Shared
from .sources import Keys
from .token import Token


class TokenSource:
    """An access key, and the token that it got last."""

    clock = staticmethod(time.monotonic)
    """Seconds; replaced in tests."""

    def __init__(self, url: str, access_key: Keys) -> None:
        self._url = url
        self._access_key = access_key
        self._token: Token | None = None
        self._shared: Shared[Token] = Shared()

    def get(self, send: Send) -> Token:
        """Return a token that has not ended. Raises OcrError, and what a callable raises."""
        return self._shared.get(self._fresh, lambda: self._fetch(send), time_left(send))

    async def get_async(self, send: AsyncSend) -> Token:
        """As `get`; the event loop does not wait."""
        return await self._shared.get_async(
            self._fresh,
            lambda: self._fetch_async(send),
            time_left(send),
        )

    def give_up(self, token: Token) -> None:
        """Forget a token that the service no longer takes, unless it has been renewed already."""
        with self._shared.lock:
            if self._token is token:
                self._token = None

    def _fresh(self) -> Token | None:
        token = self._token
        return token if token is not None and self.clock() < token.renew_at else None

    def _fetch(self, send: Send) -> Token:
        since = self.clock()
        try:
            keys = self._access_key.asked()
            return self._taken(tokens.read(send(tokens.request(self._url, keys)), since, keys))
        except OcrError as exc:
            return self._kept(exc)

    async def _fetch_async(self, send: AsyncSend) -> Token:
        since = self.clock()
        try:
            keys = await self._access_key.asked_async()
            reply = await send(tokens.request(self._url, keys))
            return self._taken(tokens.read(reply, since, keys))
        except OcrError as exc:
            return self._kept(exc)

    def _taken(self, got: Token | OcrError) -> Token:
        if isinstance(got, OcrError):
            raise got
        self._token = got
        return got

    def _kept(self, error: OcrError) -> Token:
        """The token that could not be renewed, as long as it has not ended. Raises the error."""
        now = self.clock()
        token = self._token
        if token is None or now >= token.ends_at:
            raise error
        token.postpone(now)
        return token

    def __repr__(self) -> str:
        return "TokenSource(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")
