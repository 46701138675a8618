"""What finds and describes the items of each tenant at the moment."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.taxonomy import Taxonomy, TaxonomyOf
from domain.types import ItemVersions
from services.catalog.analyzer import Analyzer
from services.catalog.records.item_versions import Vocabularies
from services.catalog.records.tenant_use import read_uses
from services.sql.database import Database


@dataclass(frozen=True, slots=True)
class ServedVersions:
    """Reads what is served; `taxonomy` is the server's."""

    database: Database
    analyzer: Analyzer
    taxonomy: Taxonomy
    taxonomy_of: TaxonomyOf

    async def read(self, tenant_id: str | None) -> tuple[ItemVersions, Vocabularies]:
        """What is served, and the vocabularies of tenants that differ: of one, or of all for None."""
        served = await self.analyzer.versions()
        tenants = await self.database.read(read_uses) if tenant_id is None else [tenant_id]
        taxonomies = {each: self.taxonomy_of(each) for each in tenants}
        own = {
            each: taxonomy.version for each, taxonomy in taxonomies.items() if taxonomy is not self.taxonomy
        }
        return served, own


def of_tenant(tenant_id: str | None, served: ItemVersions, own: Vocabularies) -> ItemVersions:
    """What is served to the tenant; to most of them, for None."""
    return replace(served, vocabulary=own.get(tenant_id or "", served.vocabulary))
