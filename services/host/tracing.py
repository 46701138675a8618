"""Traces of calls in OpenTelemetry: a span of each call, and inside it those of its parts."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry import context, trace
from opentelemetry.sdk.environment_variables import OTEL_SDK_DISABLED
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from domain.errors import FailedPrecondition
from domain.spans import Attributes
from services.host.bento import release

RELEASE = release()
SERVER_FAULTS = frozenset(
    {"UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"}
)
"""Statuses that make a server's span an error. Source: OpenTelemetry, semantic conventions for gRPC."""
_PROPAGATOR = TraceContextTextMapPropagator()


class OtelTracer:
    """Begins spans of calls: of those whose caller records a trace, and of a share of the others.

    Names are those of OpenTelemetry's semantic conventions for RPC, 1.45. BentoML's own spans stay off.
    """

    def __init__(
        self,
        exporter: SpanExporter,
        ratio: float,
        processor: Callable[[SpanExporter], SpanProcessor] = BatchSpanProcessor,
        draw: Callable[[], float] = random.random,
    ) -> None:
        with _sdk_enabled():
            self.provider = TracerProvider(
                resource=Resource.create({"service.name": "armoire", "service.version": RELEASE})
            )
        self.provider.add_span_processor(processor(exporter))
        self._tracer = self.provider.get_tracer("armoire", RELEASE)
        self._ratio = ratio
        self._draw = draw

    def begin(self, method: str, system: str, traceparent: str | None) -> CallTrace | None:
        """See `Tracer`. The span becomes the current one of this task, for the calls of a client."""
        parent = self._parent(traceparent)
        if parent is None:
            return None
        name = method.removeprefix("/")
        attributes = {"rpc.system.name": system, "rpc.method": name}
        span = self._tracer.start_span(name, parent, SpanKind.SERVER, attributes)
        inside = trace.set_span_in_context(span, parent)
        context.attach(inside)
        return CallTrace(span, inside, self._tracer)

    def _parent(self, traceparent: str | None) -> context.Context | None:
        """The context of the caller's span, an empty one without it; None if the call is not traced."""
        if traceparent is not None:
            parent = _PROPAGATOR.extract({"traceparent": traceparent}, context.Context())
            caller = trace.get_current_span(parent).get_span_context()
            if caller.is_valid:
                return parent if caller.trace_flags.sampled else None
        return context.Context() if self._draw() < self._ratio else None

    @contextmanager
    def work(self, name: str) -> Iterator[CallTrace | None]:
        """See `TracedWork`: a share of the work is traced, and the span is the current one inside."""
        if self._draw() >= self._ratio:
            yield None
            return
        span = self._tracer.start_span(name, context.Context(), SpanKind.INTERNAL)
        inside = trace.set_span_in_context(span, context.Context())
        token = context.attach(inside)
        try:
            yield CallTrace(span, inside, self._tracer)
        except BaseException as error:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(StatusCode.ERROR)
            raise
        finally:
            context.detach(token)
            span.end()

    def close(self) -> None:
        """Send what was not sent yet."""
        self.provider.shutdown()


@dataclass(frozen=True, slots=True, eq=False)
class CallTrace:
    """The span of a call, and those inside it."""

    span: Span
    inside: context.Context
    tracer: trace.Tracer

    @property
    def trace_id(self) -> str:
        return trace.format_trace_id(self.span.get_span_context().trace_id)

    def record(self, name: str, start_ns: int, end_ns: int, attributes: Attributes, error: str = "") -> None:
        span = self.tracer.start_span(name, self.inside, attributes=attributes, start_time=start_ns)
        if error:
            span.set_attribute("error.type", error)
            span.set_status(StatusCode.ERROR)
        span.end(end_ns)

    def end(self, status: str, reason: str) -> None:
        """End the call's span with a status such as "NOT_FOUND" and the reason of a failure."""
        self.span.set_attribute("rpc.response.status_code", status)
        if reason:
            self.span.set_attribute("error.type", reason)
        if status in SERVER_FAULTS:
            self.span.set_status(StatusCode.ERROR)
        self.span.end()


def exporter_to(endpoint: str) -> SpanExporter:
    """What sends spans by OTLP over HTTP.

    Raises:
        FailedPrecondition: the exporter is not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    except ImportError:
        raise FailedPrecondition(
            "ARMOIRE_TRACING__ENDPOINT is set, but the exporter is not installed: pip install --group tracing"
        ) from None
    exporter: SpanExporter = OTLPSpanExporter(endpoint)
    return exporter


@contextmanager
def _sdk_enabled() -> Iterator[None]:
    """Let a provider be made that records, although `services/app.py` has disabled BentoML's."""
    before = os.environ.pop(OTEL_SDK_DISABLED, None)
    try:
        yield
    finally:
        if before is not None:
            os.environ[OTEL_SDK_DISABLED] = before
