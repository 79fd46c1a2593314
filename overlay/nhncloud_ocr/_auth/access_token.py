"""The credentials of API v1.1: an app key, and an access key that gets tokens."""

import copy
import os
from typing import NoReturn, Self

from .._errors import ApiError
from .._urls import secure_url
from .access import Access
from .credentials import AsyncSend, Credentials, Send
from .sources import Keys, KeySource
from .token import Token
from .token_source import TokenSource

# Documented.
DEFAULT_TOKEN_URL = "https://oauth.api.nhncloudservice.com/oauth2/token/create"  # noqa: S105
_INVALID_TOKEN = 4010006  # "Invalid token." (documented)


class _TokenAccess(Access):
    __slots__ = ("token",)
    token: Token


class AccessToken(Credentials):
    """An app key, and an access key of the account, which gets tokens: API v1.1.

    The token is fetched at the first call, once for all threads, tasks and clients that share this
    object, and renewed before it ends. If the service refuses it all the same (4010006), it is
    renewed once and the call sent again: nothing was billed.

    app_key, user_access_key_id, secret_access_key: strings, or callables (for AsyncOcrClient also
    coroutine functions): the first is asked before each attempt, the others for each token.
    token_url: by default NHNCLOUD_OCR_TOKEN_URL, or the vendor's (documented). Plain http goes only
    to loopback. Raises ConfigurationError for what cannot work.
    """

    def __init__(
        self,
        app_key: KeySource | None,
        user_access_key_id: KeySource | None,
        secret_access_key: KeySource | None,
        *,
        token_url: str | None = None,
    ) -> None:
        try:
            self._app_key = Keys(app_key=app_key)
            access_key = Keys(
                user_access_key_id=user_access_key_id,
                secret_access_key=secret_access_key,
            )
        finally:
            # A traceback with locals would show them.
            del app_key, user_access_key_id, secret_access_key
        self._app_key.check()
        access_key.check()
        if token_url is None:
            token_url = os.environ.get("NHNCLOUD_OCR_TOKEN_URL") or DEFAULT_TOKEN_URL
        self.token_url = secure_url(token_url, "token_url")
        self._source = TokenSource(str(self.token_url), access_key)
        self._last: tuple[Keys, _TokenAccess] | None = None

    def with_app_key(self, app_key: KeySource | None) -> Self:
        """Return credentials for another app key, sharing the token. Raises ConfigurationError."""
        try:
            other = copy.copy(self)
            other._app_key = Keys(app_key=app_key)
            other._last = None
        finally:
            del app_key
        other._app_key.check()
        return other

    def access(self, send: Send) -> Access:
        """Return what the next request needs: an app key, and a token that has not ended."""
        return self._made(self._app_key.asked(), self._source.get(send))

    async def access_async(self, send: AsyncSend) -> Access:
        """As `access`, for AsyncOcrClient."""
        return self._made(await self._app_key.asked_async(), await self._source.get_async(send))

    def refused(self, access: Access, error: ApiError) -> bool:
        """Give up the token that was refused as invalid; there will be another one."""
        if error.result_code != _INVALID_TOKEN:
            return False
        if isinstance(access, _TokenAccess):
            self._source.give_up(access.token)
        return True

    def _made(self, app_key: Keys, token: Token) -> Access:
        """The last one where nothing has changed: it has compiled what masks the secrets."""
        last = self._last
        if last is None or last[1].token is not token or not last[0].equals(app_key):
            access = _TokenAccess(
                "v1.1",
                app_key["app_key"],
                {"X-NHN-Authorization": f"Bearer {token.bearer}"},  # documented
                (
                    token.bearer,
                    token.keys["user_access_key_id"],
                    token.keys["secret_access_key"],
                ),
            )
            access.token = token
            last = self._last = (app_key, access)
        return last[1]

    def __repr__(self) -> str:
        return "AccessToken(***)"

    def __copy__(self) -> Self:
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        return other

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")


AccessToken.__module__ = "nhncloud_ocr"  # where people import it from
