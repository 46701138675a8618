"""The spans of calls, received in memory."""

from __future__ import annotations

import pytest
from google.rpc.code_pb2 import Code
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from domain.calls import BACKGROUND, CURRENT_CALL, background_work
from domain.errors import NotFound
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.host.tracing import OtelTracer

METHOD = "/armoire.v1.InferenceService/Analyze"
TRACE_ID, SPAN_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def received() -> InMemorySpanExporter:
    return InMemorySpanExporter()


def calls(received: InMemorySpanExporter, ratio: float, drawn: float = 0.5) -> Calls:
    return Calls(Admission(1), tracer=OtelTracer(received, ratio, SimpleSpanProcessor, lambda: drawn))


async def test_a_call_is_a_span_by_the_conventions(
    received: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")  # as services/app.py does for BentoML
    call = calls(received, 1.0).begin(METHOD, {}, None, "grpc")
    with CURRENT_CALL.get().span("sql read", rows=3):
        pass
    with pytest.raises(ValueError, match="no"), CURRENT_CALL.get().span("decode"):
        raise ValueError("no")
    call.succeed()
    sql, decode, rpc = received.get_finished_spans()
    assert (rpc.name, rpc.kind, rpc.parent) == (METHOD[1:], SpanKind.SERVER, None)
    assert rpc.attributes == {
        "rpc.system.name": "grpc",
        "rpc.method": METHOD[1:],
        "rpc.response.status_code": "OK",
    }
    assert sql.attributes == {"rows": 3}
    assert decode.attributes == {"error.type": "ValueError"}
    for part in (sql, decode):
        assert part.parent == rpc.context
        assert rpc.start_time <= part.start_time <= part.end_time <= rpc.end_time


@pytest.mark.parametrize(
    ("error", "status", "reason", "kind"),
    [
        (NotFound("item", "x"), "NOT_FOUND", "NOT_FOUND", StatusCode.UNSET),
        (RuntimeError("secret"), "INTERNAL", "INTERNAL", StatusCode.ERROR),
    ],
)
async def test_a_failure_has_its_reason_and_no_text(
    received: InMemorySpanExporter, error: Exception, status: str, reason: str, kind: StatusCode
) -> None:
    calls(received, 1.0).begin(METHOD, {}, None).fail(error)
    (span,) = received.get_finished_spans()
    attributes = span.attributes or {}
    assert (attributes["rpc.response.status_code"], attributes["error.type"]) == (status, reason)
    assert span.status.status_code is kind
    assert "secret" not in span.to_json()


@pytest.mark.parametrize(("flags", "traced"), [("01", True), ("00", False)])
async def test_the_caller_decides_whether_its_trace_goes_on(
    received: InMemorySpanExporter, flags: str, traced: bool
) -> None:
    ratio = 0.0 if traced else 1.0
    call = calls(received, ratio).begin(METHOD, {"traceparent": f"00-{TRACE_ID}-{SPAN_ID}-{flags}"}, None)
    assert (CURRENT_CALL.get().trace is not None) is traced
    call.end(Code.OK)
    spans = received.get_finished_spans()
    assert len(spans) == traced
    for span in spans:
        assert span.parent is not None
        assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE_ID, SPAN_ID)


@pytest.mark.parametrize("traceparent", [None, "", "00-zz-1-01", "x" * 10_000])
@pytest.mark.parametrize(("drawn", "traced"), [(0.009, True), (0.011, False)])
async def test_a_share_of_the_other_calls_is_traced(
    received: InMemorySpanExporter, traceparent: str | None, drawn: float, traced: bool
) -> None:
    calls(received, 0.01, drawn).begin(METHOD, {"traceparent": traceparent}, None).succeed()
    assert len(received.get_finished_spans()) == traced


def failing_read() -> None:
    with CURRENT_CALL.get().span("sql read"):
        raise ValueError("secret")


async def test_work_in_the_background_is_a_trace_with_its_parts(received: InMemorySpanExporter) -> None:
    tracer = OtelTracer(received, 1.0, SimpleSpanProcessor, lambda: 0.5)
    with pytest.raises(ValueError, match="secret"), background_work(tracer.work, "job"):
        failing_read()
    assert CURRENT_CALL.get() is BACKGROUND
    sql, job = received.get_finished_spans()
    assert (job.name, job.kind, job.parent, sql.parent) == ("job", SpanKind.INTERNAL, None, job.context)
    assert job.attributes == {"error.type": "ValueError"}
    assert "secret" not in job.to_json()


async def test_background_work_outside_the_share_is_not_traced(received: InMemorySpanExporter) -> None:
    tracer = OtelTracer(received, 0.5, SimpleSpanProcessor, lambda: 0.5)
    with background_work(tracer.work, "job"):
        assert CURRENT_CALL.get() is BACKGROUND
    assert received.get_finished_spans() == ()
