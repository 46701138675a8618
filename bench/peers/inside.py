"""What is inside every peer: the functions of the plain loop, and answers as JSON can hold them."""

from __future__ import annotations

import dataclasses
import os
from functools import cache
from pathlib import Path
from typing import Any, cast

import cv2

from bench.models import ROOT, ModelPair
from bench.raw import RawModels
from domain.taxonomy import Taxonomy
from models.providers import Provider

DETECTOR, EMBEDDER = "BENCH_DETECTOR", "BENCH_EMBEDDER"
CACHE, COPIES, THREADS = "BENCH_CACHE", "BENCH_COPIES", "BENCH_THREADS"
PORT, PREPARED, PROVIDER = "BENCH_PORT", "BENCH_PREPARED", "BENCH_PROVIDER"
"""The names of the variables that tell a peer what to do."""


@cache
def load_models() -> RawModels:
    """As the environment says; once in a process."""
    cv2.setNumThreads(1)
    provider = cast(Provider, os.environ[PROVIDER])
    pair = ModelPair(Path(os.environ[DETECTOR]), Path(os.environ[EMBEDDER]), provider)
    taxonomy = Taxonomy.load(ROOT / "taxonomy.toml")
    cache, prepared = Path(os.environ[CACHE]), bool(number(PREPARED))
    return RawModels.load(pair, taxonomy, cache, number(THREADS), prepared=prepared, both=False)


def number(variable: str) -> int:
    return int(os.environ[variable])


def answer(models: RawModels, rpc: str, content: bytes) -> list[Any]:
    """The photo's detections, its embedding, or the number of its items."""
    (found,) = models.work(rpc)([content])
    if rpc == "detect":
        return [dataclasses.asdict(detection) for detection in found]
    return list(found.tolist()) if rpc == "embed" else [found]
