"""Every metric: its name, what it counts and by which labels.

`python -m services.host.metrics.definitions` prints the table of docs/observability.md. Names and units
follow Prometheus' rules; those of the models have the shape of Triton's.
Source: prometheus.io/docs/practices/naming; Triton, docs/user_guide/metrics.md.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["counter", "gauge", "histogram"]
Across: TypeAlias = Literal["sum", "each", "latest"]
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SHORT_SECONDS = (0.0001, 0.00025, 0.0005, *SECONDS)
ROWS = (1, 2, 4, 8, 16, 32, 64)
MODEL = ("model", "version")


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    Attributes:
        buckets: upper bounds, of a histogram.
        across: what a gauge of several processes shows: their sum, each by its "pid", or the latest value.
    """

    kind: Kind
    name: str
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
    across: Across = "sum"

    @property
    def shown_labels(self) -> tuple[str, ...]:
        return (*self.labels, "pid") if self.across == "each" else self.labels


def _model_counter(name: str, text: str, *labels: str) -> Metric:
    return Metric("counter", f"armoire_inference_{name}_total", text, (*MODEL, *labels))


CALL_SECONDS = Metric("histogram", "armoire_call_seconds", "Time of a call.", ("method", "status"), SECONDS)
CALL_FAILURES = Metric(
    "counter",
    "armoire_call_failures_total",
    "Calls that failed, by the reason of docs/errors.md.",
    ("method", "status", "reason"),
)
REQUEST_SUCCESS = _model_counter("request_success", "Requests to a model that succeeded.")
REQUEST_FAILURE = _model_counter("request_failure", "Requests to a model that failed.", "reason")
REQUEST_SECONDS = _model_counter("request_duration_seconds", "Time of requests, those that failed included.")
QUEUE_SECONDS = _model_counter("queue_duration_seconds", "Time until a batch took the request's first row.")
INFERENCES = _model_counter("count", "Rows that a model has run.")
EXECUTIONS = _model_counter("exec_count", "Batches that a model has run.")
INPUT_SECONDS = _model_counter("compute_input_duration_seconds", "Time in which batches were formed.")
INFER_SECONDS = _model_counter("compute_infer_duration_seconds", "Time in which models ran batches.")
OUTPUT_SECONDS = _model_counter(
    "compute_output_duration_seconds", "Time from the end of a run until its callers had their rows."
)
PENDING_ROWS = Metric("gauge", "armoire_inference_pending_rows", "Rows that wait for a batch.", MODEL)
BATCH_ROWS = Metric("histogram", "armoire_batch_rows", "Rows in a batch, without padding.", MODEL, ROWS)
BATCH_SECONDS = Metric("histogram", "armoire_batch_seconds", "Time of a batch in its model.", MODEL, SECONDS)
DECODE_SECONDS = Metric(
    "histogram",
    "armoire_decode_seconds",
    "Time until a photo was decoded, its wait for a thread included.",
    (),
    SECONDS,
)
DECODED_PIXELS = Metric("counter", "armoire_decoded_pixels_total", "Pixels of decoded photos.")
SEARCH_SECONDS = Metric(
    "histogram",
    "armoire_search_seconds",
    "Time of a part of a search: embed (the query), vectors (the index), rerank, items (from SQL), facets.",
    ("part",),
    SHORT_SECONDS,
)
OUTBOX_ROWS = Metric(
    "gauge",
    "armoire_outbox_rows",
    "Items that search does not see as they are in SQL.",
    across="latest",
)
OUTBOX_AGE = Metric(
    "gauge",
    "armoire_outbox_oldest_age_seconds",
    "Age of the oldest of them; 0 if none.",
    across="latest",
)
DIFFERENCES = Metric(
    "gauge",
    "armoire_catalog_differences",
    "Differences between the stores at the last audit of all tenants, by problem.",
    ("problem",),
    across="latest",
)
PURGED = Metric(
    "counter",
    "armoire_purged_total",
    "Deleted images, items and products that were removed after their retention, and images whose rejected "
    "crops were, by kind.",
    ("kind",),
)
JOBS = Metric(
    "gauge",
    "armoire_jobs",
    "Jobs that have not succeeded, by state.",
    ("state",),
    across="latest",
)
DEAD_LETTERS = Metric(
    "gauge",
    "armoire_dead_letters",
    "Indexing jobs that are FAILED, by the reason of docs/errors.md.",
    ("reason",),
    across="latest",
)
WEBHOOK_DELIVERIES = Metric(
    "gauge",
    "armoire_webhook_deliveries",
    "Events for webhooks that wait (pending) or are given up (failed).",
    ("state",),
    across="latest",
)
JOBS_AGE = Metric(
    "gauge",
    "armoire_jobs_oldest_age_seconds",
    "Age of the oldest job in a state; 0 if none.",
    ("state",),
    across="latest",
)
TENANT_ITEMS = Metric(
    "gauge",
    "armoire_tenant_items",
    "Items that a tenant keeps; `_others` are those of tenants without a label.",
    ("tenant",),
    across="latest",
)
TENANT_BYTES = Metric(
    "gauge",
    "armoire_tenant_photo_bytes",
    "Bytes of photos, as they were sent, that a tenant keeps.",
    ("tenant",),
    across="latest",
)
BLOB_SECONDS = Metric(
    "histogram",
    "armoire_blob_operation_seconds",
    "Time of an operation of the blob store: put, get or delete.",
    ("operation",),
    SECONDS,
)
BLOB_FAILURES = Metric(
    "counter",
    "armoire_blob_failures_total",
    "Operations of the blob store that failed.",
    ("operation", "reason"),
)
PREDICTIONS_LOGGED = Metric(
    "counter",
    "armoire_predictions_logged_total",
    "Photos and texts that were written to the prediction log.",
)
PREDICTIONS_DROPPED = Metric(
    "counter",
    "armoire_predictions_dropped_total",
    "Photos and texts of its sample that were not, because too many waited or the end came.",
)
SHADOW_PHOTOS = Metric(
    "counter",
    "armoire_shadow_photos_total",
    "Photos that a second embedder was to answer for comparison, by outcome: compared, dropped because "
    "others waited, failed.",
    ("outcome",),
)
RESIDENT_BYTES = Metric(
    "gauge", "armoire_process_resident_memory_bytes", "Resident memory of a process.", across="each"
)
CPU_SECONDS = Metric("counter", "armoire_process_cpu_seconds_total", "CPU time of all processes.")
OPEN_FILES = Metric(
    "gauge", "armoire_process_open_fds", "Files and connections that a process has open.", across="each"
)
THREADS = Metric("gauge", "armoire_process_threads", "Threads of a process.", across="each")
GPU_UTILIZATION = Metric(
    "gauge",
    "armoire_gpu_utilization_ratio",
    "Share of the time in which the GPU was busy.",
    ("gpu",),
    across="latest",
)
GPU_USED_BYTES = Metric(
    "gauge",
    "armoire_gpu_memory_used_bytes",
    "Memory of the GPU in use.",
    ("gpu",),
    across="latest",
)
GPU_TOTAL_BYTES = Metric(
    "gauge",
    "armoire_gpu_memory_total_bytes",
    "Memory of the GPU.",
    ("gpu",),
    across="latest",
)
GPU_WATTS = Metric(
    "gauge",
    "armoire_gpu_power_watts",
    "Power that the GPU draws.",
    ("gpu",),
    across="latest",
)

METRICS: tuple[Metric, ...] = tuple(each for each in list(globals().values()) if isinstance(each, Metric))


def metrics_table() -> str:
    """The Markdown table of docs/observability.md."""
    rows = ["| Metric | Kind | Labels | Meaning |", "|---|---|---|---|"]
    for metric in METRICS:
        labels = ", ".join(f"`{label}`" for label in metric.shown_labels)
        rows.append(f"| `{metric.name}` | {metric.kind} | {labels} | {metric.help} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(metrics_table())
