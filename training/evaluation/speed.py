"""Latency of one picture on one thread, compared with well-known models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import onnxruntime
from tqdm import tqdm

from export.precision.speed import in_turns
from models.session import session_options

Run: TypeAlias = Callable[[], object]


@dataclass(frozen=True, slots=True)
class SpeedRow:
    """The median latency of two graphs and their ratio per round: its median, 10th and 90th percentile."""

    name: str
    input: str
    median_ms: float
    beside: str
    beside_input: str
    beside_ms: float
    ratio: float
    ratio_low: float
    ratio_high: float
    rounds: int


def compare(name: str, graph: Path, beside: str, other: Path, rounds: int) -> SpeedRow:
    """Run both graphs in turn, each on one picture of noise."""
    (ours, shape), (theirs, other_shape) = _open(graph), _open(other)
    timed = islice(in_turns([ours, theirs]), rounds)
    times_ms = np.array([*tqdm(timed, total=rounds, desc=f"{name} beside {beside}")])
    ratios = times_ms[:, 0] / times_ms[:, 1]
    low, high = np.percentile(ratios, [10, 90])
    medians = np.median(times_ms, axis=0)
    return SpeedRow(
        name,
        shape,
        float(medians[0]),
        beside,
        other_shape,
        float(medians[1]),
        float(np.median(ratios)),
        float(low),
        float(high),
        rounds,
    )


def _open(graph: Path) -> tuple[Run, str]:
    """Open a graph; returns a function that runs it on one picture, and the picture's size."""
    session = onnxruntime.InferenceSession(str(graph), session_options(1), providers=["CPUExecutionProvider"])
    (entry,) = session.get_inputs()
    height, width = entry.shape[1:3]
    picture = np.random.default_rng(0).integers(0, 256, (1, height, width, 3), np.uint8)
    feed: Mapping[str, Any] = {entry.name: picture}
    return lambda: session.run(None, feed), f"{width} x {height}"
