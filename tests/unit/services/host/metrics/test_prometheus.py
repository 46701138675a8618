"""What is observed appears under its name and labels."""

from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry

from services.host.metrics import definitions as defined
from services.host.metrics.process import ProcessSampler
from services.host.metrics.prometheus import PrometheusMetrics
from services.inference.batching.batcher import BatchRun
from services.inference.run_statistics import RequestRun

MODEL = {"model": "image", "version": "v1"}


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def metrics(registry: CollectorRegistry) -> PrometheusMetrics:
    return PrometheusMetrics(registry)


def test_calls_are_counted_by_status_and_failures_by_reason(
    registry: CollectorRegistry, metrics: PrometheusMetrics
) -> None:
    metrics.observe_call("/a", "OK", "", 0.5)
    metrics.observe_call("/a", "NOT_FOUND", "NOT_FOUND", 0.25)
    ok = {"method": "/a", "status": "OK"}
    assert registry.get_sample_value("armoire_call_seconds_sum", ok) == 0.5
    failed = {"method": "/a", "status": "NOT_FOUND", "reason": "NOT_FOUND"}
    assert registry.get_sample_value("armoire_call_failures_total", failed) == 1
    assert registry.get_sample_value("armoire_call_failures_total", ok | {"reason": ""}) is None


def test_batches_are_counted_by_model_and_version(
    registry: CollectorRegistry, metrics: PrometheusMetrics
) -> None:
    metrics.observe_batch(BatchRun("image", "v1", 3, 0.25, 0.5, 0.125))
    metrics.observe_batch(BatchRun("image", "v1", 1, 0.25, 0.5, 0.125))
    metrics.observe_batch(BatchRun("image", "v2", 7, 1.0, 1.0, 1.0))
    expected = {
        "armoire_inference_count_total": 4,
        "armoire_inference_exec_count_total": 2,
        "armoire_inference_compute_input_duration_seconds_total": 0.5,
        "armoire_inference_compute_infer_duration_seconds_total": 1.0,
        "armoire_inference_compute_output_duration_seconds_total": 0.25,
        "armoire_batch_rows_sum": 4,
        "armoire_batch_seconds_count": 2,
    }
    assert {name: registry.get_sample_value(name, MODEL) for name in expected} == expected


def test_requests_are_counted_by_outcome(registry: CollectorRegistry, metrics: PrometheusMetrics) -> None:
    metrics.observe_request(RequestRun("image", "v1", 2, total_s=1.0, queue_s=0.25))
    metrics.observe_request(RequestRun("image", "v1", 2, total_s=0.5, reason="QUEUE_FULL"))
    assert registry.get_sample_value("armoire_inference_request_success_total", MODEL) == 1
    failed = MODEL | {"reason": "QUEUE_FULL"}
    assert registry.get_sample_value("armoire_inference_request_failure_total", failed) == 1
    assert registry.get_sample_value("armoire_inference_request_duration_seconds_total", MODEL) == 1.5
    assert registry.get_sample_value("armoire_inference_queue_duration_seconds_total", MODEL) == 0.25


def test_photos_searches_and_blobs_are_counted(
    registry: CollectorRegistry, metrics: PrometheusMetrics
) -> None:
    metrics.observe_decode(0.5, 600)
    metrics.observe_search("vectors", 0.25)
    metrics.observe_blob("put", "", 0.25)
    metrics.observe_blob("put", "BLOB_STORE_FULL", 0.25)
    assert registry.get_sample_value("armoire_decode_seconds_sum") == 0.5
    assert registry.get_sample_value("armoire_decoded_pixels_total") == 600
    assert registry.get_sample_value("armoire_search_seconds_sum", {"part": "vectors"}) == 0.25
    assert registry.get_sample_value("armoire_blob_operation_seconds_count", {"operation": "put"}) == 2
    failed = {"operation": "put", "reason": "BLOB_STORE_FULL"}
    assert registry.get_sample_value("armoire_blob_failures_total", failed) == 1


def test_gauges_keep_the_last_value(registry: CollectorRegistry, metrics: PrometheusMetrics) -> None:
    metrics.set(defined.JOBS, 3, "queued")
    metrics.set(defined.JOBS, 0, "queued")
    assert registry.get_sample_value("armoire_jobs", {"state": "queued"}) == 0


def test_this_process_is_measured(registry: CollectorRegistry, metrics: PrometheusMetrics) -> None:
    sampler = ProcessSampler(metrics)
    sampler.sample()
    first = registry.get_sample_value("armoire_process_cpu_seconds_total")
    sampler.sample()
    second = registry.get_sample_value("armoire_process_cpu_seconds_total")
    assert first is not None
    assert second is not None
    assert 0 < first <= second < 2 * first + 1  # the sum of differences, not of totals
    gauges = "resident_memory_bytes", "open_fds", "threads"
    assert all((registry.get_sample_value(f"armoire_process_{name}") or 0) > 0 for name in gauges)
