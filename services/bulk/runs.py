"""Where shards are worked on: in this process, or by actors of a Ray cluster."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from domain.errors import FailedPrecondition
from services.bulk.event_loop import EventLoop
from services.bulk.shard import BulkWork, Shard, ShardResult

CORES_SHARE = 0.75
"""Of a node's cores that its actor reserves: Ray Data reads its blocks with what is left, and waits for ever
where nothing is."""


def run_here(work: BulkWork, shards: Sequence[Shard]) -> Iterator[ShardResult]:
    """Work on the shards in this process, one after the other: the pipeline takes all cores for each."""
    with asyncio.Runner() as loop:
        worker = loop.run(work.open())
        try:
            for shard in shards:
                yield loop.run(worker.work(shard))
        finally:
            loop.run(worker.close())


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Ray cluster.

    Attributes:
        address: of its head, as host:port or ray://host:port; "auto" for that of this machine, "local" for
            one that begins and ends with this process.
        actors: processes with models; 0 means one on each node.
        gpus: GPUs of each.
    """

    address: str
    actors: int = 0
    gpus: float = 0.0

    def run(self, work: BulkWork, shards: Sequence[Shard]) -> Iterator[ShardResult]:
        """Work on the shards by Ray Data, in any order. A shard whose node ends is worked on again.

        Every node has this program at the same path, the same settings in its environment, and reaches the
        same stores.

        Raises:
            FailedPrecondition: Ray is not installed, or the cluster cannot be reached.
        """
        ray = _import_ray()
        try:
            ray.init(self.address, log_to_driver=False, logging_level=logging.ERROR)
        except ConnectionError as error:
            raise FailedPrecondition(f"no Ray cluster answers at {self.address}: {error}") from None
        try:
            yield from self._run(ray, work, shards)
        finally:
            ray.shutdown()

    def _run(self, ray: Any, work: BulkWork, shards: Sequence[Shard]) -> Iterator[ShardResult]:
        nodes = [node["Resources"].get("CPU", 0.0) for node in ray.nodes() if node["Alive"]]
        cores = min((count for count in nodes if count), default=1.0)
        actors = self.actors or len(nodes)
        on_each = max(1, -(-actors // len(nodes)))
        ray.data.DataContext.get_current().enable_progress_bars = False
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        dataset = ray.data.from_items(
            [{"shard": shard} for shard in shards], override_num_blocks=len(shards)
        ).map(
            ShardActor,
            fn_constructor_args=(work,),
            compute=ray.data.ActorPoolStrategy(size=min(actors, len(shards))),
            num_cpus=CORES_SHARE * cores / on_each,
            num_gpus=self.gpus,
        )
        for row in dataset.iter_rows():
            yield ShardResult(**row)


class ShardActor:
    """What Ray Data calls with each shard, in a process that keeps its models."""

    def __init__(self, work: BulkWork) -> None:
        self._loop = EventLoop()
        self._worker = self._loop.run(work.open())
        self._node = _import_ray().get_runtime_context().get_node_id()[:8]

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        result = self._loop.run(self._worker.work(row["shard"]))
        return asdict(replace(result, node=f"{result.node} ({self._node})"))


def _import_ray() -> Any:
    try:
        import ray
        import ray.data
    except ImportError:
        raise FailedPrecondition("Ray is not installed: pip install --group ray") from None
    return ray
