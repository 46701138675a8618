"""The trace of the caller, which goes on in the server where the caller's program uses OpenTelemetry."""

from __future__ import annotations

import sys
from typing import Any


def traced(metadata: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The metadata of a call with the current span as `traceparent`, if there is one and none is given.

    Source: W3C Trace Context.
    """
    # A program that has not imported OpenTelemetry has no span, and does not wait for its import.
    propagation: Any = sys.modules.get("opentelemetry.trace.propagation.tracecontext")
    if propagation is None or any(key == "traceparent" for key, _ in metadata):
        return metadata
    carrier: dict[str, str] = {}
    propagation.TraceContextTextMapPropagator().inject(carrier)
    return (*metadata, *carrier.items())
