"""Which credentials a client has: of its arguments, or of the environment."""

import os
from typing import TYPE_CHECKING, TypeGuard

import httpx

from .._errors import ConfigurationError
from .credentials import Credentials
from .secret_key import SecretKey
from .sources import KeySource

if TYPE_CHECKING:
    from .access_token import AccessToken

_ACCESS_KEY = ("NHNCLOUD_OCR_USER_ACCESS_KEY_ID", "NHNCLOUD_OCR_SECRET_ACCESS_KEY")


def chosen(
    app_key: KeySource | None,
    secret_key: KeySource | None,
    credentials: Credentials | None,
) -> Credentials | ConfigurationError:
    """Return the credentials, or the error to raise where no key is a local variable.

    Given keys come first; what is None is taken from the environment. That of v1.0 wins.
    """
    try:
        if credentials is not None:
            return _given(credentials, alone=app_key is None and secret_key is None)
        if app_key is None:
            app_key = os.environ.get("NHNCLOUD_OCR_APP_KEY")
        if secret_key is None:
            secret_key = os.environ.get("NHNCLOUD_OCR_SECRET_KEY")
        if not secret_key and any(map(os.environ.get, _ACCESS_KEY)):
            from .access_token import AccessToken

            return AccessToken(app_key, *map(os.environ.get, _ACCESS_KEY))
        return SecretKey(app_key, secret_key)
    except ConfigurationError as exc:
        return exc.with_traceback(None)
    finally:
        del app_key, secret_key  # a traceback with locals would show them


def changed(
    old: Credentials,
    app_key: KeySource | None,
    secret_key: KeySource | None,
    credentials: Credentials | None,
) -> Credentials | ConfigurationError:
    """Return the credentials of a copy; None keeps what is. As `chosen` otherwise."""
    try:
        if credentials is not None:
            return _given(credentials, alone=app_key is None and secret_key is None)
        if app_key is None and secret_key is None:
            return old
        if isinstance(old, SecretKey):
            return old.replaced(app_key, secret_key)
        if _has_token(old) and secret_key is None:
            return old.with_app_key(app_key)
        return SecretKey(app_key, secret_key)
    except ConfigurationError as exc:
        return exc.with_traceback(None)
    finally:
        del app_key, secret_key


def _given(credentials: Credentials, *, alone: bool) -> Credentials:
    if not alone:
        raise ConfigurationError("pass credentials=..., or keys, but not both")
    if isinstance(credentials, type) or not isinstance(credentials, Credentials):
        raise ConfigurationError(
            "credentials must be a SecretKey, an AccessToken, or of a class of your own with the "
            "methods of nhncloud_ocr.Credentials"
        )
    return credentials


def token_url(credentials: Credentials) -> httpx.URL | None:
    """Return where these credentials get tokens, None if they get none."""
    return credentials.token_url if _has_token(credentials) else None


def _has_token(credentials: Credentials) -> "TypeGuard[AccessToken]":
    if isinstance(credentials, SecretKey):
        return False
    from .access_token import AccessToken  # brings asyncio, for those who share a token

    return isinstance(credentials, AccessToken)
