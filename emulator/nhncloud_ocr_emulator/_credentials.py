"""Who may call: the secret key of v1.0, the access token of v1.1."""

from __future__ import annotations

from base64 import b64decode
from hmac import compare_digest
from typing import Final
from urllib.parse import unquote_to_bytes

from ._incoming import Incoming
from ._paths import Target
from ._settings import Settings
from ._tokens import Tokens
from .recognition import Refused

__all__ = ["Credentials"]

# Documented are the codes and their messages; which case has which is inferred.
_NO_HEADER: Final = 4000005
_WRONG_KEY: Final = 4010001
_WRONG_TOKEN: Final = 4010006
_NOT_ALLOWED: Final = 4010007


class Credentials:
    """Checks a call by the rules of the version that its path names."""

    def __init__(self, settings: Settings, tokens: Tokens) -> None:
        self._app_key = settings.app_key.encode()
        self._secret_key = settings.secret_key.encode()
        self._access_key_id = settings.user_access_key_id.encode()
        self._tokens = tokens

    def check(self, target: Target, call: Incoming) -> None:
        """Raise Refused unless the call shows what its version asks for."""
        if target.version == "v1.0":
            self._check_key(target, call)
        else:
            self._check_token(target, call)

    def are_known_to(self, call: Incoming) -> bool:
        """Whether a call has the app key in its path, or the access key's name: no stranger has."""
        if any(unquote_to_bytes(part) == self._app_key for part in call.raw_path.split(b"/")):
            return True
        scheme, _, encoded = call.headers.get(b"authorization", b"").partition(b" ")
        if scheme.lower() != b"basic":
            return False
        try:
            return b64decode(encoded).partition(b":")[0] == self._access_key_id
        except ValueError:
            return False

    def _check_key(self, target: Target, call: Incoming) -> None:
        secret_key = call.headers.get(b"authorization")
        if secret_key is None:
            raise Refused(_NO_HEADER, "there is no header Authorization, which v1.0 asks for")
        if not (self._is_ours(target) and compare_digest(secret_key, self._secret_key)):
            raise Refused(_WRONG_KEY, "the app key or the secret key is not the one accepted")

    def _check_token(self, target: Target, call: Incoming) -> None:
        header = call.headers.get(b"x-nhn-authorization")
        if header is None:
            raise Refused(_NO_HEADER, "there is no header X-NHN-Authorization, which v1.1 asks for")
        scheme, _, token = header.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            raise Refused(_WRONG_TOKEN, "the header X-NHN-Authorization does not begin with Bearer")
        if not self._tokens.is_valid(token.strip(" ")):
            raise Refused(_WRONG_TOKEN, "the token was not given out here, or it has ended")
        if not self._is_ours(target):
            raise Refused(_NOT_ALLOWED, "the token is good, but not for this app key")

    def _is_ours(self, target: Target) -> bool:
        return compare_digest(unquote_to_bytes(target.app_key), self._app_key)
