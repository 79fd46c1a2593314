"""The access tokens of v1.1: fetched once for a run, and such that are of no use any more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import httpx

SECONDS = 30.0  # for one request to the token endpoint


class NoTokenError(Exception):
    """The token endpoint gave no token; the text says what it answered, without a secret."""


@dataclass(frozen=True)
class AccessKey:
    """Where tokens come from, and by which key; the secrets stay out of `repr`.

    `expired` gives a token that has ended, where somebody can make one without waiting a day.
    """

    token_url: str
    user_access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)
    transport: httpx.BaseTransport | None = None
    expired: Callable[[], str] | None = None

    @cached_property
    def token(self) -> str:
        """A good token, the same for the whole run."""
        return self.fresh()

    @cached_property
    def revoked_token(self) -> str:
        """A token that was good, and was revoked."""
        token = self.fresh()
        self.ask("revoke", {"token": token})
        return token

    @cached_property
    def expired_token(self) -> str:
        """A token that has ended; a revoked one where nobody can make one."""
        return self.expired() if self.expired else self.revoked_token

    def fresh(self) -> str:
        """A token of its own. Raises NoTokenError."""
        response = self.ask("create", {"grant_type": "client_credentials"})
        try:
            token = response.json()["access_token"]
        except (ValueError, KeyError, TypeError):
            raise NoTokenError(f"HTTP {response.status_code} without an access_token") from None
        if not isinstance(token, str):
            raise NoTokenError("an access_token that is no string")
        return token

    def ask(
        self, what: str, form: dict[str, str], auth: tuple[str, str] | None = None
    ) -> httpx.Response:
        """One request to the endpoint: `create` or `revoke`. Raises NoTokenError if none comes."""
        url = self.token_url.removesuffix("create") + what
        with httpx.Client(transport=self.transport, timeout=SECONDS) as client:
            try:
                return client.post(
                    url, data=form, auth=auth or (self.user_access_key_id, self.secret_access_key)
                )
            except httpx.HTTPError as error:
                raise NoTokenError(type(error).__name__) from None

    def secrets(self) -> list[tuple[str, str]]:
        """What must not be shown, each with the name to show instead."""
        known = [
            (self.secret_access_key, "{secretAccessKey}"),
            (self.user_access_key_id, "{userAccessKeyId}"),
        ]
        for name in ("token", "revoked_token", "expired_token"):
            if name in self.__dict__:
                known.append((self.__dict__[name], "{accessToken}"))
        return known
