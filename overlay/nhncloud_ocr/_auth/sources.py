"""Keys as the user gives them: strings, or callables that know them. They are asked here.

No key is a local variable while anything can raise: tracebacks with locals are kept and shown.
"""

import inspect
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NoReturn, TypeAlias

from .._errors import ConfigurationError

KeySource: TypeAlias = str | Callable[[], str] | Callable[[], Awaitable[str]]


class Keys:
    """Keys by their names: as they were given, or as they were asked. Never shown or pickled."""

    __slots__ = ("_named",)

    def __init__(self, **named: Any) -> None:
        self._named = named

    def __getitem__(self, name: str) -> str:
        return str(self._named[name])

    def source(self, name: str) -> Any:
        """The key as it was given."""
        return self._named[name]

    @property
    def fixed(self) -> bool:
        """Whether there is nobody to ask."""
        return not any(map(callable, self._named.values()))

    def equals(self, other: "Keys | None") -> bool:
        return other is not None and self._named == other._named

    def asked(self) -> "Keys":
        """Return the keys as strings. Raises ConfigurationError, and what a callable raises."""
        if self.fixed:
            return self
        asked = Keys()
        for name in self._named:
            asked._named[name] = self._one(name)
        return asked._checked()

    async def asked_async(self) -> "Keys":
        """As `asked`; a callable that is no coroutine function is asked in a worker thread."""
        if self.fixed:
            return self
        asked = Keys()
        for name in self._named:
            asked._named[name] = await self._one_async(name)
        return asked._checked()

    def check(self) -> None:
        """Raise ConfigurationError for a key that cannot work; nobody is asked."""
        for name in self._named:
            problem = _problem(name, self._named[name])
            if problem:
                raise ConfigurationError(problem)

    def _one(self, name: str) -> object:
        source = self._named[name]
        return source() if callable(source) else source

    async def _one_async(self, name: str) -> object:
        source = self._named[name]
        if not callable(source):
            return source
        if inspect.iscoroutinefunction(source):
            return await source()
        from anyio import to_thread  # brings asyncio, which OcrClient does not need

        answer = await to_thread.run_sync(source, abandon_on_cancel=True)
        return await answer if isinstance(answer, Awaitable) else answer

    def _checked(self) -> "Keys":
        """Return these keys, which callables gave. Raises ConfigurationError."""
        for name in self._named:
            if isinstance(self._named[name], Coroutine):
                self._named[name].close()
                raise ConfigurationError(
                    f"{name} is given by a coroutine function, which AsyncOcrClient alone can await"
                )
            if callable(self._named[name]):
                raise ConfigurationError(f"{name} is given by a callable that gives another one")
        self.check()
        return self

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")


def _problem(name: str, key: object) -> str | None:
    """Return why this key cannot work, or None: also for a callable, which knows it later."""
    if callable(key):
        return None
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
    if name == "app_key" and key in (".", ".."):
        return "app_key cannot stand in a path"
    if name == "secret_key" and not key.isascii():
        return "secret_key cannot stand in a header"
    if name == "user_access_key_id" and ":" in key:
        return "user_access_key_id has a colon, which would end it"
    return None
