"""The trace of a client's calls through a server, received in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from opentelemetry import context, trace
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

import armoire
from demo.server import free_port
from services.catalog.options import CatalogOptions
from services.edge.http.app import build_http_app
from services.edge.server import GrpcOptions
from services.host.application import Application, ApplicationOptions
from services.host.metrics.prometheus import NoMetrics
from services.host.tracing import OtelTracer
from services.inference.options import InferenceOptions
from tests.conftest import ROOT

TRACE_ID, SPAN_ID = 7, 9
PARENT = f"00-{TRACE_ID:032x}-{SPAN_ID:016x}-01"


@pytest.fixture
def received() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def ratio() -> float:
    """The share that is traced of the calls of callers that do not trace, and of background work."""
    return 0.0


@pytest.fixture
async def server(tmp_path: Path, received: InMemorySpanExporter, ratio: float) -> AsyncIterator[Application]:
    """Everything in one process."""
    models = InferenceOptions(
        detector=ROOT / "artifacts/demo-detector",
        embedder=ROOT / "artifacts/demo-embedder",
        cache_folder=tmp_path / "cache",
    )
    catalog = CatalogOptions(
        f"sqlite:///{tmp_path / 'catalog.db'}", str(tmp_path / "blobs"), str(tmp_path / "vectors.db")
    )
    options = ApplicationOptions(
        tmp_path,
        ROOT / "domain/taxonomy.toml",
        models,
        lambda: catalog,
        grpc=GrpcOptions(f"127.0.0.1:{free_port()}", drain_s=1),
    )
    application = Application(options, NoMetrics(), OtelTracer(received, ratio, SimpleSpanProcessor))
    await application.start()
    yield application
    await application.stop()


async def test_a_trace_goes_from_the_client_to_every_part(
    server: Application, received: InMemorySpanExporter, samples: list[Path]
) -> None:
    address = server.options.grpc.address
    async with armoire.AsyncClient(address) as client:
        job = await client.index(samples[0])
        await client.wait_for_indexing_job(job.id)
        assert received.get_finished_spans() == ()
        span = SpanContext(TRACE_ID, SPAN_ID, is_remote=False, trace_flags=TraceFlags(1))
        token = context.attach(trace.set_span_in_context(NonRecordingSpan(span)))
        try:
            await client.search(samples[0], include_crops=True)
            await client.index(samples[1])
        finally:
            context.detach(token)
    spans = received.get_finished_spans()
    assert {each.context.trace_id for each in spans} == {TRACE_ID}
    calls = {each.context.span_id: each.name for each in spans if each.parent.span_id == SPAN_ID}
    parts = Counter(
        (calls[each.parent.span_id], each.name) for each in spans if each.parent.span_id != SPAN_ID
    )
    search, index = "armoire.v1.CatalogService/Search", "armoire.v1.CatalogService/IndexImage"
    assert set(calls.values()) == {search, index}
    for part in ("decode", "queue", "run", "search vectors", "search rerank", "sql read", "blob get"):
        assert parts[search, part], part
    assert parts[index, "blob put"] == 1
    assert parts[index, "sql write"]


@pytest.mark.parametrize("ratio", [1.0])
async def test_work_in_the_background_is_a_trace_of_its_own(
    server: Application, received: InMemorySpanExporter, samples: list[Path]
) -> None:
    async with armoire.AsyncClient(server.options.grpc.address) as client:
        job = await client.index(samples[0])
        await client.wait_for_indexing_job(job.id)
    await server.stop()
    spans = received.get_finished_spans()
    roots = {each.context.span_id: each.name for each in spans if each.parent is None}
    parts = {(roots.get(each.parent.span_id), each.name) for each in spans if each.parent is not None}
    assert {"job", "drain"} <= set(roots.values())
    assert {
        ("job", part) for part in ("blob get", "decode", "queue", "run", "blob put", "sql write")
    } <= parts
    assert {("drain", part) for part in ("vectors write", "sql write")} <= parts


async def test_calls_over_http_are_traced(server: Application, received: InMemorySpanExporter) -> None:
    transport = httpx.ASGITransport(build_http_app(lambda: server))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        path, headers = "/armoire.v1.InferenceService/EmbedText", {"traceparent": PARENT}
        reply = await client.post(path, json={"texts": ["red dress"]}, headers=headers)
    assert reply.status_code == 200
    *parts, call = received.get_finished_spans()
    assert [part.name for part in parts] == ["queue", "run"]
    assert call.attributes == {
        "rpc.system.name": "connectrpc",
        "rpc.method": path[1:],
        "rpc.response.status_code": "OK",
    }
    assert call.parent is not None
    assert call.parent.span_id == SPAN_ID
