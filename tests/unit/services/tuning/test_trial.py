"""Clients are timed as they say, and a visit runs the real models."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from domain.errors import ArtifactError, Overloaded
from domain.taxonomy import Taxonomy
from services.inference.batching.batcher import BatchingOptions
from services.inference.options import InferenceOptions
from services.tuning.setting import Rpc, Setting
from services.tuning.trial import ANSWERS_A_CLIENT, LEAST_LONE_CALLS, Trial, Workload, time_crowd, time_lone

ROOT = Path(__file__).parents[4]


class Server:
    """Answers after a few turns of the loop; knows who is with it and what came."""

    def __init__(self, fails_at: int = 0) -> None:
        self.seen: list[bytes] = []
        self.present = 0
        self.most = 0
        self._fails_at = fails_at

    async def send(self, photo: bytes) -> None:
        self.seen.append(photo)
        self.present += 1
        self.most = max(self.most, self.present)
        try:
            for _ in range(3):
                await asyncio.sleep(0)
            if len(self.seen) == self._fails_at:
                raise Overloaded("the queue is full")
        finally:
            self.present -= 1


async def test_a_lone_client_has_nobody_beside_it() -> None:
    server = Server()
    times = await time_lone(server.send, [b"a", b"b"], 0.0)
    assert len(times) == LEAST_LONE_CALLS
    assert server.most == 1
    assert server.seen[:4] == [b"a", b"b", b"a", b"b"]
    assert len(server.seen) == LEAST_LONE_CALLS + 1


async def test_a_lone_client_goes_on_for_its_seconds() -> None:
    times = await time_lone(Server().send, [b"a"], 0.05)
    assert sum(times) / 1e3 <= 0.05 + max(times) / 1e3
    assert len(times) > LEAST_LONE_CALLS


async def test_a_crowd_is_as_large_as_asked_and_all_of_it_is_gone_afterwards() -> None:
    server = Server()
    crowd = await time_crowd(server.send, [b"a", b"b", b"c"], 6, 0.0)
    assert server.most == 6
    assert server.present == 0
    assert len(crowd.latencies_ms) == 6 * ANSWERS_A_CLIENT
    assert crowd.seconds > 0
    assert {bytes(photo) for photo in server.seen} == {b"a", b"b", b"c"}


async def test_a_crowd_goes_on_for_its_seconds() -> None:
    crowd = await time_crowd(Server().send, [b"a"], 2, 0.05)
    assert crowd.seconds >= 0.05
    assert len(crowd.latencies_ms) > 2 * ANSWERS_A_CLIENT


async def test_an_error_of_a_call_ends_the_crowd() -> None:
    server = Server(fails_at=20)
    with pytest.raises(Overloaded, match="queue is full"):
        await time_crowd(server.send, [b"a"], 4, 60.0)
    assert server.present == 0


def trial(rpc: Rpc, cache: Path, max_queue_rows: int = 64) -> Trial:
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
    return Trial(options, Taxonomy.load(ROOT / "taxonomy.toml"), Workload(rpc, photos, clients=4))


async def test_a_visit_measures_the_real_models(tmp_path: Path) -> None:
    found = await trial("detect", tmp_path).visit(Setting("cpu", 2, 1, 2, 2, 4), 0.0, verify=True)
    assert found.lone_calls == LEAST_LONE_CALLS
    assert found.load_calls == 4 * ANSWERS_A_CLIENT
    assert found.load_p99_ms >= found.load_p50_ms > 0
    assert min(found.lone_p50_ms, found.throughput_per_s, found.open_s) > 0
    assert 1 <= found.detector_rows <= 2
    assert found.detector_most == 2
    assert found.image_rows == found.image_most == 0


async def test_a_call_for_vectors_leaves_the_detector_alone(tmp_path: Path) -> None:
    found = await trial("embed", tmp_path).visit(Setting("cpu", 1, 1, 1, 2, 1), 0.0)
    assert found.detector_rows == 0
    assert found.image_rows == 1


async def test_a_full_queue_is_told(tmp_path: Path) -> None:
    with pytest.raises(Overloaded, match="max_queue_rows = 1"):
        await trial("detect", tmp_path, max_queue_rows=1).visit(Setting("cpu", 1, 1, 1, 1, 1), 0.0)


async def test_a_wrong_model_is_told(tmp_path: Path) -> None:
    wrong = trial("detect", tmp_path)
    swapped = InferenceOptions(ROOT / "artifacts/demo-embedder", ROOT / "artifacts/demo-embedder")
    with pytest.raises(ArtifactError, match="'detect' is needed"):
        await Trial(lambda _: swapped, wrong.taxonomy, wrong.workload).visit(
            Setting("cpu", 1, 1, 1, 1, 1), 0.0
        )
