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
        try:
            self._named = named
        finally:
            del named  # a traceback with locals would show them

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
            problem = self._problem(name)
            if problem:
                raise ConfigurationError(problem)

    def _one(self, name: str) -> object:
        if callable(self._named[name]):
            return self._named[name]()
        return self._named[name]

    async def _one_async(self, name: str) -> object:
        if not callable(self._named[name]):
            return self._named[name]
        if inspect.iscoroutinefunction(self._named[name]):
            return await self._named[name]()
        from anyio import to_thread  # brings asyncio, which OcrClient does not need

        answer = await to_thread.run_sync(self._named[name], abandon_on_cancel=True)
        try:
            return await answer if isinstance(answer, Awaitable) else answer
        finally:
            del answer

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

    def _problem(self, name: str) -> str | None:
        """Return why this key cannot work, or None: also for a callable, which knows it later."""
        problem = None
        try:
            key = self._named[name]
            if callable(key):
                pass
            elif not isinstance(key, str) or not key.strip():
                problem = (
                    f"{name} is missing, empty or no string: "
                    f"pass {name}=... or set NHNCLOUD_OCR_{name.upper()}"
                )
            elif not key.isprintable() or key != key.strip():
                problem = (
                    f"{name} has control characters or outer blanks "
                    "(a line break, if it was read from a file?)"
                )
            elif name == "app_key" and key in (".", ".."):
                problem = "app_key cannot stand in a path"
            elif name == "secret_key" and not key.isascii():
                problem = "secret_key cannot stand in a header"
            elif name == "user_access_key_id" and ":" in key:
                problem = "user_access_key_id has a colon, which would end it"
        finally:
            key = None
        return problem

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")
