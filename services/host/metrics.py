"""The metrics of calls and batches."""

from __future__ import annotations

from typing import Protocol

import bentoml

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
ROWS = (1, 2, 4, 8, 16, 32, 64)


class Metrics(Protocol):
    """Observes every call and every batch."""

    def observe_call(self, method: str, status: str, seconds: float, /) -> None: ...

    def observe_batch(self, model: str, rows: int, seconds: float, /) -> None: ...


class PrometheusMetrics:
    """The histograms of /metrics, which are registered with BentoML's registry when this is made."""

    def __init__(self) -> None:
        self._calls = bentoml.metrics.Histogram(
            "armoire_call_seconds", "Seconds of a call", ["method", "status"], buckets=SECONDS
        )
        self._batch_rows = bentoml.metrics.Histogram(
            "armoire_batch_rows", "Rows in a batch", ["model"], buckets=ROWS
        )
        self._batch_seconds = bentoml.metrics.Histogram(
            "armoire_batch_seconds", "Seconds of a batch on the device", ["model"], buckets=SECONDS
        )

    def observe_call(self, method: str, status: str, seconds: float) -> None:
        self._calls.labels(method=method, status=status).observe(seconds)

    def observe_batch(self, model: str, rows: int, seconds: float) -> None:
        self._batch_rows.labels(model=model).observe(rows)
        self._batch_seconds.labels(model=model).observe(seconds)
