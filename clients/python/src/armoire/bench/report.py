"""Measurements as JSON documents, as a table and as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from armoire.bench.load import Load
from armoire.bench.measurement import Measurement
from armoire.bench.tally import percentile

HEADERS = ("clients", "rate/s", "calls/s", "inputs/s", "p50 ms", "p95 ms", "p99 ms", "errors", "load's cores")


def measurement_document(measurement: Measurement, model_versions: Mapping[str, str]) -> dict[str, Any]:
    """The keys of `armoire bench --json`."""
    return {
        **_load_document(measurement),
        **_figures(measurement),
        "batch_rows": {model: dict(bounds) for model, bounds in measurement.batch_rows.items()},
        "model_versions": dict(model_versions),
        "client_version": package_version("armoire-client"),
        "grpcio_version": package_version("grpcio"),
    }


def _load_document(measurement: Measurement) -> dict[str, Any]:
    load = measurement.load
    return {
        "rpc": load.requests.rpc,
        "mode": "closed" if load.rate_per_s is None else "open",
        "clients": load.clients,
        "rate_per_s": load.rate_per_s,
        "processes": measurement.processes,
        "connections": sum(each.connections for each in load.split(measurement.processes)),
        "inputs_per_call": load.requests.inputs_per_call,
        "warm_up_s": load.warm_up_s,
        "seconds": round(measurement.tally.seconds, 3),
        "interrupted": measurement.interrupted,
    }


def _figures(measurement: Measurement) -> dict[str, Any]:
    tally = measurement.tally
    answered = len(tally.latencies_ms)
    return {
        "calls": tally.calls,
        "throughput_per_s": round(measurement.throughput_per_s, 3),
        "inputs_per_s": round(_inputs_per_s(measurement), 3),
        "p50_ms": _rounded(measurement.percentile_ms(50)),
        "p95_ms": _rounded(measurement.percentile_ms(95)),
        "p99_ms": _rounded(measurement.percentile_ms(99)),
        "max_ms": _rounded(measurement.percentile_ms(100)),
        "errors": dict(tally.errors),
        "held_back": tally.held_back,
        "not_sent": tally.not_sent,
        "late_p99_ms": _rounded(percentile(tally.late_ms, 99)),
        "request_bytes_per_call": round(tally.request_bytes / answered) if answered else None,
        "reply_bytes_per_call": round(tally.reply_bytes / answered) if answered else None,
        "load_cores": round(tally.cores, 3),
    }


def description(load: Load, inputs: str, model_versions: Mapping[str, str]) -> str:
    """One line on what was measured; `inputs` says of what, such as "25 photos"."""
    loop = "closed loop" if load.rate_per_s is None else "open loop"
    each = f"{load.requests.inputs_per_call} a call, " if load.requests.inputs_per_call > 1 else ""
    models = ", ".join(dict.fromkeys(model_versions.values())) or "no models listed"
    return (
        f"{load.requests.rpc} of {inputs}, {each}{loop}, "
        f"{load.seconds:g} s after {load.warm_up_s:g} s of warm-up; {models}; "
        f"armoire-client {package_version('armoire-client')}, grpcio {package_version('grpcio')}"
    )


def row(measurement: Measurement) -> tuple[str, ...]:
    """The cells under HEADERS."""
    load, tally = measurement.load, measurement.tally
    return (
        str(load.clients),
        "" if load.rate_per_s is None else f"{load.rate_per_s:g}",
        f"{measurement.throughput_per_s:.1f}",
        f"{_inputs_per_s(measurement):.1f}",
        *(_milliseconds(measurement.percentile_ms(percent)) for percent in (50, 95, 99)),
        ", ".join(f"{code} {count}" for code, count in tally.errors.most_common()) or "0",
        f"{tally.cores:.2f}",
    )


def markdown(title: str, measurements: Sequence[Measurement]) -> str:
    """The title as a paragraph and a table."""
    rows = [HEADERS, ("---",) * len(HEADERS), *map(row, measurements)]
    return "\n".join([title, "", *(f"| {' | '.join(cells)} |" for cells in rows)])


def package_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


def _inputs_per_s(measurement: Measurement) -> float:
    return measurement.throughput_per_s * measurement.load.requests.inputs_per_call


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _milliseconds(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
