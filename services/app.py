"""The composition root: reads the settings, builds everything once, and lets BentoML host it.

    bentoml serve services.app:Armoire      everything in one process, on embedded stores
    bentoml serve services.app:Inference    the models alone, on the machine with the device
    bentoml serve services.app:Catalog      the catalogue alone, calling an Inference over gRPC
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

import bentoml
from armoire.v1 import catalog_pb2, catalog_pb2_grpc, inference_pb2, inference_pb2_grpc
from google.protobuf.message import Message

from domain.errors import ArmoireError
from domain.taxonomy import Taxonomy
from imaging.decode import DecodeLimits
from imaging.quality import QualityLimits
from services.batching import BatchingOptions
from services.catalog.analyzer import Analyzer
from services.catalog.catalog import CatalogOptions
from services.catalog.catalog import Catalog as CatalogRoom
from services.catalog.limits import CatalogLimits
from services.catalog.workers import WorkerOptions
from services.edge.catalog_servicer import CatalogServicer
from services.edge.http import build_http_app
from services.edge.inference_servicer import InferenceLimits, InferenceServicer
from services.edge.interceptors import Admission
from services.edge.model_conversion import graph_to_proto
from services.edge.server import GrpcOptions, GrpcServer, HostedService
from services.edge.validation import RequestLimits
from services.home import HomeLock
from services.inference import Inference as InferenceRoom
from services.inference import InferenceOptions
from services.pipeline import PipelineOptions
from services.remote.analyzer import RemoteAnalyzer
from settings import ROOT, Settings, load_settings

LOG = logging.getLogger("armoire")
MIB = 2**20


class Metrics:
    """What /metrics shows of calls and batches; registered with BentoML's registry when it is made."""

    def __init__(self) -> None:
        seconds = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
        sizes = (1, 2, 4, 8, 16, 32, 64)
        self._calls = bentoml.metrics.Histogram(
            "armoire_call_seconds", "Seconds of a call", ["method", "status"], buckets=seconds
        )
        self._batch_rows = bentoml.metrics.Histogram(
            "armoire_batch_rows", "Rows in a batch", ["model"], buckets=sizes
        )
        self._batch_seconds = bentoml.metrics.Histogram(
            "armoire_batch_seconds", "Seconds of a batch on the device", ["model"], buckets=seconds
        )

    def observe_call(self, method: str, status: str, seconds: float) -> None:
        self._calls.labels(method=method, status=status).observe(seconds)

    def observe_batch(self, model: str, rows: int, seconds: float) -> None:
        self._batch_rows.labels(model=model).observe(rows)
        self._batch_seconds.labels(model=model).observe(seconds)


