"""How large a batch may grow, and what a start remembers of it, with the demo models."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.taxonomy import Taxonomy
from domain.types import FloatArray
from models.text_encoder import TextEncoder
from services.inference.batching.batcher import BatchRun
from services.inference.batching.options import BatchingOptions
from services.inference.options import InferenceOptions
from services.inference.service import InferenceService

ROOT = Path(__file__).parents[4]


async def text_batches(options: InferenceOptions) -> set[int]:
    """Rows in the batches of twelve texts."""
    rows: list[int] = []

    def observe(run: BatchRun) -> None:
        if run.model == "text":
            rows.append(run.rows)

    inference = await InferenceService.load(options, Taxonomy.load(ROOT / "domain/taxonomy.toml"), observe)
    rows.clear()
    await inference.pipeline.embed_texts(["red dress"] * 12)
    await inference.close()
    return set(rows)


@pytest.mark.parametrize("long_s", [-1.0, 1e9])
async def test_the_largest_batch_of_a_large_model_is_remembered(
    options: InferenceOptions,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    long_s: float,
) -> None:
    caplog.set_level(logging.INFO, "armoire.inference")
    options = replace(options, text_batching=BatchingOptions(max_batch=8, max_run_s=1e-9))
    monkeypatch.setattr("services.inference.warm_up.LONG_S", long_s)
    monkeypatch.setattr("services.inference.runner._MAX_RUNS", 1e9)
    monkeypatch.setattr("services.inference.runner._MIN_GAIN", 1e9)  # nothing pays
    assert await text_batches(options) == {1}
    monkeypatch.setattr("services.inference.runner._MIN_GAIN", 0.0)  # everything would
    remembered = await text_batches(options) == {1}
    assert remembered is (long_s < 0)
    told = [line for line in caplog.messages if line.startswith("text: up to")]
    assert told[0] == "text: up to 1 rows in a batch (measured now)"
    assert ("text: up to 1 rows in a batch (known from an earlier start)" in told) is remembered


async def test_texts_are_measured_at_their_full_length(
    options: InferenceOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths: list[set[int]] = []
    run = TextEncoder.run

    def watched(encoder: TextEncoder, batch: NDArray[np.int64], *, exclusive: bool = False) -> FloatArray:
        lengths.append({int(end) + 1 for end in batch.argmax(axis=1)})
        return run(encoder, batch, exclusive=exclusive)

    monkeypatch.setattr(TextEncoder, "run", watched)
    inference = await InferenceService.load(
        replace(options, text_batching=BatchingOptions(max_batch=4)),
        Taxonomy.load(ROOT / "domain/taxonomy.toml"),
        lambda *_: None,
    )
    text = inference.graphs()[-1].manifest.text
    await inference.close()
    assert text is not None
    longest = text.context_length
    assert lengths.count({longest}) >= 3  # batches of 1, 2 and 4


async def test_a_start_that_fails_in_the_warm_up_leaves_no_thread(
    options: InferenceOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_encoder: TextEncoder, _batch: NDArray[np.int64], *, exclusive: bool = False) -> FloatArray:
        if threading.current_thread().name.startswith("device"):
            raise RuntimeError("no such kernel")
        return run(_encoder, _batch, exclusive=exclusive)

    run = TextEncoder.run
    monkeypatch.setattr(TextEncoder, "run", fail)
    before = set(threading.enumerate())
    with pytest.raises(RuntimeError, match="no such kernel"):
        await InferenceService.load(options, Taxonomy.load(ROOT / "domain/taxonomy.toml"), lambda *_: None)
    assert not [each for each in set(threading.enumerate()) - before if each.name.startswith("device")]
