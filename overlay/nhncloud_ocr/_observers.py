"""Who is told of calls and attempts: the observers of a client, and the log."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ._errors import ConfigurationError

if TYPE_CHECKING:
    from ._events import AttemptEnded

_logger = logging.getLogger("nhncloud_ocr")
_METHODS = ("call_started", "attempt_started", "attempt_ended", "call_ended")


class Observers:
    """Those of one client, and the log."""

    def __init__(self, given: Sequence[object] = ()) -> None:
        """Raises ConfigurationError for an object that has none of the four methods."""
        for each in given:
            if isinstance(each, type) or not any(hasattr(each, name) for name in _METHODS):
                raise ConfigurationError(
                    f"an observer is an object with one of the methods {', '.join(_METHODS)} "
                    f"(see nhncloud_ocr.Observer), not {type(each).__name__}"
                )
        self._given = tuple(given)
        self._reported: set[int] = set()

    def wanted(self) -> bool:
        """Whether anybody listens: facts that nobody wants are not put together."""
        return bool(self._given) or _logger.isEnabledFor(logging.DEBUG)

    def tell(self, method: str, event: Any) -> None:
        """Call one method of all of them."""
        if method == "attempt_ended":
            _log(event)
        for each in self._given:
            called = getattr(each, method, None)
            if called is None:
                continue
            try:
                called(event)
            except Exception as exc:
                self._report(each, method, exc)

    def _report(self, observer: object, method: str, exc: Exception) -> None:
        if id(observer) in self._reported:
            return
        self._reported.add(id(observer))
        _logger.warning(
            "observer %s raised %s in %s; further exceptions of it are not reported",
            type(observer).__name__,
            type(exc).__name__,
            method,
            exc_info=exc,
        )


def _log(event: AttemptEnded) -> None:
    """Write one debug record to the logger `nhncloud_ocr`."""
    _logger.debug(
        "%s attempt=%d outcome=%s status=%s code=%s sent=%s received=%s seconds=%.3f %s",
        event.operation,
        event.attempt,
        event.outcome,
        event.http_status,
        event.result_code,
        "url" if event.image_bytes is None else event.image_bytes,
        event.received_bytes,
        event.seconds,
        event.bill,
    )
