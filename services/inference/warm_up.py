"""Runs that come before the first call: they find out how large a batch may grow."""

from __future__ import annotations

import asyncio
import logging
import time

from models.fact_cache import FactCache
from models.model import Model
from services.inference.batching.batcher import BatchingOptions
from services.inference.loaded_models import model_facts
from services.inference.options import InferenceOptions
from services.inference.runner import LocalRunner

LOG = logging.getLogger("armoire.inference")

LONG_S = 0.25
"""CPU seconds from which on a warm-up is too long for every start."""


async def warm_up(
    runner: LocalRunner, model: Model, options: InferenceOptions, batching: BatchingOptions
) -> None:
    """A large model whose largest batch is known was warmed by its golden input."""
    largest, source = await _largest_batch(runner, model, options, batching)
    LOG.info("%s: up to %d rows in a batch (%s)", runner.name, largest, source)


async def _largest_batch(
    runner: LocalRunner, model: Model, options: InferenceOptions, batching: BatchingOptions
) -> tuple[int, str]:
    """The rows, and where that is known from."""
    checked = options.verify_golden and options.provider == "cpu"
    record = FactCache.below(options.cache_folder if checked else None)
    how = (options.intra_op_threads, batching.max_batch, batching.max_run_s)
    facts = ("largest batch", *map(str, how), *model_facts(model))
    known = record.get(*facts) or ""
    if known.isdecimal() and 1 <= int(known) <= batching.max_batch:
        runner.limit_batch(int(known))
        return int(known), "known from an earlier start"
    started_s = time.process_time()
    largest = await runner.warm_up()
    await asyncio.to_thread(model.settle, runner.row[None])
    if time.process_time() - started_s > LONG_S:
        record.put(str(largest), *facts)
    return largest, "measured now"
