"""Calls as OpenTelemetry spans and metrics: an observer for `OcrClient(observers=[...])`.

Needs the extra `[otel]` (`pip install 'nhncloud-ocr[otel]'`). The API alone is used: provider and
exporter are the application's.

One CLIENT span a call, with an event for each attempt. What is told stands in this module and
nowhere else, by allow-list: never a URL (the app key is in it), a header, a file's name or a text.
So the HTTP convention, which asks for `url.full`, is followed but for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nhncloud_ocr import AttemptEnded, AttemptStarted, CallEnded, CallStarted, Observer, __version__

try:
    from opentelemetry import context, metrics, trace
    from opentelemetry.trace import Span, SpanKind, Status, StatusCode
except ImportError as exc:  # said here, where somebody sees what to install
    raise ImportError(
        "nhncloud_ocr_toolkit.otel needs OpenTelemetry: pip install 'nhncloud-ocr[otel]'"
    ) from exc

if TYPE_CHECKING:
    from contextvars import Token

    from opentelemetry.context import Context
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

_NAME = "nhncloud_ocr"
_SUCCESS = "OcrResult"
_UNKNOWN_VERSION = "{version}"

Attributes = Mapping[str, str | int | float]


class OpenTelemetry(Observer):
    """Makes a span of each call, and counts calls, bills, words and seconds.

    The span is the current one while its call runs, so that what a transport traces stands below
    it. Metrics: `nhncloud.ocr.call.duration` (seconds, a histogram), and the counters
    `nhncloud.ocr.calls` by outcome, `nhncloud.ocr.billed`, `nhncloud.ocr.maybe_billed` and
    `nhncloud.ocr.words`.
    """

    def __init__(
        self,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
    ) -> None:
        """None: the application's global provider."""
        self._tracer = trace.get_tracer(_NAME, __version__, tracer_provider)
        meter = metrics.get_meter(_NAME, __version__, meter_provider)
        self._duration = meter.create_histogram(
            "nhncloud.ocr.call.duration", unit="s", description="from call to result, with waits"
        )
        self._calls = meter.create_counter("nhncloud.ocr.calls", description="calls that ended")
        self._billed = meter.create_counter(
            "nhncloud.ocr.billed", description="attempts that gave a result"
        )
        self._maybe_billed = meter.create_counter(
            "nhncloud.ocr.maybe_billed", description="attempts that may have been billed"
        )
        self._words = meter.create_counter("nhncloud.ocr.words", description="words recognised")
        # By the number of the call; the token takes the span out of the context again.
        self._open: dict[int, tuple[Span, Token[Context]]] = {}

    def call_started(self, event: CallStarted) -> None:
        attributes: dict[str, str | int] = {
            "http.request.method": "POST",
            "server.address": event.host,
            "nhncloud.ocr.operation": event.operation,
        }
        if event.port is not None:
            attributes["server.port"] = event.port
        if event.image_bytes is not None:
            attributes["nhncloud.ocr.image.size"] = event.image_bytes
        span = self._tracer.start_span(
            f"ocr {event.operation}", kind=SpanKind.CLIENT, attributes=attributes
        )
        self._open[event.call] = span, context.attach(trace.set_span_in_context(span))

    def attempt_started(self, event: AttemptStarted) -> None:
        span, _ = self._open[event.call]
        attributes: Attributes = {
            "nhncloud.ocr.attempt": event.attempt,
            "nhncloud.ocr.version": event.version,
        }
        span.add_event("attempt started", attributes)

    def attempt_ended(self, event: AttemptEnded) -> None:
        span, _ = self._open[event.call]
        attributes: dict[str, str | int | float] = {
            "nhncloud.ocr.attempt": event.attempt,
            "nhncloud.ocr.outcome": event.outcome,
            "nhncloud.ocr.bill": event.bill,
            "nhncloud.ocr.attempt.duration": event.seconds,
        }
        if event.attempt > 1:
            attributes["http.request.resend_count"] = event.attempt - 1
        if event.http_status is not None:
            attributes["http.response.status_code"] = event.http_status
            span.set_attribute("http.response.status_code", event.http_status)
        if event.result_code is not None:
            attributes["nhncloud.ocr.result_code"] = event.result_code
        span.add_event("attempt", attributes)

    def call_ended(self, event: CallEnded) -> None:
        span, token = self._open.pop(event.call)
        template = f"/{event.version or _UNKNOWN_VERSION}/appkeys/{{appKey}}/{event.operation}"
        span.set_attribute("url.template", template)
        span.set_attribute("nhncloud.ocr.attempts", event.attempts)
        if event.words is not None:
            span.set_attribute("nhncloud.ocr.words", event.words)
        if event.outcome != _SUCCESS:
            span.set_attribute("error.type", event.outcome)
            span.set_status(Status(StatusCode.ERROR))
        context.detach(token)
        span.end()
        self._count(event)

    def _count(self, event: CallEnded) -> None:
        of_operation: Attributes = {"nhncloud.ocr.operation": event.operation}
        with_outcome = {**of_operation, "nhncloud.ocr.outcome": event.outcome}
        self._calls.add(1, with_outcome)
        self._duration.record(event.seconds, with_outcome)
        self._billed.add(event.billed, of_operation)
        self._maybe_billed.add(event.maybe_billed, of_operation)
        self._words.add(event.words or 0, of_operation)
