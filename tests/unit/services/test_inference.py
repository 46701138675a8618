"""What a start does again, and what it remembers of the ones before, with the demo models."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.errors import ArtifactError
from domain.taxonomy import Taxonomy
from services.batching import BatchingOptions
from services.inference import Inference, InferenceOptions

ROOT = Path(__file__).parents[3]


@pytest.fixture
def options(tmp_path: Path) -> InferenceOptions:
    """Artifacts of one's own, and a cache."""
    for name in ("demo-detector", "demo-embedder"):
        shutil.copytree(ROOT / "artifacts" / name, tmp_path / name)
    return InferenceOptions(
        tmp_path / "demo-detector", tmp_path / "demo-embedder", cache_folder=tmp_path / "cache"
    )


async def start(options: InferenceOptions) -> None:
    inference = await Inference.load(options, Taxonomy.load(ROOT / "taxonomy.toml"), lambda *_: None)
    await inference.close()


def golden_lines(log: pytest.LogCaptureFixture) -> list[str]:
    lines = [line.partition(" golden")[0] for line in log.messages if "golden outputs hold" in line]
    log.clear()
    return lines


async def test_all_golden_outputs_are_compared_once_and_the_first_at_every_start(
    options: InferenceOptions, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "armoire.inference")
    await start(options)
    assert golden_lines(caplog) == ["all"] * 3
    await start(options)
    assert golden_lines(caplog) == ["the first"] * 3
    manifest = options.detector / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"demo-detector"', '"another"'))
    await start(options)
    assert sorted(golden_lines(caplog)) == ["all", "the first", "the first"]


async def test_a_prepared_graph_that_answers_otherwise_is_refused_by_a_later_start(
    options: InferenceOptions,
) -> None:
    await start(options)
    assert options.cache_folder is not None
    (weights,) = options.cache_folder.glob("graphs/image-*/graph.weights")
    floats = np.fromfile(weights, np.float32)
    floats[len(floats) // 2 :] *= -1
    floats.tofile(weights)
    with pytest.raises(ArtifactError, match="golden embeddings differ"):
        await start(options)


async def text_batches(options: InferenceOptions) -> set[int]:
    """Rows in the batches of twelve texts."""
    rows: list[int] = []

    def observe(model: str, count: int, seconds: float) -> None:
        if model == "text":
            rows.append(count)

    inference = await Inference.load(options, Taxonomy.load(ROOT / "taxonomy.toml"), observe)
    rows.clear()
    await inference.pipeline.embed_texts(["red dress"] * 12)
    await inference.close()
    return set(rows)


@pytest.mark.parametrize("long_s", [-1.0, 1e9])
async def test_that_batches_of_a_large_model_do_not_pay_is_remembered(
    options: InferenceOptions, monkeypatch: pytest.MonkeyPatch, long_s: float
) -> None:
    options = replace(options, text_batching=BatchingOptions(max_batch=8, max_run_s=1e-9))
    monkeypatch.setattr("services.inference.LONG_S", long_s)
    monkeypatch.setattr("services.runner._WORTH", 1e9)  # nothing pays
    assert await text_batches(options) == {1}
    monkeypatch.setattr("services.runner._WORTH", 0.0)  # everything would
    remembered = await text_batches(options) == {1}
    assert remembered is (long_s < 0)
