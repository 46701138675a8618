"""Observes calls, batches, searches and stores, in the client library of Prometheus."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from services.host.metrics import definitions as defined
from services.host.metrics.definitions import METRICS, Metric
from services.inference.batching.batcher import BatchRun
from services.inference.run_statistics import RequestRun

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


class Metrics(Protocol):
    """What is told of everything that is counted; gauges are set by name."""

    def observe_call(self, method: str, status: str, reason: str, seconds: float, /) -> None: ...

    def observe_batch(self, run: BatchRun, /) -> None: ...

    def observe_request(self, run: RequestRun, /) -> None: ...

    def observe_decode(self, seconds: float, pixels: int, /) -> None: ...

    def observe_search(self, part: str, seconds: float, /) -> None: ...

    def observe_blob(self, operation: str, reason: str, seconds: float, /) -> None: ...

    def set(self, gauge: Metric, value: float, /, *labels: str) -> None: ...

    def add(self, counter: Metric, amount: float, /, *labels: str) -> None: ...

    def remove(self, gauge: Metric, /, *labels: str) -> None:
        """Show the labels no longer, where metrics are in no files that processes share."""
        ...


class NoMetrics:
    """Metrics that nobody reads."""

    def observe_call(self, method: str, status: str, reason: str, seconds: float) -> None: ...

    def observe_batch(self, run: BatchRun) -> None: ...

    def observe_request(self, run: RequestRun) -> None: ...

    def observe_decode(self, seconds: float, pixels: int) -> None: ...

    def observe_search(self, part: str, seconds: float) -> None: ...

    def observe_blob(self, operation: str, reason: str, seconds: float) -> None: ...

    def set(self, gauge: Metric, value: float, *labels: str) -> None: ...

    def add(self, counter: Metric, amount: float, *labels: str) -> None: ...

    def remove(self, gauge: Metric, *labels: str) -> None: ...


class PrometheusMetrics:
    """The metrics of this process, in `registry`, or in files that the processes of a server share.

    The library decides for files when it is imported, if BentoML has named their folder in the environment.
    """

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self._metrics = {metric: _collector(metric, registry) for metric in METRICS}
        self._of = cache(self._labelled)  # looking up labels takes longer than counting

    def _labelled(self, metric: Metric, *labels: str) -> Any:
        collector = self._metrics[metric]
        return collector.labels(*labels) if labels else collector

    def observe_call(self, method: str, status: str, reason: str, seconds: float) -> None:
        self._of(defined.CALL_SECONDS, method, status).observe(seconds)
        if reason:
            self._of(defined.CALL_FAILURES, method, status, reason).inc()

    def observe_batch(self, run: BatchRun) -> None:
        model = run.model, run.version
        self._of(defined.BATCH_ROWS, *model).observe(run.rows)
        self._of(defined.BATCH_SECONDS, *model).observe(run.infer_s)
        self._of(defined.INFERENCES, *model).inc(run.rows)
        self._of(defined.EXECUTIONS, *model).inc()
        self._of(defined.INPUT_SECONDS, *model).inc(run.input_s)
        self._of(defined.INFER_SECONDS, *model).inc(run.infer_s)
        self._of(defined.OUTPUT_SECONDS, *model).inc(run.output_s)

    def observe_request(self, run: RequestRun) -> None:
        model = run.model, run.version
        self._of(defined.REQUEST_SECONDS, *model).inc(run.total_s)
        if run.reason:
            self._of(defined.REQUEST_FAILURE, *model, run.reason).inc()
        else:
            self._of(defined.REQUEST_SUCCESS, *model).inc()
            self._of(defined.QUEUE_SECONDS, *model).inc(run.queue_s)

    def observe_decode(self, seconds: float, pixels: int) -> None:
        self._of(defined.DECODE_SECONDS).observe(seconds)
        self._of(defined.DECODED_PIXELS).inc(pixels)

    def observe_search(self, part: str, seconds: float) -> None:
        self._of(defined.SEARCH_SECONDS, part).observe(seconds)

    def observe_blob(self, operation: str, reason: str, seconds: float) -> None:
        self._of(defined.BLOB_SECONDS, operation).observe(seconds)
        if reason:
            self._of(defined.BLOB_FAILURES, operation, reason).inc()

    def set(self, gauge: Metric, value: float, *labels: str) -> None:
        self._of(gauge, *labels).set(value)

    def add(self, counter: Metric, amount: float, *labels: str) -> None:
        self._of(counter, *labels).inc(amount)

    def remove(self, gauge: Metric, *labels: str) -> None:
        self._of.cache_clear()
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:  # the library removes nothing from its files
            self._metrics[gauge].remove(*labels)


def _collector(metric: Metric, registry: CollectorRegistry | None) -> Any:
    import prometheus_client as library  # once BentoML has named the folder

    registry = library.REGISTRY if registry is None else registry
    name, text, labels = metric.name, metric.help, metric.labels
    if metric.kind == "counter":
        return library.Counter(name, text, labels, registry=registry)
    if metric.kind == "histogram":
        return library.Histogram(name, text, labels, registry=registry, buckets=metric.buckets)
    mode = _MODES[metric.across]
    return library.Gauge(name, text, labels, registry=registry, multiprocess_mode=mode)


_MODES: dict[str, Any] = {"sum": "livesum", "each": "liveall", "latest": "livemostrecent"}