@dataclass(eq=False)
class Application:
    """One server process: what is built from the settings, started and stopped as a whole."""

    settings: Settings
    with_inference: bool
    with_catalog: bool
    ready: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._closing = AsyncExitStack()
        self._metrics = Metrics()
        self._inference_servicer: InferenceServicer | None = None
        self._catalog: CatalogRoom | None = None
        self._catalog_servicer: CatalogServicer | None = None
        self.admission = Admission(self.settings.grpc.max_concurrent_calls)
        self.observe = self._metrics.observe_call
        self.max_message_bytes = self.settings.grpc.max_message_mb * MIB

    @property
    def analyze(self) -> Callable[[inference_pb2.AnalyzeRequest], Awaitable[Message]] | None:
        """Analyze without a transport, where this process hosts it."""
        servicer = self._inference_servicer
        return servicer and partial(servicer.Analyze, context=None)

    @property
    def search(self) -> Callable[[catalog_pb2.SearchRequest], Awaitable[Message]] | None:
        """Search without a transport, where this process hosts it."""
        servicer = self._catalog_servicer
        return servicer and partial(servicer.Search, context=None)

    async def start(self) -> None:
        """Build the rooms from the inside out; the gRPC port opens last, when all of it can answer."""
        try:
            await self._start()
        except ArmoireError as error:
            await self._closing.aclose()
            raise SystemExit(f"cannot start: {error.message}") from error

    async def _start(self) -> None:
        taxonomy = Taxonomy.load(self.settings.taxonomy)
        hosted: list[HostedService] = []
        analyzer: Analyzer[Any] | None = None
        if self.with_catalog:
            self._lock_home()
        if self.with_inference:
            room = await InferenceRoom.load(
                inference_options(self.settings), taxonomy, self._metrics.observe_batch
            )
            self._closing.push_async_callback(room.close)
            analyzer = room.pipeline
            hosted.append(self._host_inference(room))
        if self.with_catalog:
            hosted.append(await self._host_catalog(analyzer or self._remote_analyzer(), taxonomy))
        await self._open_port(hosted)

    def _lock_home(self) -> None:
        lock = HomeLock(self.settings.home)
        lock.acquire()
        self._closing.callback(lock.release)

    def _host_inference(self, room: InferenceRoom) -> HostedService:
        limits = InferenceLimits(request_limits(self.settings), decode_limits(self.settings))
        servicer = InferenceServicer(room.pipeline, [graph_to_proto(graph) for graph in room.graphs], limits)
        self._inference_servicer = servicer
        add_to = partial(inference_pb2_grpc.add_InferenceServiceServicer_to_server, servicer)
        return HostedService(inference_pb2.DESCRIPTOR.services_by_name["InferenceService"].full_name, add_to)

    async def _host_catalog(self, analyzer: Analyzer[Any], taxonomy: Taxonomy) -> HostedService:
        room = CatalogRoom(catalog_options(self.settings), analyzer, taxonomy)
        await room.start()
        self._closing.push_async_callback(room.stop)
        self._catalog = room
        servicer = CatalogServicer(room)
        self._catalog_servicer = servicer
        add_to = partial(catalog_pb2_grpc.add_CatalogServiceServicer_to_server, servicer)
        return HostedService(catalog_pb2.DESCRIPTOR.services_by_name["CatalogService"].full_name, add_to)

    def _remote_analyzer(self) -> RemoteAnalyzer:
        address = self.settings.catalog.inference_address
        if not address:
            raise SystemExit("ARMOIRE_CATALOG__INFERENCE_ADDRESS must name the Inference service, as host:port")
        analyzer = RemoteAnalyzer(address, max_message_bytes=self.max_message_bytes)
        self._closing.push_async_callback(analyzer.close)
        return analyzer

    async def _open_port(self, hosted: list[HostedService]) -> None:
        grpc_settings = self.settings.grpc
        options = GrpcOptions(
            address=f"{grpc_settings.host}:{grpc_settings.port}",
            max_message_bytes=self.max_message_bytes,
            drain_s=grpc_settings.drain_s,
        )
        server = GrpcServer(options, hosted, self.admission, self.observe)
        await server.start()
        self._closing.push_async_callback(server.stop)
        names = ", ".join(service.name for service in hosted)
        LOG.info("gRPC on %s:%d offers %s", grpc_settings.host, server.port, names)
        serving = asyncio.create_task(self._serve_when_ready(server))
        self._closing.callback(serving.cancel)

    async def _serve_when_ready(self, server: GrpcServer) -> None:
        """A catalogue apart from its models stays NOT_SERVING until those answer."""
        if self._catalog is not None:
            await self._catalog.wait_until_ready()
        await server.set_serving()
        self.ready = True
        LOG.info("ready")

    async def stop(self) -> None:
        """Drain the port first, then stop the rooms in the reverse of the order they started in."""
        self.ready = False
        await self._closing.aclose()


def inference_options(settings: Settings) -> InferenceOptions:
    models, batching = settings.models, settings.batching
    queue = {"max_queue_rows": batching.max_queue_rows, "max_queue_bytes": batching.max_queue_mb * MIB}
    pipeline = settings.pipeline
    return InferenceOptions(
        detector=resolve_artifact(models.detector),
        embedder=resolve_artifact(models.embedder),
        provider=models.provider,
        slots=models.slots,
        threads=pipeline.threads,
        intra_op_threads=models.intra_op_threads,
        verify_golden=models.verify_golden,
        cache_folder=settings.home / "cache",
        detector_batching=BatchingOptions(max_batch=batching.detector_max_batch, **queue),
        image_batching=BatchingOptions(max_batch=batching.embedder_max_batch, **queue),
        text_batching=BatchingOptions(max_batch=batching.text_max_batch, **queue),
        pipeline=PipelineOptions(
            min_score=pipeline.min_score,
            iou_threshold=pipeline.iou_threshold,
            max_detections=pipeline.max_detections,
            expand_ratio=pipeline.expand_ratio,
        ),
        decode=decode_limits(settings),
        quality=QualityLimits(
            min_side_px=settings.quality.min_side_px, max_aspect_ratio=settings.quality.max_aspect_ratio
        ),
    )


