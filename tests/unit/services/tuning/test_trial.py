"""A trial runs the real models."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import ArtifactError, Overloaded
from domain.taxonomy import Taxonomy
from services.inference.batching.options import BatchingOptions
from services.inference.options import InferenceOptions
from services.tuning.load import MIN_ANSWERS_PER_CLIENT, MIN_SINGLE_CALLS
from services.tuning.setting import Rpc, Setting
from services.tuning.trial import TrialRunner, Workload

ROOT = Path(__file__).parents[4]


def trial(rpc: Rpc, cache: Path, max_queue_rows: int = 64) -> TrialRunner:
    def options(setting: Setting) -> InferenceOptions:
        batching = BatchingOptions(max_batch=setting.detector_max_batch, max_queue_rows=max_queue_rows)
        return InferenceOptions(
            ROOT / "artifacts/demo-detector",
            ROOT / "artifacts/demo-embedder",
            slots=setting.slots,
            exclusive_threads=setting.exclusive_threads,
            cache_folder=cache,
            detector_batching=batching,
            image_batching=BatchingOptions(max_batch=setting.embedder_max_batch),
        )

    photos = [path.read_bytes() for path in sorted((ROOT / "samples").glob("*.jpg"))[:3]]
    return TrialRunner(
        options, Taxonomy.load(ROOT / "domain/taxonomy.toml"), Workload(rpc, photos, clients=4)
    )


async def test_a_trial_measures_the_real_models(tmp_path: Path) -> None:
    found = await trial("detect", tmp_path).run(Setting("cpu", 2, 1, 2, 2, 4), 0.0, verify=True)
    assert found.single_calls == MIN_SINGLE_CALLS
    assert found.load_calls == 4 * MIN_ANSWERS_PER_CLIENT
    assert found.load_p99_ms >= found.load_p50_ms > 0
    assert min(found.single_p50_ms, found.throughput_per_s, found.load_models_s) > 0
    assert 1 <= found.detector_rows <= found.detector_most <= 2
    assert found.image_rows == found.image_most == 0


async def test_a_call_for_vectors_does_not_run_the_detector(tmp_path: Path) -> None:
    found = await trial("embed", tmp_path).run(Setting("cpu", 1, 1, 1, 2, 1), 0.0)
    assert found.detector_rows == 0
    assert found.image_rows == 1


async def test_a_full_queue_fails_the_trial(tmp_path: Path) -> None:
    with pytest.raises(Overloaded, match="it takes at most 1 in all"):
        await trial("detect", tmp_path, max_queue_rows=1).run(Setting("cpu", 1, 1, 1, 1, 1), 0.0)


async def test_a_model_for_another_task_fails_the_trial(tmp_path: Path) -> None:
    wrong = trial("detect", tmp_path)
    swapped = InferenceOptions(ROOT / "artifacts/demo-embedder", ROOT / "artifacts/demo-embedder")
    with pytest.raises(ArtifactError, match="'detect' is needed"):
        await TrialRunner(lambda _: swapped, wrong.taxonomy, wrong.workload).run(
            Setting("cpu", 1, 1, 1, 1, 1), 0.0
        )
