"""Warm-up: runs before the first call, which find the largest useful batch."""

from __future__ import annotations

import asyncio
import logging
import time

from models.fact_cache import FactCache
from models.model import Model
from services.inference.batching.options import BatchingOptions
from services.inference.loaded_models import model_facts
from services.inference.options import InferenceOptions
from services.inference.runner import LocalRunner

LOG = logging.getLogger("armoire.inference")

LONG_S = 0.25
"""CPU seconds; the result of a longer warm-up is cached for the next start."""


async def warm_up(
    runner: LocalRunner,
    model: Model,
    options: InferenceOptions,
    batching: BatchingOptions,
    *,
    remember: bool = True,
) -> None:
    """Find the largest batch of a runner, unless it is cached and golden inputs have warmed the model up.

    `remember` caches the result; what was measured beside calls is no good for the next start.
    """
    largest, source = await _largest_batch(runner, model, options, batching, remember)
    LOG.info("%s: up to %d rows in a batch (%s)", runner.name, largest, source)


async def _largest_batch(
    runner: LocalRunner,
    model: Model,
    options: InferenceOptions,
    batching: BatchingOptions,
    remember: bool,
) -> tuple[int, str]:
    """The number of rows, and its origin for the log."""
    checked = options.verify_golden and model.provider == "cpu"
    facts = FactCache.below(options.cache_folder if checked else None)
    how = (options.intra_op_threads, batching.max_batch, batching.max_run_s)
    key = ("largest batch", *map(str, how), *model_facts(model))
    known = facts.get(*key) or ""
    if known.isdecimal() and 1 <= int(known) <= batching.max_batch:
        runner.limit_batch(int(known))
        return int(known), "known from an earlier start"
    started_s = time.process_time()
    largest = await runner.warm_up()
    await asyncio.to_thread(model.shrink_arena, runner.row[None])
    if remember and time.process_time() - started_s > LONG_S:
        facts.put(str(largest), *key)
    return largest, "measured now"