def resolve_artifact(reference: str) -> Path:
    """A folder as it is, or below the application's folder; else a tag of BentoML's model store."""
    for folder in (Path(reference), ROOT / reference):
        if (folder / "manifest.json").is_file():
            return folder
    try:
        return Path(bentoml.models.get(reference).path)
    except (bentoml.exceptions.BentoMLException, ValueError) as error:
        raise SystemExit(
            f"no model {reference!r}: it is neither a folder with a manifest.json nor a tag of the model store "
            "(`python -m export list` shows those)"
        ) from error


def decode_limits(settings: Settings) -> DecodeLimits:
    limits = settings.limits
    return DecodeLimits(
        max_bytes=int(limits.max_image_mb * MIB),
        max_pixels=int(limits.max_image_megapixels * 1e6),
        max_frames=limits.max_image_frames,
        min_side_px=limits.min_image_side_px,
    )


def request_limits(settings: Settings) -> RequestLimits:
    limits = settings.limits
    return RequestLimits(
        max_message_bytes=settings.grpc.max_message_mb * MIB,
        max_images_per_call=limits.max_images_per_call,
        max_boxes_per_image=limits.max_boxes_per_image,
        max_texts_per_call=limits.max_texts_per_call,
        max_text_chars=limits.max_text_chars,
    )


def catalog_limits(settings: Settings) -> CatalogLimits:
    limits = settings.limits
    return CatalogLimits(
        max_top_k=limits.max_top_k,
        max_page_size=limits.max_page_size,
        max_text_chars=limits.max_text_chars,
        max_boxes=limits.max_boxes_per_image,
    )


def catalog_options(settings: Settings) -> CatalogOptions:
    catalog, home = settings.catalog, settings.home.resolve()
    return CatalogOptions(
        database_url=catalog.database_url or f"sqlite:///{home / 'catalog.db'}",
        blob_url=catalog.blob_url or str(home / "blobs"),
        milvus_uri=catalog.milvus_uri or str(home / "vectors.db"),
        workers=WorkerOptions(
            concurrency=catalog.workers, lease_s=catalog.lease_s, max_failures=catalog.max_attempts
        ),
        limits=catalog_limits(settings),
        decode_limits=decode_limits(settings),
    )


def start_logging(level: str) -> None:
    """One line an event on stderr, for this application's loggers."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for name in ("armoire", "services"):
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.handlers = [handler]
        logger.propagate = False


class Hosted:
    """What BentoML calls: a life cycle around one `Application`."""

    with_inference = True
    with_catalog = True

    def __init__(self) -> None:
        settings = load_settings()
        start_logging(settings.log_level)
        self.application = Application(settings, self.with_inference, self.with_catalog)

    @bentoml.on_startup
    async def start(self) -> None:
        await self.application.start()

    @bentoml.on_shutdown
    async def stop(self) -> None:
        await self.application.stop()

    async def __is_ready__(self) -> bool:
        return self.application.ready


def running_application() -> Application:
    """The application of the service that BentoML runs in this process."""
    hosted = cast(Hosted, bentoml.get_current_service())
    return hosted.application


LOOPBACK = {"http": {"host": "127.0.0.1", "port": 3000}, "workers": 1}


@bentoml.service(name="armoire", **LOOPBACK)
@bentoml.asgi_app(build_http_app(running_application))
class Armoire(Hosted):
    """Everything in one process."""


@bentoml.service(name="armoire-inference", **LOOPBACK)
@bentoml.asgi_app(build_http_app(running_application))
class Inference(Hosted):
    """The models alone."""

    with_catalog = False


@bentoml.service(name="armoire-catalog", **LOOPBACK)
@bentoml.asgi_app(build_http_app(running_application))
class Catalog(Hosted):
    """The catalogue alone."""

    with_inference = False
