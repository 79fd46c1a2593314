"""Somebody else's tracing sees requests as they pass httpx's transports: without the keys."""

import os

import httpx
import pytest
from e2e.both_clients import Calls, both
from e2e.raw_server import HEAD_END, OK, RawServer, http
from e2e.secrets.canary import outcome, sings
from e2e.secrets.wire import WIRE, echoing, secret, silent, target
from nhncloud_ocr import AsyncOcrClient, OcrClient, OcrResult
from patience import PATIENCE
from unit.support import PNG

instrumentation = pytest.importorskip("opentelemetry.instrumentation.httpx")
export = pytest.importorskip("opentelemetry.sdk.trace.export")
in_memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")
trace = pytest.importorskip("opentelemetry.sdk.trace")

HEADERS = {
    "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST": ".*",
    "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE": ".*",
    "OTEL_SEMCONV_STABILITY_OPT_IN": "http/dup",
}


class Wrapping(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport of the user's, which makes each request anew, without its extensions."""

    def __init__(self, inner):
        self.inner = inner
        self.seen = []

    def _anew(self, request):
        self.seen.append(repr((str(request.url), request.headers.raw, request.extensions)))
        return httpx.Request(
            request.method, request.url, headers=request.headers, stream=request.stream
        )

    def handle_request(self, request):
        return self.inner.handle_request(self._anew(request))

    async def handle_async_request(self, request):
        return await self.inner.handle_async_request(self._anew(request))


@pytest.fixture
def spans(monkeypatch):
    """What is traced; the instrumentation is taken off afterwards."""
    for name, value in HEADERS.items():
        monkeypatch.setenv(name, value)
    exporter, provider = in_memory.InMemorySpanExporter(), trace.TracerProvider()
    provider.add_span_processor(export.SimpleSpanProcessor(exporter))
    exporter.provider = provider
    instrumentor = instrumentation.HTTPXClientInstrumentor()

    def hook(span, request):
        span.set_attribute("hook", repr((request.url, request.headers, request.extensions)))

    async def async_hook(span, request):
        hook(span, request)

    instrumentor.instrument(
        tracer_provider=provider, request_hook=hook, async_request_hook=async_hook
    )
    yield exporter
    instrumentor.uninstrument()
    provider.shutdown()


def own(kind, spans):
    return {}


def of_httpx(kind, spans):
    given = httpx.HTTPTransport if kind is OcrClient else httpx.AsyncHTTPTransport
    return {"transport": given()}


def wrapped_by_opentelemetry(kind, spans):
    if kind is OcrClient:
        wrapper = instrumentation.SyncOpenTelemetryTransport
        return {"transport": wrapper(httpx.HTTPTransport(), tracer_provider=spans.provider)}
    wrapper = instrumentation.AsyncOpenTelemetryTransport
    return {"transport": wrapper(httpx.AsyncHTTPTransport(), tracer_provider=spans.provider)}


def wrapped_anew(kind, spans):
    given = httpx.HTTPTransport if kind is OcrClient else httpx.AsyncHTTPTransport
    return {"transport": Wrapping(given())}


WAYS = [own, of_httpx, wrapped_by_opentelemetry, wrapped_anew]


def told(spans):
    """All that was exported, as text."""
    return [span.to_json() for span in spans.get_finished_spans()]


@both
@pytest.mark.parametrize("way", WAYS)
def test_no_trace_has_a_key_and_the_service_gets_both(kind, canary, spans, way) -> None:
    heads = []

    def script(connection):
        heads.append(connection.read_request().split(HEAD_END)[0])
        connection.send(OK)

    with (
        RawServer(script) as server,
        Calls(kind, base_url=server.url, **way(kind, spans)) as calls,
    ):
        got = calls.recognize(PNG)
    assert isinstance(got, OcrResult)
    texts = told(spans)
    assert texts
    assert "hidden-app-key" in "".join(texts)
    assert not [text for text in texts if sings(text)]
    [head] = heads
    assert sings(target(head).decode())
    assert secret(head).decode() == os.environ["NHNCLOUD_OCR_SECRET_KEY"]
    assert head.count(b"uthorization:") == 1
    assert canary.leaks(got) == []


@both
@pytest.mark.parametrize("script", WIRE.values(), ids=WIRE)
def test_no_echo_gets_into_a_trace(kind, canary, spans, script) -> None:
    timeout = httpx.Timeout(PATIENCE, read=0.1 if script is silent else PATIENCE)
    with RawServer(script) as server, Calls(kind, base_url=server.url, timeout=timeout) as calls:
        got = outcome(calls.recognize, PNG)
    assert not [text for text in told(spans) if sings(text)]
    assert canary.leaks(got) == []


@both
def test_an_echo_in_a_header_of_a_success_gets_into_no_trace(kind, canary, spans) -> None:
    script = echoing(lambda head: http(b"{}", f"X-Path: {target(head).decode()}"))
    with RawServer(script) as server, Calls(kind, base_url=server.url) as calls:
        got = outcome(calls.recognize, PNG)
    assert not [text for text in told(spans) if sings(text)]
    assert canary.leaks(got) == []


@both
def test_whoever_wraps_the_network_sees_placeholders(kind, canary) -> None:
    given = httpx.HTTPTransport if kind is OcrClient else httpx.AsyncHTTPTransport
    wrapping = Wrapping(given())
    with (
        RawServer(lambda connection: (connection.read_request(), connection.send(OK))) as server,
        Calls(kind, base_url=server.url, transport=wrapping) as calls,
    ):
        calls.recognize(PNG)
    assert len(wrapping.seen) == 1
    assert not sings(wrapping.seen[0])
    assert kind in (OcrClient, AsyncOcrClient)
