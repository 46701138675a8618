"""The device process: models, batches and the socket of the edges. It serves no calls itself."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from domain.taxonomy import Taxonomy
from models.model import Model
from services.host.home import HomeLock
from services.host.metrics.prometheus import Metrics, NoMetrics
from services.host.metrics.refresh import Refresher
from services.inference.batching.batcher import BatchObserver
from services.inference.device_process.handshake import GraphOnDevice
from services.inference.device_process.server import DeviceServer, ServedGraph
from services.inference.device_process.shared_rows import RowLayout
from services.inference.model_host import ModelHost
from services.inference.options import InferenceOptions
from services.inference.runner import LocalRunner

LOG = logging.getLogger("armoire.device")

DISCONNECT_S = 2.0
"""Seconds that an edge has to disconnect after its last call."""


def socket_path(home: Path) -> Path:
    """The path of the socket of the device process of a home."""
    return home.resolve() / "device.sock"


@dataclass(eq=False)
class DeviceProcess:
    """The device process: `start`, then `ready`, then `stop`. It locks its home, where only one may listen.

    `drain_s` is the time that calls in flight have to finish on shutdown.
    """

    home: Path
    taxonomy: Path
    options: InferenceOptions
    observe: BatchObserver
    drain_s: float = 20.0
    metrics: Metrics = NoMetrics()
    ready: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._closing = AsyncExitStack()

    async def start(self) -> None:
        """Load and warm the models, then listen. Raises as `ModelHost.load` and `DeviceServer.start`."""
        try:
            await self._start()
        except BaseException:
            await self._closing.aclose()
            raise

    async def _start(self) -> None:
        hint = "It serves models to the edges of this home: stop it, or set ARMOIRE_HOME to another folder"
        lock = HomeLock(self.home, "device.lock", hint)
        lock.acquire()
        self._closing.callback(lock.release)
        host = await ModelHost.load(self.options, Taxonomy.load(self.taxonomy), self.observe)
        self._closing.push_async_callback(host.close)
        self._closing.callback(asyncio.create_task(self._refresher(host).run()).cancel)
        graphs = [
            await asyncio.to_thread(_served, model, host.runner(name))
            for name, model in host.models.by_graph.items()
        ]
        server = DeviceServer(socket_path(self.home), graphs, self.drain_s + DISCONNECT_S)
        await server.start()
        self._closing.push_async_callback(server.stop)
        LOG.info("the device process listens for edge processes at %s", server.path)
        self.ready = True

    def _refresher(self, host: ModelHost) -> Refresher:
        versions = {name: model.version.model_version for name, model in host.models.by_graph.items()}
        return Refresher(
            self.metrics,
            lambda: [(name, versions[name], host.runner(name).waiting_rows) for name in versions],
        )

    def begin_drain(self) -> None:
        """The edges drain, and need the models for it: nothing changes before `stop`."""

    async def stop(self) -> None:
        self.ready = False
        await self._closing.aclose()


def _served(model: Model, runner: LocalRunner) -> ServedGraph:
    """The graph with the layout of its output rows, which one run determines."""
    output = model.run(runner.row[None])[0]
    version = model.version
    about = GraphOnDevice(
        model.graph,
        version.model_version,
        version.preprocess_version,
        model.provider,
        RowLayout.of(runner.row, output),
    )
    return ServedGraph(about, runner)
