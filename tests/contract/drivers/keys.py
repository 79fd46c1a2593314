"""The credentials of a row: the right ones, and all that are nearly right."""

from __future__ import annotations

from enum import Enum


class Keys(Enum):
    """Which credentials a row sends. `secret` is the secret key."""

    OWN = "the right ones"
    NO_HEADER = "no credentials at all"
    EMPTY = "an empty secret"
    WRONG = "another secret"
    LONGER = "the secret and one letter more"
    SHORTER = "the secret without its last letter"
    OTHER_CASE = "the secret with one letter in the other case"
    OTHER_FIRST = "the secret with another first letter"
    OTHER_LAST = "the secret with another last letter"
    WORD_MORE = "the secret and a word more"
    WORD_BEFORE = "a word and the secret"
    APP_KEY = "the app key as secret"
    BEARER = "the secret behind the word Bearer"
    BASIC = "the secret behind the word Basic"
    QUOTED = "the secret in quotation marks"
    NAMED = "the secret behind its name"
    FOREIGN_APP = "another app key"
    LONGER_APP = "the app key and one letter more"
    SHORTER_APP = "the app key without its last letter"
    OTHER_CASE_APP = "the app key with one letter in the other case"
    OTHER_FIRST_APP = "the app key with another first letter"
    OTHER_LAST_APP = "the app key with another last letter"
    # Only with access tokens.
    BARE = "the token without the word Bearer"
    REVOKED = "a token that was revoked"
    EXPIRED = "a token that has ended"
    OTHER_HEADER = "the token in the header Authorization"
    # Only with both, a secret key and access tokens.
    SECRET_AS_TOKEN = "the secret key as token"
    HEADER_OF_V10 = "the secret key in the header Authorization"
    TOKEN_AS_SECRET = "the token as secret key"
    HEADER_OF_V11 = "the token in the header X-NHN-Authorization"


ONLY_WITH_TOKENS = frozenset(
    (
        *(Keys.BARE, Keys.REVOKED, Keys.EXPIRED, Keys.OTHER_HEADER),
        *(Keys.SECRET_AS_TOKEN, Keys.HEADER_OF_V10, Keys.TOKEN_AS_SECRET, Keys.HEADER_OF_V11),
    )
)

_SPOILT_APP = {
    Keys.FOREIGN_APP: Keys.WRONG,
    Keys.LONGER_APP: Keys.LONGER,
    Keys.SHORTER_APP: Keys.SHORTER,
    Keys.OTHER_CASE_APP: Keys.OTHER_CASE,
    Keys.OTHER_FIRST_APP: Keys.OTHER_FIRST,
    Keys.OTHER_LAST_APP: Keys.OTHER_LAST,
}


def spoilt(keys: Keys, app_key: str, secret: str) -> tuple[str, str | None]:
    """The app key and the secret that a row sends; None for no header."""
    if keys in _SPOILT_APP:
        return _spoilt(_SPOILT_APP[keys], app_key), secret
    if keys is Keys.NO_HEADER:
        return app_key, None
    if keys is Keys.APP_KEY:
        return app_key, app_key if app_key != secret else _other(secret)
    return app_key, _spoilt(keys, secret)


def _spoilt(keys: Keys, key: str) -> str:
    match keys:
        case Keys.EMPTY:
            return ""
        case Keys.WRONG:
            return _other(key)
        case Keys.LONGER:
            return key + "x"
        case Keys.SHORTER:
            return key[:-1]
        case Keys.OTHER_CASE:
            return _other_case(key)
        case Keys.OTHER_FIRST:
            return _other(key[0]) + key[1:]
        case Keys.OTHER_LAST:
            return key[:-1] + _other(key[-1])
        case Keys.WORD_MORE:
            return f"{key} more"
        case Keys.WORD_BEFORE:
            return f"Key {key}"
        case Keys.BEARER:
            return f"Bearer {key}"
        case Keys.BASIC:
            return f"Basic {key}"
        case Keys.QUOTED:
            return f'"{key}"'
        case Keys.NAMED:
            return f"secretKey={key}"
    return key


def _other(key: str) -> str:
    """A key of the same length with no character in its place."""
    return "".join("b" if character in "aA" else "a" for character in key)


def _other_case(key: str) -> str:
    """The key with its first letter in the other case; another key if it has no letter."""
    for index, character in enumerate(key):
        if character.swapcase() != character:
            return key[:index] + character.swapcase() + key[index + 1 :]
    return _other(key)
