"""CPU time by part of the program, from sampled stacks."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

NATIVE = "threads without Python (gRPC, onnxruntime)"
OTHER = "other"
PARTS = (
    ("model run", ("onnxruntime/", "models/session.py")),
    ("decoding", ("imaging/decode.py", "imaging/formats.py", "imaging/header.py", "imaging/orientation.py")),
    ("letterbox, crop, resize", ("imaging/letterbox.py", "imaging/crop.py", "models/image_encoder.py")),
    ("names of versions", ("models/manifest.py",)),
    ("boxes out of rows", ("models/nms.py", "models/detector.py")),
    ("quality, colours, attributes", ("imaging/quality.py", "imaging/colors.py", "models/attributes.py")),
    ("validation, conversion, interceptor", ("services/edge/",)),
    ("metrics", ("prometheus_client/", "services/host/metrics/", "bentoml/")),
    ("batcher", ("services/inference/batching/", "services/inference/runner.py")),
    ("pipeline", ("services/inference/pipeline/",)),
    ("gRPC (Python)", ("grpc/",)),
    ("threads' queues", ("concurrent/futures/", "threading.py")),
    ("event loop, with gRPC in Cython", ("asyncio/",)),
)
"""Parts with the files that belong to them. A sample counts for the innermost frame whose file is listed."""
WAITING = ("_worker (concurrent/futures/thread.py", "selectors.py", "wait (threading.py", "Thread.run (")
"""Innermost frames of threads that wait for work; the sampler counts some of them as running."""
THREAD = re.compile(r"thread \((\d+)\)")


def split_cpu(stacks: str, cpu_s: Mapping[int, float]) -> dict[str, float]:
    """Seconds of CPU by part: the CPU time of each thread, split by the samples of that thread.

    `stacks` has lines such as "thread (17): name;outer (a.py:1);inner (b.py:2) 5"; `cpu_s` is by thread id.
    """
    seen: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for line in stacks.splitlines():
        frames, _, samples = line.rpartition(" ")
        thread = THREAD.search(frames)
        if thread and not any(place in frames.rpartition(";")[2] for place in WAITING):
            seen[int(thread[1])][part_of(frames.split(";")[1:])] += int(samples)
    parts: defaultdict[str, float] = defaultdict(float)
    for thread_id, seconds in cpu_s.items():
        samples_by_part = seen[thread_id] or Counter({NATIVE: 1})
        for part, count in samples_by_part.items():
            parts[part] += seconds * count / samples_by_part.total()
    return dict(parts)


def part_of(frames: Sequence[str]) -> str:
    """The part of a sample; `frames` run from the outermost to the innermost."""
    for frame in reversed(frames):
        for name, places in PARTS:
            if any(place in frame for place in places):
                return name
    return OTHER
