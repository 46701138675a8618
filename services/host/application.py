"""One server process: its rooms built from the inside out, started and stopped as a whole."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from google.protobuf.message import Message

from armoire.v1 import catalog_pb2, catalog_pb2_grpc, inference_pb2, inference_pb2_grpc
from domain.errors import FailedPrecondition, Overloaded, Unavailable
from domain.taxonomy import Taxonomy
from services.background.backoff import Backoff
from services.background.retry import retry
from services.catalog.analyzer import Analyzer
from services.edge.inference_servicer import InferenceLimits, InferenceServicer
from services.edge.interceptors import Admission, CallObserver
from services.edge.late_servicer import LateServicer
from services.edge.model_conversion import graph_to_proto
from services.edge.server import GrpcOptions, GrpcServer, HostedService
from services.edge.validation import RequestLimits
from services.host.home import HomeLock
from services.inference.device_process.link import DeviceLink
from services.inference.options import InferenceOptions
from services.inference.service import InferenceService
from services.remote.analyzer import RemoteAnalyzer

if TYPE_CHECKING:
    from services.catalog.catalog import Catalog, CatalogOptions

INFERENCE = inference_pb2.DESCRIPTOR.services_by_name["InferenceService"]
CATALOG = catalog_pb2.DESCRIPTOR.services_by_name["CatalogService"]
LOG = logging.getLogger("armoire")
READINESS_CHECK_S = 1.0
DEVICE_RETRY = Backoff(0.5, 5.0)


class Metrics(Protocol):
    """Told of every call and of every batch."""

    def observe_call(self, method: str, status: str, seconds: float, /) -> None: ...

    def observe_batch(self, model: str, rows: int, seconds: float, /) -> None: ...


@dataclass(frozen=True, slots=True)
class ApplicationOptions:
    """What this process hosts and where. A part that is None is not hosted.

    Attributes:
        home: the folder of all state, locked where the catalogue is hosted.
        device_socket: where the device process listens that runs the models; None where they run in this one.
        catalog: makes the catalogue's options. It is called on a thread, since it imports the libraries of
            the stores, which takes a second.
        inference_address: host:port of the InferenceService that a catalogue without models calls.
    """

    home: Path
    taxonomy: Path
    inference: InferenceOptions | None
    catalog: Callable[[], CatalogOptions] | None
    inference_address: str = ""
    device_socket: Path | None = None
    grpc: GrpcOptions = GrpcOptions()
    request_limits: RequestLimits = RequestLimits()
    max_concurrent_calls: int = 128


@dataclass(eq=False)
class Application:
    """`start`, then `ready`, then `stop`. It is also what the HTTP twins call."""

    options: ApplicationOptions
    metrics: Metrics
    _open: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._closing = AsyncExitStack()
        self._inference: InferenceService | None = None
        self._inference_servicer: InferenceServicer | None = None
        self._late_catalog = None if self.options.catalog is None else LateServicer(CATALOG)
        self._catalog: Catalog | None = None
        self._catalog_opened = asyncio.Event()
        self.admission = Admission(self.options.max_concurrent_calls)

    @property
    def observe(self) -> CallObserver:
        return self.metrics.observe_call

    @property
    def max_message_bytes(self) -> int:
        return self.options.grpc.max_message_bytes

    async def analyze(self, request: inference_pb2.AnalyzeRequest) -> Message:
        """Analyze without a transport. Raises FailedPrecondition where this process has no models."""
        if self._inference_servicer is None:
            raise FailedPrecondition("this server hosts no InferenceService", reason="NOT_HOSTED")
        return await self._inference_servicer.Analyze(request, None)

    async def search(self, request: catalog_pb2.SearchRequest) -> Message:
        """Search without a transport. Raises FailedPrecondition where this process has no catalogue."""
        if self._late_catalog is None:
            raise FailedPrecondition("this server hosts no CatalogService", reason="NOT_HOSTED")
        found: Message = await self._late_catalog.Search(request, None)
        return found

    async def start(self) -> None:
        """Open the models, then the port, then the catalogue, whose libraries are imported meanwhile.

        Raises:
            ArmoireError: a part cannot start; what had started is stopped again.
        """
        try:
            await self._start()
        except BaseException:
            await self._closing.aclose()
            raise

    async def _start(self) -> None:
        taxonomy = Taxonomy.load(self.options.taxonomy)
        catalog_options = self._begin_catalog()
        hosted: list[HostedService] = []
        analyzer: Analyzer | None = None
        if self.options.inference is not None:
            room = await self._open_inference(self.options.inference, taxonomy)
            analyzer = room.pipeline
            hosted.append(self._host_inference(room, self.options.inference))
        if self._late_catalog is not None:
            add_to: Callable[..., None] = catalog_pb2_grpc.add_CatalogServiceServicer_to_server
            hosted.append(HostedService(CATALOG.full_name, partial(add_to, self._late_catalog)))
            analyzer = analyzer or self._remote_analyzer()
            self._closing.push_async_callback(self._stop_catalog)
        await self._open_port(hosted)
        if catalog_options is not None and analyzer is not None:
            await self._open_catalog(await catalog_options, analyzer, taxonomy)

    def _begin_catalog(self) -> asyncio.Task[CatalogOptions] | None:
        """Import it on a thread."""
        if self.options.catalog is None:
            return None
        self._lock_home()
        importing = asyncio.create_task(asyncio.to_thread(_import_catalog, self.options.catalog))
        self._closing.callback(importing.cancel)
        return importing

    def _lock_home(self) -> None:
        lock = HomeLock(self.options.home)
        lock.acquire()
        self._closing.callback(lock.release)

    async def _open_inference(self, options: InferenceOptions, taxonomy: Taxonomy) -> InferenceService:
        if self.options.device_socket is None:
            room = await InferenceService.load(options, taxonomy, self.metrics.observe_batch)
        else:
            room = await self._connect_inference(self.options.device_socket, options, taxonomy)
        self._closing.push_async_callback(room.close)
        self._inference = room
        return room

    async def _connect_inference(
        self, device_socket: Path, options: InferenceOptions, taxonomy: Taxonomy
    ) -> InferenceService:
        """Connect to the device process; one that is too busy to answer yet, or restarts, is asked again."""
        link = DeviceLink(device_socket, options.batching)
        self._closing.push_async_callback(link.close)
        await link.open()

        def log_wait(error: Exception, pause_s: float) -> None:
            LOG.warning("the device process cannot answer yet; next attempt in %.1f s: %s", pause_s, error)

        connect = partial(InferenceService.connect, options, taxonomy, link)
        return await retry(connect, DEVICE_RETRY, log_wait, (Overloaded, Unavailable))

    def _host_inference(self, room: InferenceService, options: InferenceOptions) -> HostedService:
        limits = InferenceLimits(self.options.request_limits, options.pipeline.decode)
        servicer = InferenceServicer(room.pipeline, [graph_to_proto(graph) for graph in room.graphs], limits)
        self._inference_servicer = servicer
        add_to: Callable[..., None] = inference_pb2_grpc.add_InferenceServiceServicer_to_server
        return HostedService(INFERENCE.full_name, partial(add_to, servicer))

    async def _open_catalog(self, options: CatalogOptions, analyzer: Analyzer, taxonomy: Taxonomy) -> None:
        from services.catalog.catalog import Catalog
        from services.edge.catalog_servicer import CatalogServicer

        assert self._late_catalog is not None
        room = Catalog(options, analyzer, taxonomy)
        await room.start()
        self._catalog = room
        self._late_catalog.servicer = CatalogServicer(room)
        self._catalog_opened.set()

    async def _stop_catalog(self) -> None:
        if self._catalog is not None:
            await self._catalog.stop()

    def _remote_analyzer(self) -> RemoteAnalyzer:
        address = self.options.inference_address
        if not address:
            raise FailedPrecondition(
                "a catalogue without models needs ARMOIRE_CATALOG__INFERENCE_ADDRESS, as host:port"
            )
        analyzer = RemoteAnalyzer(address, max_message_bytes=self.max_message_bytes)
        self._closing.push_async_callback(analyzer.close)
        return analyzer

    async def _open_port(self, hosted: list[HostedService]) -> None:
        server = GrpcServer(self.options.grpc, hosted, self.admission, self.observe)
        await server.start()
        self._closing.push_async_callback(server.stop)
        names = ", ".join(service.name for service in hosted)
        LOG.info("gRPC on %s offers %s", server.address, names)
        self._open = True
        following = asyncio.create_task(self._follow_readiness(server))
        self._closing.callback(following.cancel)

    @property
    def ready(self) -> bool:
        """All calls will be answered. A catalogue apart from its models is not ready until those answer."""
        return all(self._readiness().values())

    def _readiness(self) -> dict[str, bool]:
        """Whether its calls will be answered, by hosted service."""
        states = {}
        if self.options.inference is not None:
            states[INFERENCE.full_name] = self._open and self._inference is not None and self._inference.ready
        if self.options.catalog is not None:
            states[CATALOG.full_name] = self._open and self._catalog is not None and self._catalog.ready
        return states

    async def _follow_readiness(self, server: GrpcServer) -> None:
        """Keep health checks in step with it."""
        told: dict[str, bool] = {}
        while True:
            for name, ready in {**self._readiness(), "": self.ready}.items():
                if told.get(name, False) is not ready:
                    told[name] = ready
                    await server.set_serving(ready, name)
                    level, state = (logging.INFO, "ready") if ready else (logging.ERROR, "not ready any more")
                    LOG.log(level, "%s: %s", name or "server", state)
            await self._until_it_may_change()

    async def _until_it_may_change(self) -> None:
        if self._late_catalog is not None and not self._catalog_opened.is_set():
            await self._catalog_opened.wait()
            if self._catalog is not None:
                await self._catalog.wait_until_ready()
        else:
            await asyncio.sleep(READINESS_CHECK_S)

    async def stop(self) -> None:
        """Drain the port first, then stop the rooms in the reverse of the order they started in."""
        self._open = False
        await self._closing.aclose()


def _import_catalog(options: Callable[[], CatalogOptions]) -> CatalogOptions:
    import services.edge.catalog_servicer  # noqa: F401  (here, so that it need not be on the event loop)

    return options()
