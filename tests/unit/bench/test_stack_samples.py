"""Samples of stacks, laid on the parts of a call."""

from __future__ import annotations

import pytest

from bench.stack_samples import NATIVE, OTHER, part_of, split_cpu

LOOP = "thread (1): MainThread;run (asyncio/runners.py:1)"
DEVICE = (
    "thread (2): device_0;_worker (concurrent/futures/thread.py:83);"
    "run_batch (services/inference/batching/batcher.py:9)"
)


def test_the_innermost_known_file_names_the_part() -> None:
    frames = [
        "run (asyncio/runners.py:1)",
        "go (services/inference/pipeline/pipeline.py:2)",
        "len (somewhere.py:3)",
    ]
    assert part_of(frames) == "pipeline"
    assert part_of(["main (elsewhere.py:1)"]) == OTHER


def test_a_threads_time_is_shared_by_what_it_was_seen_at() -> None:
    lines = [
        f"{DEVICE};run (onnxruntime/session.py:1) 3",
        f"{DEVICE} 1",
        f"{LOOP};_run (asyncio/events.py:80) 5",
    ]
    parts = split_cpu("\n".join(lines), {1: 2.0, 2: 4.0})
    assert parts == pytest.approx({"model run": 3.0, "batcher": 1.0, "event loop, with gRPC in Cython": 2.0})


def test_waiting_is_no_work() -> None:
    lines = [
        f"{LOOP};select (selectors.py:468) 90",
        f"{LOOP};serve (services/edge/server.py:1) 10",
        "thread (2): pixels_0;_worker (concurrent/futures/thread.py:81) 50",
    ]
    parts = split_cpu("\n".join(lines), {1: 1.0, 2: 0.25, 3: 0.5})
    assert parts == pytest.approx({"validation, conversion, interceptor": 1.0, NATIVE: 0.75})
