"""Takes secrets out of what comes back from the other side: texts, bodies, exceptions, log records.

The app key is part of the URL, a server may echo either key, and exceptions and httpcore's loggers
carry both away. What h11 quotes of a reply that it cannot read goes as well: it may be the text of
somebody's page.
"""

import logging
import re
from collections.abc import Iterable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NoReturn

import httpx

if TYPE_CHECKING:
    from .spellings import Spellings

_HTTPCORE_PARTS = ("connection", "http11", "proxy", "socks")  # they log headers
_OSERROR_TEXTS = ("strerror", "filename", "filename2")  # in slots, not in the exception's dict
_LIBRARIES = {"httpx", "httpcore", "h11", "anyio", "ssl"}
_SHOW_WHAT_IS_IN_THEM = (list, tuple, dict, set, frozenset, bytearray, httpx.URL, httpx.Headers)

# As in h11's "illegal header line: bytearray(b'...')"; reprs of it have other quotation marks.
_QUOTED = re.compile(r"bytearray\(b.*\)", re.DOTALL)

_current: ContextVar["Redactor | None"] = ContextVar("nhncloud_ocr_redactor", default=None)


class Redactor:
    """Knows the secrets of one request, in all their spellings."""

    __slots__ = ("_secrets", "_spellings")

    def __init__(self, secrets: Iterable[str]) -> None:
        try:
            self._secrets = tuple(secrets)
        finally:
            del secrets  # a traceback with locals would show them
        self._spellings: Spellings | None = None

    def text(self, text: str) -> str:
        """Return `text` without the secrets."""
        encoded = self._masked(text.encode("utf-8", "surrogatepass"), escaped=False)
        return encoded.decode("utf-8", "surrogatepass")

    def body(self, body: bytes) -> bytes:
        """Return `body`, which may be JSON, without the secrets; all else stays as it is."""
        return self._masked(body, escaped=True)

    def _masked(self, body: bytes, *, escaped: bool) -> bytes:
        """Whatever interrupts it (a signal, say) takes no frame along that has seen a secret."""
        try:
            if self._spellings is None:
                from .spellings import Spellings

                self._spellings = Spellings(self._secrets)
            return self._spellings.masked(body, escaped=escaped)
        except BaseException as exc:
            exc.__traceback__ = None
            exc.__context__ = None
            del body
            raise

    def exception(self, exc: BaseException, request: httpx.Request | None) -> BaseException:
        """Return the same exception without frames and what else may hold a secret.

        request: without the secrets, for an exception of httpx, which shows the one it has.

        What is not of httpx, of what it is built on or of the system keeps its attributes, its
        cause and its context, cleaned likewise. A group whose own text shows a secret is made anew,
        for that text cannot be changed.
        """
        return self._cleaned(exc, request, set())

    def _cleaned(
        self,
        exc: BaseException,
        request: httpx.Request | None,
        seen: set[int],
    ) -> BaseException:
        if id(exc) in seen:
            return exc
        seen.add(id(exc))
        if isinstance(exc, BaseExceptionGroup):
            leaves = [self._cleaned(leaf, request, seen) for leaf in exc.exceptions]
            message = self.text(exc.message)
            if message != exc.message or any(map(_is_not, leaves, exc.exceptions)):
                return BaseExceptionGroup(message, leaves)
        exc.__traceback__ = None
        library = _is_of_a_library(exc)
        if library:
            args = tuple(_unquoted(self._shown(arg)) for arg in exc.args)
        else:
            args = tuple(
                self._cleaned(arg, request, seen)
                if isinstance(arg, BaseException)
                else self._shown(arg)
                for arg in exc.args
            )
        if any(map(_is_not, args, exc.args)):
            exc.args = args
        if isinstance(exc, httpx.HTTPError) and request is not None:
            exc.request = request
        for name, value in list(vars(exc).items()):
            self._clean_attribute(exc, name, value, request)
        if isinstance(exc, OSError):
            for name in _OSERROR_TEXTS:
                value = getattr(exc, name)
                if self._shown(value) is not value:
                    setattr(exc, name, self._shown(value))
        if library:
            exc.__cause__ = None
            exc.__context__ = None
            return exc
        suppressed = exc.__suppress_context__
        if exc.__cause__ is not None:
            exc.__cause__ = self._cleaned(exc.__cause__, request, seen)
        if exc.__context__ is not None:
            exc.__context__ = self._cleaned(exc.__context__, request, seen)
        exc.__suppress_context__ = suppressed
        return exc

    def _clean_attribute(
        self,
        exc: BaseException,
        name: str,
        value: Any,
        request: httpx.Request | None,
    ) -> None:
        if value is request:
            return
        if isinstance(value, httpx.Request) and request is not None:
            setattr(exc, name, request)
        elif isinstance(value, httpx.Request | httpx.Response):
            delattr(exc, name)
        elif self._shown(value) is not value:
            setattr(exc, name, self._shown(value))

    def watch_logs(self) -> None:
        """Have httpcore's records masked that are written from here on in this task or thread."""
        _current.set(self)

    def _shown(self, value: Any) -> Any:
        """Return the value itself, or its masked text if that shows a secret."""
        if isinstance(value, bytes):
            return self.body(value)
        if isinstance(value, BaseException):  # httpcore's have those of h11, frames and all
            return self.text(str(value))
        if isinstance(value, str):
            masked = self.text(value)
            return value if masked == value else masked
        if not isinstance(value, _SHOW_WHAT_IS_IN_THEM):
            return value
        text = repr(value)
        masked = self.text(text)
        return value if masked == text else masked

    def __repr__(self) -> str:
        return "Redactor(***)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys are not pickled; build the client where it is used")


def filter_httpcore_logs() -> None:
    """Have every record of httpcore pass `watch_logs`'s redactor. Again is fine."""
    for part in _HTTPCORE_PARTS:
        logging.getLogger(f"httpcore.{part}").addFilter(_mask_record)


def _mask_record(record: logging.LogRecord) -> bool:
    redactor = _current.get()
    if redactor is not None:
        record.msg = _unquoted(redactor.text(record.getMessage()))
        record.args = ()
    return True


def _unquoted(value: Any) -> Any:
    """Return the value itself, or its text without what h11 quotes of a reply."""
    if isinstance(value, str) and _QUOTED.search(value):
        return _QUOTED.sub("(not shown)", value)
    return value


def _is_not(one: object, other: object) -> bool:
    return one is not other


def _is_of_a_library(exc: BaseException) -> bool:
    """Whether it is of the network or of the system: then its causes are frames and texts alone."""
    return isinstance(exc, OSError) or type(exc).__module__.partition(".")[0] in _LIBRARIES
