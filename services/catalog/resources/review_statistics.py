"""Statistics of reviews: the call that tells what was decided, and how often models agree."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.types import ModelVersion, Principal
from services.catalog.parts import CatalogParts
from services.catalog.records.dataset_split import DatasetShares, DatasetSplit
from services.catalog.records.review_statistics import (
    Agreement,
    Coverage,
    DecisionTime,
    ReviewCounts,
    ReviewerPace,
    read_agreements,
    read_coverage,
    read_paces,
    read_review_counts,
)
from services.catalog.sync.open_collections import OpenCollections


@dataclass(frozen=True, slots=True)
class StatisticsRequest:
    """The time of decisions in microseconds since 1970, and the items whose agreement counts.

    Attributes:
        only_audited: those that were drawn at random.
        split: those of photos in this split; None for all.
        agreement_in_time: those that people have decided on in the time.
    """

    from_us: int | None = None
    before_us: int | None = None
    only_audited: bool = False
    split: DatasetSplit | None = None
    shares: DatasetShares = DatasetShares()
    agreement_in_time: bool = False

    @property
    def decided(self) -> DecisionTime | None:
        """The time of the decisions on items whose agreement counts; None for any."""
        return DecisionTime(self.from_us, self.before_us) if self.agreement_in_time else None


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """What was reviewed; `live` is the version that is searched with, and `truncated` says that only the
    items that were reviewed last count for the agreement.
    """

    paces: tuple[ReviewerPace, ...]
    agreements: tuple[Agreement, ...]
    coverage: tuple[Coverage, ...]
    counts: ReviewCounts
    live: ModelVersion
    truncated: bool


class ReviewStatistics:
    """Reads the statistics of the caller's tenant."""

    def __init__(self, parts: CatalogParts, collections: OpenCollections) -> None:
        self._database = parts.database
        self._collections = collections

    async def read(self, principal: Principal, request: StatisticsRequest) -> Statistics:
        """Raises InvalidInput for shares that do not sum to 1."""
        request.shares.check()
        live = (await self._collections.searched()).version
        tenant_id = principal.tenant_id

        def is_wanted(image_id: str, product_id: str) -> bool:
            return request.split in (None, request.shares.split_of(image_id, product_id))

        def read(session: Session) -> Statistics:
            agreements, truncated = read_agreements(
                session, tenant_id, is_wanted, request.decided, only_audited=request.only_audited
            )
            return Statistics(
                tuple(read_paces(session, tenant_id, request.from_us, request.before_us)),
                tuple(agreements),
                tuple(read_coverage(session, tenant_id, live)),
                read_review_counts(session, tenant_id),
                live,
                truncated,
            )

        return await self._database.read(read)
