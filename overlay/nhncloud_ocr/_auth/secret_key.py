"""The credentials of API v1.0: an app key and a secret key."""

from typing import NoReturn

from .access import Access
from .credentials import AsyncSend, Credentials, Send
from .sources import Keys, KeySource


class SecretKey(Credentials):
    """An app key and a secret key, as the console shows them: API v1.0.

    app_key, secret_key: strings, or callables that are asked before each attempt (for keys that
    change). For AsyncOcrClient they may be coroutine functions; other callables run in a worker
    thread there. Raises ConfigurationError for what cannot be a key.
    """

    __slots__ = ("_keys", "_last")

    def __init__(self, app_key: KeySource | None, secret_key: KeySource | None) -> None:
        try:
            self._keys = Keys(app_key=app_key, secret_key=secret_key)
        finally:
            del app_key, secret_key  # a traceback with locals would show them
        self._keys.check()
        self._last: tuple[Keys, Access] | None = None

    def replaced(self, app_key: KeySource | None, secret_key: KeySource | None) -> "SecretKey":
        """Return credentials with the given keys, where they are not None."""
        try:
            return SecretKey(
                self._keys.source("app_key") if app_key is None else app_key,
                self._keys.source("secret_key") if secret_key is None else secret_key,
            )
        finally:
            del app_key, secret_key

    def access(self, send: Send) -> Access:
        """Return what the next request needs. Raises ConfigurationError."""
        return self._made(self._keys.asked())

    async def access_async(self, send: AsyncSend) -> Access:
        """As `access`, for AsyncOcrClient."""
        return self._made(await self._keys.asked_async())

    def _made(self, keys: Keys) -> Access:
        """The last one where the keys have not changed: it has compiled what masks them."""
        last = self._last
        if last is None or not last[0].equals(keys):
            # The secret key is sent bare, without a scheme (guide).
            access = Access("v1.0", keys["app_key"], {"Authorization": keys["secret_key"]})
            last = self._last = (keys, access)
        return last[1]

    def __repr__(self) -> str:
        return "SecretKey(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")


SecretKey.__module__ = "nhncloud_ocr"  # where people import it from
