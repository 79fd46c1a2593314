"""Takes secrets out of what comes back from the other side: texts, bodies, exceptions, log records.

The app key is part of the URL, a server may echo either key, and exceptions and httpcore's loggers
carry both away.
"""

import logging
import re
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any, NoReturn
from urllib.parse import quote

import httpx

_HIDDEN = "***"
_SHORTEST = 8  # a service key has 16 characters (documented); masking "a" would garble every text
_JSON_MAY_ESCAPE = '"/\\'
_HTTPCORE_PARTS = ("connection", "http11", "proxy", "socks")  # they log headers
_OSERROR_TEXTS = ("strerror", "filename", "filename2")  # in slots, not in the exception's dict

_current: ContextVar["Redactor | None"] = ContextVar("nhncloud_ocr_redactor", default=None)


class Redactor:
    """Knows the secrets of one request, plain and as URLs and JSON escape them."""

    __slots__ = ("_pattern", "_secrets")

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(secrets)
        self._pattern: re.Pattern[str] | None = None

    def text(self, text: str) -> str:
        """Return `text` without the secrets."""
        if self._pattern is None:
            self._pattern = _pattern(self._secrets)
        return self._pattern.sub(_HIDDEN, text)

    def may_show_in(self, body: bytes) -> bool:
        """Return, quickly, whether `body` may show a secret; False is certain."""
        lowered = body.lower()
        if b"\\u00" in lowered:  # JSON may have escaped letters, not only those that it must
            return True
        lowered = lowered.replace(b"\\", b"")
        forms = [form.lower().replace("\\", "") for form in _forms(self._secrets)]
        return any(not form.isascii() or form.encode() in lowered for form in forms)

    def body(self, body: bytes) -> bytes:
        """Return `body` without the secrets; every other byte stays as it is."""
        if not self.may_show_in(body):
            return body
        text = body.decode("utf-8", "surrogateescape")
        return self.text(text).encode("utf-8", "surrogateescape")

    def exception(self, exc: BaseException, request: httpx.Request) -> BaseException:
        """Return the same exception without frames, causes and what else may hold a secret.

        request: without the secrets, for an exception of httpx, which shows the one it has.
        A group, whose text cannot be changed, is made anew.
        """
        if isinstance(exc, BaseExceptionGroup):
            leaves = [self.exception(leaf, request) for leaf in exc.exceptions]
            return BaseExceptionGroup(self._shown(exc.message), leaves)
        exc.args = tuple(map(self._shown, exc.args))
        exc.__dict__ = {
            name: self._shown(value)
            for name, value in vars(exc).items()
            if isinstance(value, (str, int, float))
        }
        if isinstance(exc, httpx.HTTPError):
            exc.request = request
        if isinstance(exc, OSError):
            for name in _OSERROR_TEXTS:
                value = getattr(exc, name)
                if value is not None:
                    setattr(exc, name, self._shown(value))
        exc.__cause__ = None
        exc.__context__ = None
        exc.__traceback__ = None
        return exc

    def watch_logs(self) -> None:
        """Have httpcore's records masked that are written from here on in this task or thread."""
        _current.set(self)

    def _shown(self, value: Any) -> Any:
        """Return the value itself, or its masked text if that shows a secret."""
        text = value if isinstance(value, str) else repr(value)
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
        record.msg = redactor.text(record.getMessage())
        record.args = ()
    return True


def _forms(secrets: tuple[str, ...]) -> list[str]:
    """Return the secrets as they are and as URLs have them, without those too short to mask."""
    forms = {*secrets, *(quote(secret, safe="") for secret in secrets)}
    return sorted(form for form in forms if len(form) >= _SHORTEST)


def _pattern(secrets: tuple[str, ...]) -> re.Pattern[str]:
    """Compile what matches any spelling of any secret; nothing at all if all are too short."""
    long_enough = _forms(secrets)
    if not long_enough:
        return re.compile(r"(?!)")
    return re.compile("|".join(map(_escaped_or_not, long_enough)), re.IGNORECASE)


def _escaped_or_not(form: str) -> str:
    """Return the expression that matches `form`, each character plain or as JSON escapes it."""
    return "".join(
        (r"\\?" if character in _JSON_MAY_ESCAPE else "")
        + rf"(?:{re.escape(character)}|\\u{ord(character):04x})"
        for character in form
    )
