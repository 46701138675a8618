"""The statistics of a model as the protocol's extension has them. Source: Triton's statistics extension."""

from __future__ import annotations

from typing import Any

from services.edge.oip.models import OipModel
from services.inference.run_statistics import Duration


def statistics_document(model: OipModel, version: str) -> dict[str, Any]:
    """The ModelStatistics in JSON; all numbers are totals since the model was loaded."""
    runs, coding = model.runs, model.coding
    return {
        "name": model.description.name,
        "version": version,
        "last_inference": runs.last_ms,
        "inference_count": runs.rows,
        "execution_count": sum(each.count for each in runs.batches.values()),
        "inference_stats": {
            "success": _duration(runs.success),
            "fail": _duration(runs.fail),
            "queue": _duration(runs.queue),
            "compute_input": _duration(coding.input),
            "compute_infer": _duration(runs.run),
            "compute_output": _duration(coding.output),
            "cache_hit": _duration(Duration()),
            "cache_miss": _duration(Duration()),
        },
        "batch_stats": [_batch(size, runs.batches[size]) for size in sorted(runs.batches)],
    }


def _batch(size: int, runs: Duration) -> dict[str, Any]:
    """Inputs and outputs are coded by request, not by batch."""
    none = _duration(Duration())
    return {
        "batch_size": size,
        "compute_input": none,
        "compute_infer": _duration(runs),
        "compute_output": none,
    }


def _duration(duration: Duration) -> dict[str, int]:
    return {"count": duration.count, "ns": duration.ns}
