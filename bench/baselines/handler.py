"""What every baseline runs for a photo: the functions of the raw loop, with answers that JSON can hold."""

from __future__ import annotations

import dataclasses
import os
from functools import cache
from pathlib import Path
from typing import Any, cast

import cv2

from bench.model_pair import ROOT, ModelPair
from bench.raw_loop import RawModels
from domain.taxonomy import Taxonomy
from models.providers import Provider

DETECTOR, EMBEDDER = "BENCH_DETECTOR", "BENCH_EMBEDDER"
CACHE, COPIES, THREADS = "BENCH_CACHE", "BENCH_COPIES", "BENCH_THREADS"
PORT, OPTIMIZED, PROVIDER = "BENCH_PORT", "BENCH_OPTIMIZED", "BENCH_PROVIDER"
"""Environment variables by which the bench configures a baseline server."""


@cache
def load_models() -> RawModels:
    """Load the models that the environment names, once per process."""
    cv2.setNumThreads(1)
    provider = cast(Provider, os.environ[PROVIDER])
    pair = ModelPair(Path(os.environ[DETECTOR]), Path(os.environ[EMBEDDER]), provider)
    taxonomy = Taxonomy.load(ROOT / "domain/taxonomy.toml")
    cache, optimized = Path(os.environ[CACHE]), bool(number(OPTIMIZED))
    return RawModels.load(pair, taxonomy, cache, number(THREADS), optimized=optimized, both=False)


def number(variable: str) -> int:
    return int(os.environ[variable])


def answer(models: RawModels, rpc: str, content: bytes) -> list[Any]:
    """Answer one call: "detect" gives detections, "embed" the embedding, "analyze" the number of items."""
    (found,) = models.work(rpc)([content])
    if rpc == "detect":
        return [dataclasses.asdict(detection) for detection in found]
    return list(found.tolist()) if rpc == "embed" else [found]
