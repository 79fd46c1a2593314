"""Spans and metrics of calls: one span a call, an event an attempt, and no secret in either."""

import asyncio
import subprocess
import sys

import httpx
import pytest
from nhncloud_ocr import AsyncOcrClient, OcrClient, RetryPolicy
from nhncloud_ocr_toolkit.otel import OpenTelemetry
from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from unit.support import KEYS, PNG, Answer, Service, refusal, success, word

SECRET = "900101-1234567"


@pytest.fixture
def told():
    """The observer, and what it has exported."""
    exporter, reader = InMemorySpanExporter(), InMemoryMetricReader()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    meters = MeterProvider([reader])
    yield OpenTelemetry(provider, meters), exporter, reader, provider
    provider.shutdown()
    meters.shutdown()


def client(service, observer, **options):
    options = {"retry": RetryPolicy(backoff=0), **options}
    return OcrClient(
        **KEYS, transport=httpx.MockTransport(service), observers=[observer], **options
    )


def metrics_of(reader):
    data = reader.get_metrics_data()
    return {
        metric.name: list(metric.data.data_points)
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }


def test_a_call_with_two_503s_is_one_span_with_three_attempts(told) -> None:
    observer, exporter, _, _ = told
    client(Service(Answer(b"", 503), Answer(b"", 503), success()), observer).recognize(PNG)
    [span] = exporter.get_finished_spans()
    assert (span.name, span.kind) == ("ocr general", SpanKind.CLIENT)
    ended = [event for event in span.events if event.name == "attempt"]
    assert [event.attributes["http.response.status_code"] for event in ended] == [503, 503, 200]
    assert [event.attributes.get("http.request.resend_count") for event in ended] == [None, 1, 2]
    assert span.attributes["url.template"] == "/v1.0/appkeys/{appKey}/general"
    assert span.attributes["server.address"] == "api-ocr.nhncloudservice.com"
    assert span.attributes["nhncloud.ocr.words"] == 1
    assert span.status.status_code is StatusCode.UNSET


def test_a_failed_call_is_an_error_of_its_class(told) -> None:
    observer, exporter, _, _ = told
    with pytest.raises(Exception, match="4000501"):
        client(Service(refusal(4000501)), observer).recognize_cropping(PNG)
    [span] = exporter.get_finished_spans()
    assert span.name == "ocr general/cropping"
    assert span.attributes["error.type"] == "NoTextFoundError"
    assert span.status.status_code is StatusCode.ERROR


def test_nothing_secret_is_exported(told) -> None:
    observer, exporter, reader, _ = told
    script = [
        success(texts=[{"inferTexts": [word(SECRET)]}]),
        refusal(4000502, message=SECRET),
        httpx.ReadError(f"{SECRET} {KEYS['app_key']}"),
    ]
    ocr = client(Service(*script), observer, retry=RetryPolicy(attempts=1))
    ocr.recognize(image_url=f"https://example.com/{SECRET}.png")
    for _ in script[1:]:
        with pytest.raises(Exception, match=r"."):
            ocr.recognize(image_url=f"https://example.com/{SECRET}.png")
    exported = "".join(span.to_json() for span in exporter.get_finished_spans())
    exported += reader.get_metrics_data().to_json()
    assert len(exporter.get_finished_spans()) == 3
    for secret in (SECRET, *KEYS.values(), "example.com", "https://"):
        assert secret not in exported


def test_bills_calls_words_and_seconds_are_counted(told) -> None:
    observer, _, reader, _ = told
    service = Service(success(), httpx.ReadTimeout("slow"), Answer(b"", 503), success())
    ocr = client(service, observer, retry=RetryPolicy(backoff=0, retry_maybe_billed=True))
    ocr.recognize(PNG)
    ocr.recognize(PNG)
    found = metrics_of(reader)
    assert sum(point.value for point in found["nhncloud.ocr.calls"]) == 2
    assert sum(point.value for point in found["nhncloud.ocr.billed"]) == ocr.usage.billed == 2
    assert sum(point.value for point in found["nhncloud.ocr.maybe_billed"]) == 1
    assert sum(point.value for point in found["nhncloud.ocr.words"]) == 2
    assert sum(point.count for point in found["nhncloud.ocr.call.duration"]) == 2


def test_the_span_is_current_while_its_call_runs_and_no_longer(told) -> None:
    observer, exporter, _, provider = told
    tracer = provider.get_tracer("application")

    def serve(request):
        with tracer.start_as_current_span("below"):
            return success().response()

    with tracer.start_as_current_span("above"):
        client(serve, observer).recognize(PNG)
        assert trace.get_current_span().name == "above"
    below, call, above = exporter.get_finished_spans()
    assert below.parent.span_id == call.context.span_id
    assert call.parent.span_id == above.context.span_id


def test_calls_side_by_side_keep_their_spans_apart(told) -> None:
    observer, exporter, _, _ = told

    async def main():
        async def serve(request):
            await asyncio.sleep(0)
            return success().response()

        transport = httpx.MockTransport(serve)
        async with AsyncOcrClient(**KEYS, transport=transport, observers=[observer]) as ocr:
            await asyncio.gather(*(ocr.recognize(PNG) for _ in range(20)))

    asyncio.run(main())
    spans = exporter.get_finished_spans()
    assert len(spans) == 20
    assert all(span.parent is None for span in spans)


def test_the_sdk_loads_no_telemetry() -> None:
    program = (
        "import nhncloud_ocr, nhncloud_ocr_toolkit, sys; nhncloud_ocr.OcrClient; "
        "assert 'opentelemetry' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
