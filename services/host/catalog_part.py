"""The part of a process that hosts CatalogService, OutfitService and OperationService."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from armoire.v1 import catalog_pb2, operations_pb2, outfits_pb2
from domain.errors import Unavailable
from domain.outfit_rules import SHIPPED_RULES, OutfitRules, OutfitWeightsOf, no_outfit_weights
from domain.preference_rules import SHIPPED_PREFERENCES, PreferenceRules
from domain.quota import Quota, TenantUse, no_quota
from domain.rank_weights import WeightsOf, no_weights
from domain.spans import TracedWork, untraced
from domain.taxonomy import Taxonomy, TaxonomyOf
from domain.types import Principal
from services.catalog.analyzer import Analyzer
from services.edge.bulk_streams import BulkStreams
from services.edge.hosted_service import HostedService
from services.edge.late_servicer import LateServicer
from services.edge.signed_blobs import SignedBlobs
from services.host.home import HomeLock
from services.host.learned_scorer import LearnedScorer, load_scorer
from services.host.metrics import definitions as defined
from services.host.metrics.prometheus import Metrics, NoMetrics
from services.host.metrics.tenants import TenantGauges
from services.host.outfit_scorer import OutfitScorerOptions

if TYPE_CHECKING:
    from services.audit.trail import AuditTrail
    from services.catalog.catalog import Catalog
    from services.catalog.operations.erasure import ErasureOptions
    from services.catalog.options import CatalogOptions
    from services.outfits.learned_scores import LearnedScores

CATALOG = catalog_pb2.DESCRIPTOR.services_by_name["CatalogService"]
OUTFITS = outfits_pb2.DESCRIPTOR.services_by_name["OutfitService"]
OPERATIONS = operations_pb2.DESCRIPTOR.services_by_name["OperationService"]


@dataclass(eq=False)
class CatalogPart:
    """Hosts the catalogue, which opens after the port, because its libraries take a second to import.

    `options` imports them, so it is called on a thread; `home` is locked while the part is open. What tenants
    have of their own may change at any moment. `erasure` makes what erases the rest that this server keeps of
    a tenant. `outfit_rules` is the file of what goes together, `preference_rules` that of tastes;
    `outfit_scorer` is a model that scores outfits, too.
    """

    options: Callable[[], CatalogOptions]
    home: Path
    bulk: BulkStreams
    metrics: Metrics = NoMetrics()
    quota_of: Callable[[str], Quota] = no_quota
    taxonomy_of: TaxonomyOf | None = None
    weights_of: WeightsOf = no_weights
    traced: TracedWork = untraced
    erasure: Callable[[TenantGauges], ErasureOptions] | None = None
    outfit_rules: Path = SHIPPED_RULES
    preference_rules: Path = SHIPPED_PREFERENCES
    outfit_weights_of: OutfitWeightsOf = no_outfit_weights
    outfit_scorer: OutfitScorerOptions | None = None
    _scorer: LearnedScorer | None = field(default=None, init=False)
    _catalog: Catalog | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._servicer, self._operations = LateServicer(CATALOG), LateServicer(OPERATIONS)
        self._outfits = LateServicer(OUTFITS)
        self._opened = asyncio.Event()
        self._was_ready = False
        self._tenant_gauges = TenantGauges(self.metrics)
        self._dead_letters: dict[str, int] = {}

    @property
    def ready(self) -> bool:
        return self._catalog is not None and self._catalog.ready

    @property
    def opened(self) -> bool:
        """Whether its calls have a catalogue to go to."""
        return self._opened.is_set()

    @property
    def was_ready(self) -> bool:
        """Whether `wait_until_ready` has returned."""
        return self._was_ready

    def begin(self, closing: AsyncExitStack) -> None:
        """Lock the home and begin to import. Raises FailedPrecondition if another process has the home."""
        lock = HomeLock(self.home)
        lock.acquire()
        closing.callback(lock.release)
        self._importing = asyncio.create_task(asyncio.to_thread(_import_catalog, self.options))
        closing.callback(self._importing.cancel)

    def hosted(self) -> list[HostedService]:
        """The services for the port; until the catalogue is open, calls get UNAVAILABLE with a retry time."""
        return [
            HostedService(CATALOG, self._servicer),
            HostedService(OUTFITS, self._outfits),
            HostedService(OPERATIONS, self._operations),
        ]

    async def open(self, analyzer: Analyzer, taxonomy: Taxonomy) -> None:
        """Open the stores, after `begin`.

        Raises:
            InvalidInput: the rules of outfits or of tastes are invalid.
            ArtifactError: see `load_scorer`.
            Unavailable, FailedPrecondition: see `Catalog.start`.
        """
        options = await self._importing
        rules, preference_rules = self._rules(taxonomy), PreferenceRules.load(self.preference_rules)
        from services.catalog.catalog import Catalog
        from services.catalog.operations.erasure import ErasureOptions
        from services.catalog.options import CatalogObservers
        from services.edge.catalog_servicer import CatalogServicer
        from services.edge.operation_servicer import OperationServicer
        from services.edge.outfit_servicer import OutfitServicer
        from services.outfits.personal_outfits import PersonalOutfits

        learned = await self._learned()
        observers = CatalogObservers(
            self.metrics.observe_search,
            self.metrics.observe_blob,
            self.traced,
            self._show_differences,
            self._count_purged,
        )
        erasure = ErasureOptions() if self.erasure is None else self.erasure(self._tenant_gauges)
        own = self.quota_of, self.taxonomy_of, self.weights_of
        catalog = Catalog(options, analyzer, taxonomy, observers, *own, erasure=erasure)
        await catalog.start()
        self._catalog = catalog
        self._servicer.servicer = CatalogServicer(catalog, self.bulk)
        outfits = PersonalOutfits.of(
            catalog, rules, preference_rules, weights_of=self.outfit_weights_of, learned=learned
        )
        self._outfits.servicer = OutfitServicer(catalog, outfits)
        self._operations.servicer = OperationServicer(catalog)
        self._opened.set()

    async def _learned(self) -> LearnedScores | None:
        """What scores outfits beside the rules. Raises as `load_scorer`."""
        from services.outfits.learned_scores import LearnedScores

        if self.outfit_scorer is None:
            return None
        self._scorer = await load_scorer(self.outfit_scorer, self._read_crop, self.metrics.observe_batch)
        return LearnedScores(self._scorer, self.outfit_scorer.share)

    async def _read_crop(self, tenant_id: str, item_id: str) -> bytes | None:
        """See `ItemSamples.read_crop`. Raises Unavailable until the catalogue is open."""
        return await self._open.item_samples.read_crop(tenant_id, item_id)

    def _rules(self, taxonomy: Taxonomy) -> OutfitRules:
        """The shipped rules name colours and garments that a taxonomy of one's own may not have.

        Raises:
            InvalidInput: the file is invalid.
        """
        strict = self.outfit_rules.resolve() != SHIPPED_RULES.resolve()
        return OutfitRules.load(self.outfit_rules, taxonomy, strict=strict)

    @property
    def _open(self) -> Catalog:
        """The catalogue. Raises Unavailable until it is open."""
        if self._catalog is None:
            raise Unavailable("the catalogue is still starting", reason="OPENING")
        return self._catalog

    def trail(self) -> AuditTrail:
        """The audit records of the catalogue. Raises Unavailable until it is open."""
        return self._open.trail

    def signed_blobs(self) -> SignedBlobs:
        """What signed URLs lead to. Raises Unavailable until the catalogue is open."""
        return self._open

    async def read_upload(self, principal: Principal, upload_id: str) -> bytes:
        """The bytes of an upload. Raises as `Uploads.read`, and Unavailable until the catalogue is open."""
        return await self._open.uploads.read(principal, upload_id)

    async def read_use(self, tenant_id: str) -> TenantUse:
        """What a tenant keeps. Raises Unavailable if the database cannot be reached, or is not open yet."""
        return await self._open.use(tenant_id)

    def _show_differences(self, counts: Mapping[str, int]) -> None:
        for problem, count in counts.items():
            self.metrics.set(defined.DIFFERENCES, count, problem)

    def _count_purged(self, kind: str, count: int) -> None:
        self.metrics.add(defined.PURGED, count, kind)

    async def measure(self) -> None:
        """Set the gauges of what only the database knows. Raises Unavailable if it cannot be reached."""
        if self._catalog is not None:
            await self._measure_backlog(self._catalog)
            self._tenant_gauges.show(await self._catalog.uses())

    async def _measure_backlog(self, catalog: Catalog) -> None:
        backlog, metrics = await catalog.backlog(), self.metrics
        metrics.set(defined.OUTBOX_ROWS, backlog.outbox.count)
        metrics.set(defined.OUTBOX_AGE, backlog.outbox.oldest_s)
        for state, waiting in backlog.jobs.items():
            metrics.set(defined.JOBS, waiting.count, state)
            metrics.set(defined.JOBS_AGE, waiting.oldest_s, state)
        for state, count in backlog.deliveries.items():
            metrics.set(defined.WEBHOOK_DELIVERIES, count, state)
        self._dead_letters = {**dict.fromkeys(self._dead_letters, 0), **backlog.dead_letters}
        for reason, count in self._dead_letters.items():  # what was shown once is shown as 0 later
            metrics.set(defined.DEAD_LETTERS, count, reason)

    async def close(self) -> None:
        if self._catalog is not None:
            await self._catalog.stop()
        if self._scorer is not None:
            await self._scorer.close()

    async def wait_until_ready(self) -> None:
        """Wait until the catalogue is open and inference has answered."""
        await self._opened.wait()
        if self._catalog is not None:
            await self._catalog.wait_until_ready()
        self._was_ready = True


def _import_catalog(options: Callable[[], CatalogOptions]) -> CatalogOptions:
    import services.edge.catalog_servicer  # here, so that it need not be on the event loop
    import services.edge.operation_servicer
    import services.edge.outfit_servicer  # noqa: F401

    return options()
