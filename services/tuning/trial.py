"""A trial of one setting: the models are loaded as the server loads them and called through its pipeline."""

from __future__ import annotations

import gc
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import numpy as np

from domain.taxonomy import Taxonomy
from services.inference.batching.batcher import BatchRun
from services.inference.batching.options import BatchingOptions
from services.inference.options import InferenceOptions
from services.inference.pipeline.pipeline import Pipeline
from services.inference.service import InferenceService
from services.tuning.load import Send, measure_latencies, measure_load
from services.tuning.setting import Rpc, Setting

SINGLE_SHARE = 1 / 3
"""Share of a trial's time that belongs to the single client."""


@dataclass(frozen=True, slots=True)
class TrialResult:
    """Figures of one trial: of a single client, then of a closed loop of several clients.

    `detector_rows` and `image_rows` are the mean batch sizes under load, `detector_most` and `image_most` the
    largest; they are 0 for a model that the call does not use.
    """

    single_p50_ms: float
    throughput_per_s: float
    load_p50_ms: float
    load_p99_ms: float
    single_calls: int
    load_calls: int
    detector_rows: float
    image_rows: float
    detector_most: int
    image_most: int
    load_models_s: float


@dataclass(frozen=True, slots=True)
class Workload:
    """The measured call, the photos that it is made with in turn, and the clients of the closed loop."""

    rpc: Rpc
    photos: Sequence[bytes]
    clients: int

    def send(self, pipeline: Pipeline) -> Send:
        if self.rpc == "detect":
            return pipeline.detect
        return pipeline.embed_image if self.rpc == "embed" else pipeline.analyze


@dataclass(frozen=True, slots=True, eq=False)
class TrialRunner:
    """Runs trials; `options_of` gives the options that the server would have with a setting."""

    options_of: Callable[[Setting], InferenceOptions]
    taxonomy: Taxonomy
    workload: Workload

    async def run(self, setting: Setting, seconds: float, *, verify: bool = False) -> TrialResult:
        """Load the models, measure for about `seconds`, unload; `verify` also compares the golden outputs.

        Raises:
            ArmoireError: the models cannot be loaded, or a call fails.
        """
        workload, batches, started = self.workload, BatchSizes(), time.perf_counter()
        async with self._loaded(setting, batches, verify) as pipeline:
            load_models_s = time.perf_counter() - started
            send = workload.send(pipeline)
            single_ms = await measure_latencies(send, workload.photos, seconds * SINGLE_SHARE)
            batches.clear()
            load = await measure_load(send, workload.photos, workload.clients, seconds * (1 - SINGLE_SHARE))
        return TrialResult(
            single_p50_ms=float(np.median(single_ms)),
            throughput_per_s=len(load.latencies_ms) / load.seconds,
            load_p50_ms=float(np.median(load.latencies_ms)),
            load_p99_ms=float(np.percentile(load.latencies_ms, 99)),
            single_calls=len(single_ms),
            load_calls=len(load.latencies_ms),
            detector_rows=batches.mean("detector"),
            image_rows=batches.mean("image"),
            detector_most=batches.most("detector"),
            image_most=batches.most("image"),
            load_models_s=load_models_s,
        )

    @asynccontextmanager
    async def _loaded(self, setting: Setting, batches: BatchSizes, verify: bool) -> AsyncIterator[Pipeline]:
        """Load one setting at a time, to fit a small memory."""
        options = _without_unused_batches(self.options_of(setting), self.workload.rpc)
        options = replace(options, verify_golden=verify)
        inference = await InferenceService.load(options, self.taxonomy, batches.observe)
        try:
            yield inference.pipeline
        finally:
            await inference.close()
            del inference
            gc.collect()  # frees the sessions: batchers and their device refer to each other


def _without_unused_batches(options: InferenceOptions, rpc: Rpc) -> InferenceOptions:
    """Batches of what the call does not use are not warmed up."""
    single = BatchingOptions(max_batch=1)
    options = replace(options, text_batching=single)
    if rpc == "detect":
        return replace(options, image_batching=single)
    return replace(options, detector_batching=single) if rpc == "embed" else options


@dataclass(eq=False)
class BatchSizes:
    """The sizes of the batches that each model ran."""

    _rows: dict[str, list[int]] = field(default_factory=dict)

    def observe(self, run: BatchRun) -> None:
        self._rows.setdefault(run.model, []).append(run.rows)

    def clear(self) -> None:
        self._rows.clear()

    def mean(self, model: str) -> float:
        """The mean batch size; 0 if the model did not run."""
        rows = self._rows.get(model, [])
        return sum(rows) / len(rows) if rows else 0.0

    def most(self, model: str) -> int:
        """The largest batch; 0 if the model did not run."""
        return max(self._rows.get(model, []), default=0)
