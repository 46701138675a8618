"""The erasure of a product: it is removed from every store, and what is left is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from domain.clock import now_us
from services.audit.sql.records import erase_facts
from services.catalog.blobs.store import crop_key, exports_prefix, image_keys
from services.catalog.operations.erased_stores import Blobs, Vectors
from services.catalog.operations.erasure import erasure_report
from services.catalog.operations.run import OperationRun
from services.catalog.records.erased import ProductParts, close_product, count_product, erase_product
from services.catalog.records.operations import OperationProgress
from services.sql.database import Database

_UNIT = "rows"


class ProductErasure:
    """Deletes the product, so that nothing is added to it; notes what belongs to it, and removes that.

    Its audit records stay, without what they tell of it. All exports of the tenant go, for it may be in them.
    """

    def __init__(self, database: Database, blobs: Blobs, vectors: Vectors) -> None:
        self._database = database
        self._blobs = blobs
        self._vectors = vectors

    async def run(self, run: OperationRun) -> Mapping[str, Any]:
        """Erase the product that the request names; see `OperationWork`."""
        product_id = str(run.request["product_id"])
        counts = run.checkpoint if "removed" in run.checkpoint else await self._remove(run, product_id)
        # What belongs to the product is in the checkpoint no longer, so nor is it in the file from here on.
        await run.save(OperationProgress(_UNIT, counts["removed"]["rows"]), counts)
        await self._vectors.compact()
        await self._database.compact()
        return erasure_report({"product_id": product_id}, counts["removed"], counts["left"])

    async def erase(self, tenant_id: str, product_id: str) -> None:
        """Remove a product at once, without an operation; what a crash leaves of its blobs is swept."""
        parts = await self._database.write(
            lambda session: close_product(session, tenant_id, product_id, now_us())
        )
        await self._remove_parts(tenant_id, product_id, parts)

    async def compact(self) -> None:
        """Take the vectors of removed products out of files, too."""
        await self._vectors.compact()

    async def _remove(self, run: OperationRun, product_id: str) -> Mapping[str, Mapping[str, int]]:
        """Remove the product from every store; returns what was removed, and what is left."""
        return await self._remove_parts(run.tenant_id, product_id, await self._parts(run, product_id))

    async def _remove_parts(
        self, tenant_id: str, product_id: str, parts: ProductParts
    ) -> Mapping[str, Mapping[str, int]]:
        keys = _blob_keys(tenant_id, parts)
        rows, records = await self._database.write(
            lambda session: _erase(session, tenant_id, product_id, parts)
        )
        await self._blobs.blobs.delete(keys)
        await self._vectors.erase_items(tenant_id, parts.item_ids)
        exports = await self._blobs.erase_below(exports_prefix(tenant_id))
        removed = {"rows": rows, "audit": records, "blobs": len(keys) + exports}
        removed["vectors"] = len(parts.item_ids)
        return {"removed": removed, "left": await self._left(tenant_id, product_id, parts)}

    async def _parts(self, run: OperationRun, product_id: str) -> ProductParts:
        """What belongs to the product, as the first try has found it."""
        if run.checkpoint:
            external_id = str(run.checkpoint["external_id"])
            ids = (tuple(run.checkpoint[name]) for name in ("image_ids", "item_ids", "resources"))
            return ProductParts(external_id, *ids)
        parts = await self._database.write(
            lambda session: close_product(session, run.tenant_id, product_id, now_us())
        )
        await run.save(OperationProgress(_UNIT), asdict(parts))
        return parts

    async def _left(self, tenant_id: str, product_id: str, parts: ProductParts) -> Mapping[str, int]:
        keys = _blob_keys(tenant_id, parts)
        exports = await self._blobs.count_below(exports_prefix(tenant_id))
        return {
            "rows": await self._database.read(lambda session: count_product(session, tenant_id, product_id)),
            "audit": 0,
            "blobs": len(keys) - len(await self._blobs.blobs.missing(keys)) + exports,
            "vectors": await self._vectors.holds(tenant_id, parts.item_ids),
        }


def _erase(session: Session, tenant_id: str, product_id: str, parts: ProductParts) -> tuple[int, int]:
    """Remove the rows and the facts in audit records; returns how many of each."""
    rows = erase_product(session, tenant_id, product_id, parts, now_us())
    return rows, erase_facts(session, tenant_id, parts.resources)


def _blob_keys(tenant_id: str, parts: ProductParts) -> list[str]:
    of_images = [key for image_id in parts.image_ids for key in image_keys(tenant_id, image_id)]
    return of_images + [crop_key(tenant_id, item_id) for item_id in parts.item_ids]
