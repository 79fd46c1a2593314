"""What comes up from below the transport, logs and exceptions, without the keys that went down there."""

import logging
from contextvars import ContextVar
from typing import Any

import httpx

from ._keys import Keys

sending: ContextVar[Keys | None] = ContextVar("nhncloud_ocr_sending", default=None)
"""The keys of the request that is under way in this thread or task."""


class _KeyFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if keys := sending.get():
            record.msg, record.args = keys.mask(record.getMessage()), ()
        return True


_key_filter = _KeyFilter()


def mask_logs() -> None:
    """httpcore logs the headers of replies, in which the other side may have echoed a key. Twice is fine."""
    for name in ("connection", "http11", "proxy", "socks"):
        logging.getLogger(f"httpcore.{name}").addFilter(_key_filter)


def masked(exc: BaseException, request: httpx.Request, keys: Keys) -> BaseException:
    """What to raise instead of `exc`: the same class and text, but no key, and no frame or request that has one."""
    if isinstance(exc, httpx.RequestError):
        kind: type[httpx.RequestError] = _nearest(exc, "httpx")
        return kind(keys.mask(str(exc)), request=request)
    if isinstance(exc, BaseExceptionGroup):
        leaves = [masked(leaf, request, keys) for leaf in exc.exceptions]
        return type(exc)(keys.mask(exc.message), leaves)
    args = tuple(_masked_value(value, keys) for value in exc.args)
    if isinstance(exc, OSError):  # it keeps its text in slots of its own
        plain: type[OSError] = _nearest(exc, "builtins", "ssl", "socket")
        return plain(*args)
    kept = {
        name: _masked_value(value, keys) for name, value in vars(exc).items() if isinstance(value, (str, int, float))
    }
    exc.args, exc.__dict__ = args, kept
    if isinstance(exc, httpx.HTTPError):
        exc.request = request
    exc.__cause__ = exc.__context__ = None
    return exc.with_traceback(None)


def _nearest(exc: BaseException, *modules: str) -> Any:
    """The first class of `exc` from one of the modules: of somebody's own we do not know how it is made."""
    return next(kind for kind in type(exc).__mro__ if kind.__module__.partition(".")[0] in modules)


def _masked_value(value: Any, keys: Keys) -> Any:
    """`value` itself, unless it would show a key."""
    text = value if isinstance(value, str) else repr(value)
    shown = keys.mask(text)
    return value if shown == text else shown
