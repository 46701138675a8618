"""One server process: its parts are opened and closed as a whole."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from domain.errors import FailedPrecondition
from domain.outfit_rules import SHIPPED_RULES
from domain.preference_rules import SHIPPED_PREFERENCES
from domain.spans import untraced
from domain.taxonomy import Taxonomy
from services.access.prepare import prepare_nothing
from services.background.closing import close_within
from services.catalog.analyzer import Analyzer
from services.edge.account_servicer import ACCOUNT
from services.edge.admin_servicer import ADMIN
from services.edge.admission import Admission
from services.edge.bulk_streams import BulkOptions, BulkStreams
from services.edge.calls import Calls, Tracer
from services.edge.health import HEALTH
from services.edge.hosted_service import HostedService
from services.edge.model_servicer import MODELS
from services.edge.oip.data_plane import DataPlane
from services.edge.oip.servicer import OPEN_INFERENCE, hosted_open_inference
from services.edge.prediction_pages import PredictionPages
from services.edge.requirements import requirements_of
from services.edge.server import GrpcOptions, GrpcServer
from services.edge.signed_blobs import SignedBlobs
from services.edge.taxonomies import Taxonomies
from services.edge.uploaded_images import read_no_upload
from services.edge.validation import RequestLimits
from services.host.access_part import AccessOptions, AccessPart
from services.host.catalog_part import CATALOG, OPERATIONS, OUTFITS, CatalogPart
from services.host.erasure import ErasedAccess, ErasedMetrics, ErasedPredictions
from services.host.inference_part import INFERENCE, InferencePart
from services.host.metrics import definitions as defined
from services.host.metrics.prometheus import Metrics
from services.host.metrics.refresh import Refresher
from services.host.outfit_scorer import OutfitScorerOptions
from services.host.prediction_part import PredictionOptions, PredictionPart
from services.host.readiness import ReadinessReporter
from services.inference.options import InferenceOptions
from services.inference.repository.model_store import ModelStore, NoStore
from services.remote.analyzer import RemoteAnalyzer

if TYPE_CHECKING:
    from services.audit.trail import AuditTrail
    from services.catalog.operations.erasure import ErasureOptions
    from services.catalog.options import CatalogOptions
    from services.host.metrics.tenants import TenantGauges

LOG = logging.getLogger("armoire")
READINESS_CHECK_S = 1.0


@dataclass(frozen=True, slots=True)
class ApplicationOptions:
    """What this process hosts and where. A part that is None is not hosted.

    Attributes:
        home: the folder of all state, locked where the catalogue is hosted.
        access: whether callers need a key, and where the keys are.
        device_socket: the socket of the device process; None if this process runs the models itself.
        model_store: the models that may be loaded while the process runs.
        takes_calls: whether there are ports for calls; a worker has none.
        catalog: makes the catalogue's options. It is called on a thread, since it imports the libraries of
            the stores, which takes a second.
        inference_address: host:port of the InferenceService that a catalogue without models calls.
        inference_key: the key that it sends, if that service wants one.
        inference_ca: PEM of the CA of that service's certificate; no bytes mean those that gRPC trusts, None
            means no TLS.
        shared_memory: whether callers may register shared memory for tensors.
        outfit_rules: the file of what goes together in outfits.
        preference_rules: the file of what feedback says of tastes.
        outfit_scorer: the model that scores outfits beside the rules; None for none.
        shadow_ratios: the shares of photos that a second embedder answers for comparison, by method.
    """

    home: Path
    taxonomy: Path
    inference: InferenceOptions | None
    catalog: Callable[[], CatalogOptions] | None
    access: AccessOptions = AccessOptions()
    inference_address: str = ""
    inference_key: str = field(default="", repr=False)
    inference_ca: bytes | None = None
    device_socket: Path | None = None
    model_store: ModelStore = NoStore()
    grpc: GrpcOptions = GrpcOptions()
    request_limits: RequestLimits = RequestLimits()
    max_concurrent_calls: int = 128
    bulk: BulkOptions = BulkOptions()
    shared_memory: bool = False
    outfit_rules: Path = SHIPPED_RULES
    preference_rules: Path = SHIPPED_PREFERENCES
    outfit_scorer: OutfitScorerOptions | None = None
    predictions: PredictionOptions = PredictionOptions()
    takes_calls: bool = True
    shadow_ratios: Mapping[str, float] = field(default_factory=dict)


@dataclass(eq=False)
class Application:
    """`start`, then `ready`, then `stop`. It is also what the HTTP gateway calls."""

    options: ApplicationOptions
    metrics: Metrics
    tracer: Tracer | None = None
    _serving: bool = field(default=False, init=False)
    _server: GrpcServer | None = field(default=None, init=False)
    _draining: asyncio.Task[None] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        options, self._closing = self.options, AsyncExitStack()
        bulk = BulkStreams(options.bulk)
        self._predictions = PredictionPart(options.predictions, self.metrics, self._logs_predictions)
        pages = PredictionPages(self._predictions.store, self.max_message_bytes // 2)
        self._access = AccessPart(options.access, pages, self._catalog_trail)
        self._catalog = None
        if options.catalog is not None:
            traced = untraced if self.tracer is None else self.tracer.work
            access = self._access
            own = access.quota, access.taxonomy, access.rank_weights
            self._catalog = CatalogPart(
                options.catalog,
                options.home,
                bulk,
                self.metrics,
                *own,
                traced,
                self._erasure,
                options.outfit_rules,
                options.preference_rules,
                access.outfit_weights,
                options.outfit_scorer,
            )
        self._inference = None if options.inference is None else self._inference_part(options.inference, bulk)
        self.calls = Calls(
            Admission(options.max_concurrent_calls), observe=self.metrics.observe_call, tracer=self.tracer
        )
        measure = None if self._catalog is None else self._catalog.measure
        self.refresher = Refresher(self.metrics, self._pending_rows, measure)
        self.services: list[HostedService] = []
        self.open_inference: DataPlane | None = None

    def _inference_part(self, inference: InferenceOptions, bulk: BulkStreams) -> InferencePart:
        limits, device_socket = self.options.request_limits, self.options.device_socket
        store, metrics = self.options.model_store, self.metrics
        observers = metrics.observe_request, metrics.observe_decode
        return InferencePart(
            inference,
            limits,
            metrics.observe_batch,
            bulk,
            store,
            device_socket,
            *observers,
            self._predictions.recorder,
            self._access.notes,
            Taxonomies(self._access.taxonomy, self._access.taxonomy_of_version),
            read_no_upload if self._catalog is None else self._catalog.read_upload,
            self.options.shadow_ratios,
            self._observe_shadow,
        )

    def _observe_shadow(self, outcome: str) -> None:
        self.metrics.add(defined.SHADOW_PHOTOS, 1, outcome)

    def _erasure(self, gauges: TenantGauges) -> ErasureOptions:
        """What this server keeps of a tenant beside its catalogue."""
        from services.catalog.operations.erasure import ErasureOptions

        access = ErasedAccess(self._access)
        stores = (access, ErasedPredictions(self._predictions), ErasedMetrics(gauges))
        return ErasureOptions(access, stores, of_end_users=(access,))

    def _catalog_trail(self) -> AuditTrail | None:
        """The audit records of the catalogue, if it is hosted. Raises Unavailable until it is open."""
        return None if self._catalog is None else self._catalog.trail()

    def _logs_predictions(self, tenant_id: str) -> bool:
        return self._access.logs_predictions(tenant_id)

    def _pending_rows(self) -> Iterable[tuple[str, str, int]]:
        return () if self._inference is None else self._inference.pending_rows()

    @property
    def signed_blobs(self) -> SignedBlobs | None:
        return None if self._catalog is None else self._catalog.signed_blobs()

    @property
    def max_message_bytes(self) -> int:
        return self.options.grpc.max_message_bytes

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
        self._closing.callback(asyncio.create_task(self.refresher.run()).cancel)
        if self._catalog is not None:
            self._catalog.begin(self._closing)
        hosted = self.services
        analyzer: Analyzer | None = None
        if self._inference is not None:
            analyzer = await self._inference.open(taxonomy, self._closing)
            hosted += self._inference.hosted()
            shared_memory = self.options.shared_memory
            self.open_inference = self._inference.open_inference(self._models_ready, shared_memory)
            self._closing.callback(self.open_inference.memory.unregister)
            hosted.append(hosted_open_inference(self.open_inference, self.calls))
        if self._catalog is not None:
            hosted += self._catalog.hosted()
            analyzer = analyzer or self._remote_analyzer(taxonomy)
            self._closing.push_async_callback(self._catalog.close)
        hosted += self._access.hosted(None if self._catalog is None else self._catalog.read_use)
        await self._predictions.open(self._closing)
        prepare = prepare_nothing if self._inference is None else self._inference.prepare
        await self._access.open(self._closing, taxonomy, prepare)
        self.calls.restrict(self._access, requirements_of(hosted))
        if self.options.takes_calls:
            await self._open_port(hosted)
        else:
            LOG.info("this process takes no calls: it works on jobs and operations")
            self._serving = True
        if self._catalog is not None and analyzer is not None:
            await self._catalog.open(analyzer, taxonomy)

    def _remote_analyzer(self, taxonomy: Taxonomy) -> RemoteAnalyzer:
        address = self.options.inference_address
        if not address:
            raise FailedPrecondition(
                "a catalogue without models needs ARMOIRE_CATALOG__INFERENCE_ADDRESS, as host:port"
            )
        options = self.options
        analyzer = RemoteAnalyzer(
            address,
            key=options.inference_key or None,
            ca=options.inference_ca,
            max_message_bytes=self.max_message_bytes,
            vocabulary_version=taxonomy.version,
        )
        self._closing.push_async_callback(close_within, "the connection to inference", analyzer.close)
        return analyzer

    async def _open_port(self, hosted: list[HostedService]) -> None:
        server = GrpcServer(self.options.grpc, hosted, self.calls)
        await server.start()
        self._server = server
        self._closing.push_async_callback(self._drain)
        LOG.info("gRPC on %s offers %s", server.address, ", ".join(service.name for service in hosted))
        self._serving = True
        reporter = ReadinessReporter(server, self._states, self._until_states_may_change)
        reporting = asyncio.create_task(reporter.run())
        self._reporting = reporting
        self._closing.callback(reporting.cancel)

    def begin_drain(self) -> None:
        """Take no more calls, while those in flight finish. `stop` waits for their end."""
        self._serving = False
        if self._server is not None and self._draining is None:
            LOG.info("shutting down: calls in flight have %g s to finish", self.options.grpc.drain_s)
            self._reporting.cancel()
            self._draining = asyncio.create_task(self._server.stop())

    async def _drain(self) -> None:
        self.begin_drain()
        if self._draining is not None:
            await self._draining

    @property
    def ready(self) -> bool:
        """Whether all calls will be answered. A catalogue is ready only when its models answer."""
        return all(self._states().values())

    def _models_ready(self) -> bool:
        return self._states()[OPEN_INFERENCE.full_name]

    def _states(self) -> Mapping[str, bool]:
        """For each hosted service, whether calls will be answered."""
        parts = {
            INFERENCE.full_name: self._inference,
            OPEN_INFERENCE.full_name: self._inference,
            MODELS.full_name: self._inference,
            CATALOG.full_name: self._catalog,
            OUTFITS.full_name: self._catalog,
            OPERATIONS.full_name: self._catalog,
        }
        states = {name: self._serving and part.ready for name, part in parts.items() if part is not None}
        states |= {ADMIN.full_name: self._serving, ACCOUNT.full_name: self._serving}
        states[HEALTH] = self._serving and (self._catalog is None or self._catalog.opened)
        return states

    async def _until_states_may_change(self) -> None:
        """Wait one second, or less if a catalogue becomes ready for the first time."""
        if self._catalog is None or self._catalog.was_ready:
            await asyncio.sleep(READINESS_CHECK_S)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(READINESS_CHECK_S):
                await self._catalog.wait_until_ready()

    async def stop(self) -> None:
        """Drain the port first, then close the parts in the reverse of the order they were opened in."""
        self._serving = False
        await self._closing.aclose()
        if self.tracer is not None:
            await close_within("the export of traces", partial(asyncio.to_thread, self.tracer.close))
