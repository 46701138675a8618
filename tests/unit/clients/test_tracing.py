"""The caller's span in the metadata of a call."""

from __future__ import annotations

import sys

import pytest
from opentelemetry import context, trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags
from opentelemetry.trace.propagation import tracecontext

from armoire.tracing import traced

METADATA = (("x-request-id", "r-1"),)


def test_the_current_span_is_sent() -> None:
    assert tracecontext.__name__ in sys.modules
    assert traced(METADATA) == METADATA
    span = NonRecordingSpan(SpanContext(1, 2, is_remote=False, trace_flags=TraceFlags(1)))
    token = context.attach(trace.set_span_in_context(span))
    try:
        sent = f"00-{1:032x}-{2:016x}-01"
        assert traced(METADATA) == (*METADATA, ("traceparent", sent))
        assert traced((("traceparent", "mine"),)) == (("traceparent", "mine"),)
    finally:
        context.detach(token)


def test_a_program_without_opentelemetry_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, tracecontext.__name__)
    assert traced(METADATA) == METADATA
