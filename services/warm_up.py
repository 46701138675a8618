"""Runs that come before the first call: they find out how large a batch may grow."""

from __future__ import annotations

import logging
import time

from models.model import Model
from models.record import Record
from services.batching import BatchingOptions
from services.inference_options import InferenceOptions
from services.opening import model_facts
from services.runner import Runner

LOG = logging.getLogger("armoire.inference")

LONG_S = 0.25
"""CPU seconds from which on a warm-up is too long for every start."""


async def warm_up(runner: Runner, model: Model, options: InferenceOptions, batching: BatchingOptions) -> None:
    """A large model of which is known that batches do not pay was warmed by its golden input."""
    largest, source = await _largest_batch(runner, model, options, batching)
    LOG.info("%s: up to %d rows in a batch (%s)", runner.name, largest, source)


async def _largest_batch(
    runner: Runner, model: Model, options: InferenceOptions, batching: BatchingOptions
) -> tuple[int, str]:
    """The rows, and where that is known from."""
    checked = options.verify_golden and options.provider == "cpu"
    record = Record.below(options.cache_folder if checked else None)
    how = (options.intra_op_threads, batching.max_batch, batching.max_run_s)
    facts = ("row by row", *map(str, how), *model_facts(model))
    if record.recall(*facts) == "yes":
        runner.limit_batch(1)
        return 1, "known from an earlier start"
    started_s = time.process_time()
    largest = await runner.warm_up()
    if largest == 1 and time.process_time() - started_s > LONG_S:
        record.keep("yes", *facts)
    return largest, "measured now"
