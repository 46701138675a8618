from __future__ import annotations

from dataclasses import replace

import pytest

from armoire.bench.load import Load
from armoire.bench.measurement import Measurement
from armoire.bench.report import HEADERS, description, markdown, measurement_document, row
from armoire.bench.requests import Requests
from armoire.bench.tally import Tally


@pytest.fixture
def measurement() -> Measurement:
    """100 calls of 1 to 100 ms, 4 photos each, and 3 that failed."""
    tally = Tally(5.0, 7.0, answered=90, held_back=2, not_sent=1, cores=0.25)
    tally.latencies_ms.extend(range(1, 101))
    tally.late_ms.extend([0.5] * 100)
    tally.errors.update({"UNAVAILABLE": 2, "ABORTED": 1})
    tally.request_bytes, tally.reply_bytes = 100 * 600, 100 * 70
    requests = Requests("detect", "/x/Detect", (b"",), inputs_per_call=4)
    load = Load("here:1", requests, clients=3, seconds=2.0, rate_per_s=50.0, connections=2)
    return Measurement(load, 2, tally, batch_rows={"detector": {"1": 3}})


def test_the_document(measurement: Measurement) -> None:
    document = measurement_document(measurement, {"yolo": "yolo-1"})
    assert document.pop("client_version")
    assert document.pop("grpcio_version")
    assert document == {
        "rpc": "detect",
        "mode": "open",
        "clients": 3,
        "rate_per_s": 50.0,
        "processes": 2,
        "connections": 3,
        "inputs_per_call": 4,
        "warm_up_s": 1.0,
        "seconds": 2.0,
        "interrupted": False,
        "calls": 103,
        "throughput_per_s": 45.0,
        "inputs_per_s": 180.0,
        "p50_ms": 50.0,
        "p95_ms": 95.0,
        "p99_ms": 99.0,
        "max_ms": 100.0,
        "errors": {"UNAVAILABLE": 2, "ABORTED": 1},
        "held_back": 2,
        "not_sent": 1,
        "late_p99_ms": 0.5,
        "request_bytes_per_call": 600,
        "reply_bytes_per_call": 70,
        "load_cores": 0.25,
        "batch_rows": {"detector": {"1": 3}},
        "model_versions": {"yolo": "yolo-1"},
    }


def test_figures_of_nothing_are_none(measurement: Measurement) -> None:
    nothing = replace(measurement, load=replace(measurement.load, rate_per_s=None), tally=Tally(5.0, 5.0))
    document = measurement_document(nothing, {})
    assert (document["mode"], document["calls"], document["throughput_per_s"]) == ("closed", 0, 0.0)
    for key in ("p50_ms", "p95_ms", "p99_ms", "max_ms", "late_p99_ms", "request_bytes_per_call"):
        assert document[key] is None


def test_the_row(measurement: Measurement) -> None:
    assert dict(zip(HEADERS, row(measurement), strict=True)) == {
        "clients": "3",
        "rate/s": "50",
        "calls/s": "45.0",
        "inputs/s": "180.0",
        "p50 ms": "50.0",
        "p95 ms": "95.0",
        "p99 ms": "99.0",
        "errors": "UNAVAILABLE 2, ABORTED 1",
        "load's cores": "0.25",
    }


def test_markdown(measurement: Measurement) -> None:
    title, blank, header, rule, first, second = markdown("what", [measurement, measurement]).splitlines()
    assert (title, blank, first) == ("what", "", second)
    assert header.startswith("| clients | rate/s | calls/s |")
    assert rule.count("---") == len(HEADERS)
    assert first.startswith("| 3 | 50 | 45.0 | 180.0 |")


def test_the_description(measurement: Measurement) -> None:
    text = description(measurement.load, "25 photos", {"clip": "clip-1", "clip text": "clip-1"})
    assert text.startswith(
        "detect of 25 photos, 4 a call, open loop, 2 s after 1 s of warm-up; clip-1; armoire"
    )
