"""What the user gave to be let in, and what a request makes of it.

Here alone stands which version of the API a kind of credentials speaks and which headers it sends.
Nothing here raises while a key is a local variable: tracebacks with locals are kept and shown.
"""

import os
from collections.abc import Callable, Mapping
from typing import NoReturn, Protocol, TypeAlias

from .._errors import ConfigurationError
from .redaction import Redactor, filter_httpcore_logs

KeySource: TypeAlias = str | Callable[[], str] | None

HIDDEN_APP_KEY = "hidden-app-key"  # stands for the app key in every URL until the request is sent
_NOT_ASKED = "not-asked-yet"


class Access:
    """What one request needs: resolved, checked, never shown and never pickled."""

    __slots__ = ("app_key", "headers", "redactor", "version")

    def __init__(
        self,
        version: str,
        app_key: str,
        headers: Mapping[str, str],
        secrets: tuple[str, ...],
    ) -> None:
        """
        version: the first segment of the URL's path.
        app_key: plain, not yet escaped for a URL.
        headers: those that let the request in.
        secrets: all strings that must not be shown.
        """
        self.version = version
        self.app_key = app_key
        self.headers = headers
        self.redactor = Redactor(secrets)
        filter_httpcore_logs()

    def __repr__(self) -> str:
        return "Access(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")


class Credentials(Protocol):
    """A way to be let in."""

    def check(self) -> None:
        """Raise ConfigurationError if they cannot work, without asking anybody."""
        ...

    def access(self) -> Access:
        """Return what the next request needs. Raises ConfigurationError."""
        ...


class _Pair:
    """The two keys, or the callables that know them."""

    __slots__ = ("app_key", "secret_key")

    def __init__(self, app_key: object, secret_key: object) -> None:
        self.app_key = app_key
        self.secret_key = secret_key

    def resolved(self, *, ask: bool) -> "_Pair":
        """Return the keys as their callables give them, or as a placeholder unless `ask`."""
        pair = _Pair(None, None)
        pair.app_key = _value(self.app_key, ask)
        pair.secret_key = _value(self.secret_key, ask)
        return pair

    def equals(self, other: "_Pair") -> bool:
        return self.app_key == other.app_key and self.secret_key == other.secret_key

    def problem(self) -> str | None:
        """Return why these keys cannot work, or None."""
        problem = _problem("app_key", self.app_key) or _problem("secret_key", self.secret_key)
        if problem:
            return problem
        if self.app_key in (".", "..") or not str(self.secret_key).isascii():
            return "app_key cannot stand in a path, or secret_key not in a header"
        return None

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")


class SecretKey:
    """An app key and a secret key, or the callables that know them: version 1.0 of the API."""

    __slots__ = ("_access", "_given", "_used")

    def __init__(self, app_key: KeySource, secret_key: KeySource) -> None:
        self._given = _Pair(app_key, secret_key)
        self._used: _Pair | None = None
        self._access: Access | None = None

    @classmethod
    def from_arguments(cls, app_key: KeySource, secret_key: KeySource) -> "SecretKey":
        """Return the given keys, those that are None from the environment."""
        environment = cls(
            os.environ.get("NHNCLOUD_OCR_APP_KEY"),
            os.environ.get("NHNCLOUD_OCR_SECRET_KEY"),
        )
        return environment.replace(app_key, secret_key)

    def replace(self, app_key: KeySource, secret_key: KeySource) -> "SecretKey":
        """Return credentials with the given keys, where they are not None."""
        changed = SecretKey(None, None)
        changed._given = _Pair(
            self._given.app_key if app_key is None else app_key,
            self._given.secret_key if secret_key is None else secret_key,
        )
        return changed

    def check(self) -> None:
        """Raise ConfigurationError for keys that cannot work; callables are not asked."""
        problem = self._given.resolved(ask=False).problem()
        if problem:
            raise ConfigurationError(problem)

    def access(self) -> Access:
        """Return what the next request needs; callables are asked now. Raises ConfigurationError.

        The secret key is sent without a scheme (guide).
        """
        pair = self._given.resolved(ask=True)
        last = self._access
        if last is not None and self._used is not None and self._used.equals(pair):
            return last
        problem = pair.problem()
        if problem:
            raise ConfigurationError(problem)
        self._access = _first_version(str(pair.app_key), str(pair.secret_key))
        self._used = pair
        return self._access

    def __repr__(self) -> str:
        return "SecretKey(***)"


def with_keys(
    credentials: Credentials,
    app_key: KeySource,
    secret_key: KeySource,
) -> Credentials:
    """Return the credentials with other keys, where they are not None. Raises ConfigurationError.

    Other kinds than SecretKey have no such keys.
    """
    if app_key is None and secret_key is None:
        return credentials
    if isinstance(credentials, SecretKey):
        return credentials.replace(app_key, secret_key)
    del app_key, secret_key  # a traceback with locals would show them
    raise ConfigurationError("app_key and secret_key do not go with these credentials")


def _first_version(app_key: str, secret_key: str) -> Access:
    return Access("v1.0", app_key, {"Authorization": secret_key}, (app_key, secret_key))


def _value(source: object, ask: bool) -> object:
    if not callable(source):
        return source
    return source() if ask else _NOT_ASKED


def _problem(name: str, key: object) -> str | None:
    """Return why this key cannot work, or None."""
    if not isinstance(key, str) or not key.strip():
        return (
            f"{name} is missing, empty or no string: "
            f"pass {name}=... or set NHNCLOUD_OCR_{name.upper()}"
        )
    if not key.isprintable() or key != key.strip():
        return (
            f"{name} has control characters or outer blanks "
            "(a line break, if it was read from a file?)"
        )
    return None
