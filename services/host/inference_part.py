"""The part of a process that hosts InferenceService."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from armoire.v1 import inference_pb2
from domain.errors import Overloaded, Unavailable
from domain.taxonomy import Taxonomy
from services.background.backoff import Backoff
from services.background.closing import close_within
from services.background.retry import retry
from services.background.task_supervisor import TaskSupervisor
from services.edge.bulk_streams import BulkStreams
from services.edge.hosted_service import HostedService
from services.edge.inference_servicer import InferenceLimits, InferenceServicer
from services.edge.model_changes import ModelChanges, Notes, no_notes
from services.edge.model_servicer import hosted_models
from services.edge.oip.data_plane import DataPlane
from services.edge.oip.repository import StoredModels
from services.edge.oip.served_models import ServedModels
from services.edge.oip.shared_memory import SharedMemory
from services.edge.taxonomies import Taxonomies
from services.edge.uploaded_images import ReadUpload, read_no_upload
from services.edge.validation import RequestLimits
from services.host.bento import release
from services.inference.batching.batcher import BatchObserver
from services.inference.device_process.link import DeviceLink
from services.inference.options import InferenceOptions
from services.inference.pipeline.photo import DecodeObserver, observe_no_decode
from services.inference.repository.model_store import ModelStore, NoStore
from services.inference.repository.source_analyzer import SourceAnalyzer
from services.inference.run_statistics import RequestObserver, observe_no_request
from services.inference.service import InferenceService
from services.predictions.recorder import NoRecorder, Recorder
from services.shadow.shadow import ALIAS, Shadow, ShadowObserver, observe_no_shadow

RELEASE = release()
"""The server's, since both are released together."""
INFERENCE = inference_pb2.DESCRIPTOR.services_by_name["InferenceService"]
LOG = logging.getLogger("armoire")
RETRY = Backoff(0.5, 5.0)
"""Between attempts to reach the device process or a model server."""


@dataclass(eq=False)
class InferencePart:
    """Loads the models, or connects to the device process at `device_socket`, and serves them."""

    options: InferenceOptions
    limits: RequestLimits
    observe_batch: BatchObserver
    bulk: BulkStreams
    store: ModelStore = NoStore()
    device_socket: Path | None = None
    observe_request: RequestObserver = observe_no_request
    observe_decode: DecodeObserver = observe_no_decode
    predictions: Recorder = field(default_factory=NoRecorder)
    notes: Callable[[], Awaitable[Notes]] = no_notes
    taxonomies: Taxonomies = Taxonomies()
    read_upload: ReadUpload = read_no_upload
    shadow_ratios: Mapping[str, float] = field(default_factory=dict)
    observe_shadow: ShadowObserver = observe_no_shadow
    _service: InferenceService | None = field(default=None, init=False)
    _servicer: InferenceServicer | None = field(default=None, init=False)
    _shadow: Shadow | None = field(default=None, init=False)

    @property
    def ready(self) -> bool:
        return self._service is not None and self._service.ready

    async def prepare(self, taxonomy: Taxonomy) -> None:
        """Work out what describes with a tenant's taxonomy. Raises as `Pipeline.prepare`."""
        if self._service is not None:
            with self._service.source.use() as pipeline:
                await pipeline.prepare(taxonomy)

    async def open(self, taxonomy: Taxonomy, closing: AsyncExitStack) -> SourceAnalyzer:
        """Open the models; `closing` closes them. Raises as `InferenceService.load` or `connect`."""
        self._service = await self._open(taxonomy, closing)
        closing.push_async_callback(close_within, "the models", self._service.close)
        pipeline = self.options.pipeline
        limits = InferenceLimits(self.limits, pipeline.decode, pipeline.max_call_pixels, pipeline.crops)
        self._shadow = self._open_shadow(self._service, closing)
        recorders = [self.predictions, *([] if self._shadow is None else [self._shadow])]
        self._servicer = InferenceServicer(
            self._service, limits, self.bulk, recorders, self.taxonomies, self.read_upload
        )
        return SourceAnalyzer(self._service.source, self._service.repository)

    def _open_shadow(self, service: InferenceService, closing: AsyncExitStack) -> Shadow | None:
        """What compares another embedder; None where no model can be loaded, or no share is compared."""
        repository = service.repository
        if repository is None or not any(self.shadow_ratios.values()):
            return None

        def candidate() -> str:
            hosted = repository.aliased("embed", ALIAS)
            return "" if hosted is None else hosted.version.model_version

        ratios, of_tenant = self.shadow_ratios, self.taxonomies.of_tenant
        shadow = Shadow(service.source, candidate, ratios, self.observe_shadow, of_tenant)
        supervisor = TaskSupervisor({"shadow embedder": shadow.run}, RETRY)
        supervisor.start()
        closing.push_async_callback(close_within, "the shadow embedder", supervisor.stop)
        return shadow

    def pending_rows(self) -> Iterable[tuple[str, str, int]]:
        """The rows that wait for each model of this process, with the model's name and version."""
        return () if self._service is None else self._service.pending_rows()

    def open_inference(self, ready: Callable[[], bool], shared_memory: bool) -> DataPlane:
        """The models for the Open Inference Protocol, once they are open."""
        assert self._service is not None
        most = self.options.pipeline.max_detections
        served = ServedModels(self._service, self.limits, most)
        stored = StoredModels(self._changes())
        return DataPlane(served, ready, RELEASE, SharedMemory(shared_memory), stored)

    def hosted(self) -> list[HostedService]:
        """The services for the port, once the models are open."""
        return [HostedService(INFERENCE, self._servicer), hosted_models(self._changes())]

    def _changes(self) -> ModelChanges:
        repository = None if self._service is None else self._service.repository
        return ModelChanges(repository, self.notes, self._shadow)

    async def _open(self, taxonomy: Taxonomy, closing: AsyncExitStack) -> InferenceService:
        if self.device_socket is None:
            load = partial(
                InferenceService.load,
                self.options,
                taxonomy,
                self.observe_batch,
                self.store,
                self.observe_request,
                self.observe_decode,
            )
            return await _waiting(load, "a model server")
        link = DeviceLink(self.device_socket, self.options.batching)
        closing.push_async_callback(close_within, "the link to the device process", link.close)
        await link.open()
        observers = self.observe_request, self.observe_decode
        connect = partial(InferenceService.connect, self.options, taxonomy, link, *observers)
        return await _waiting(connect, "the device process")


async def _waiting(attempt: Callable[[], Awaitable[InferenceService]], what: str) -> InferenceService:
    """Retry while what runs the models is absent or too busy to answer."""

    def log_wait(error: Exception, pause_s: float) -> None:
        LOG.warning("%s cannot answer yet; next attempt in %.1f s: %s", what, pause_s, error)

    return await retry(attempt, RETRY, log_wait, (Overloaded, Unavailable))
