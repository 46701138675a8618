"""What the calls and the background work of one catalogue share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain.quota import Quota
from domain.taxonomy import TaxonomyOf
from imaging.decode import DecodeLimits
from services.audit.trail import AuditTrail
from services.catalog.blobs.store import BlobStore
from services.catalog.ids import IdSource
from services.catalog.limits import CatalogLimits
from services.sql.database import Database


@dataclass(frozen=True, slots=True, eq=False)
class CatalogParts:
    """The stores, the limits, what is a tenant's own, and how others are told of work.

    Attributes:
        wake_drainer: rows wait for the vector index.
        wake_workers: jobs wait.
    """

    database: Database
    trail: AuditTrail
    blobs: BlobStore
    ids: IdSource
    limits: CatalogLimits
    decode_limits: DecodeLimits
    taxonomy_of: TaxonomyOf
    quota_of: Callable[[str], Quota]
    wake_drainer: Callable[[], None]
    wake_workers: Callable[[], None]
