"""The plain loops do the server's work."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bench.model_pair import DEMO_DETECTOR, DEMO_EMBEDDER, ROOT, ModelPair
from bench.naive_models import NaiveModels
from bench.raw_loop import LoopSetting, RawModels, loop_throughput, raw_latencies_ms
from domain.taxonomy import Taxonomy


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> RawModels:
    taxonomy = Taxonomy.load(ROOT / "domain/taxonomy.toml")
    return RawModels.load(ModelPair(), taxonomy, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def photos() -> list[bytes]:
    return [path.read_bytes() for path in sorted((ROOT / "samples").glob("*.jpg"))[:5]]


@pytest.mark.parametrize("rpc", ["detect", "embed", "analyze"])
def test_a_batch_answers_as_its_photos_do(models: RawModels, photos: list[bytes], rpc: str) -> None:
    work = models.work(rpc)
    together, apart = work(photos), [work([photo])[0] for photo in photos]
    assert len(together) == len(photos)
    for one, other in zip(together, apart, strict=True):
        if rpc == "embed":
            assert float(np.dot(one, other)) == pytest.approx(1.0, abs=1e-4)
        else:
            assert np.size(one) == np.size(other)


def test_the_loop_of_floats_finds_what_the_raw_loop_finds(
    models: RawModels, photos: list[bytes], tmp_path: Path
) -> None:
    graphs = DEMO_DETECTOR / "detector.onnx", DEMO_EMBEDDER / "image.onnx"
    plain = NaiveModels.load(models, *graphs, tmp_path)
    expected, found = models.detect(photos), plain.detect(photos)
    assert sum(map(len, expected)) > 0
    best = [(theirs[0], ours[0]) for theirs, ours in zip(found, expected, strict=True) if ours and theirs]
    assert len(best) == sum(1 for ours in expected if ours)
    assert all(abs(theirs.box.x1 - ours.box.x1) < 12 for theirs, ours in best)
    assert all(abs(float(np.linalg.norm(vector)) - 1) < 1e-3 for vector in plain.embed(photos))


def test_a_loop_counts_photos_of_all_its_threads() -> None:
    seen: list[bytes] = []
    names: set[str] = set()

    def work(contents: Sequence[bytes]) -> None:
        seen.extend(contents)
        names.add(threading.current_thread().name)

    per_s = loop_throughput(work, [b"a", b"b", b"c"], LoopSetting(2, 4), seconds=0.05)
    assert set(seen) == {b"a", b"b", b"c"}
    assert len(seen) % 4 == 0
    assert per_s <= len(seen) / 0.05


def test_latencies_come_one_by_one(models: RawModels, photos: list[bytes]) -> None:
    assert min(raw_latencies_ms(models, "embed", photos, seconds=0.1)) > 0
