"""The settings of tenants, in memory."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.errors import ArmoireError, Conflict, InvalidInput
from domain.outfit_rules import OutfitWeights
from domain.rank_weights import RankWeights
from domain.taxonomy import Taxonomy
from domain.types import OPERATOR_TENANT, Principal
from services.access.prepare import Prepare, prepare_nothing
from services.access.sql.tenant_settings import read_etags, read_for_change, read_settings, write_settings
from services.access.tenant_settings import TenantSettings
from services.access.tenants import administered
from services.audit.record import Change
from services.audit.trail import AuditTrail, Changed
from services.sql.database import Database

_LOG = logging.getLogger("armoire.access")


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """Settings in force, with the taxonomy that they make."""

    settings: TenantSettings
    taxonomy: Taxonomy


class Settings:
    """The settings of the tenants that have some, read again from time to time.

    Settings that another process has changed are in force once their taxonomy is prepared; until then, calls
    go on with the former ones.
    """

    def __init__(self, database: Database, trail: AuditTrail, server: Taxonomy) -> None:
        """All tenants have the server's until `refresh`."""
        self.prepare: Prepare = prepare_nothing
        self._database = database
        self._trail = trail
        self._server = server
        self._held: dict[str, _Held] = {}
        self._refreshing = asyncio.Lock()

    def taxonomy(self, tenant_id: str) -> Taxonomy:
        """The taxonomy of a tenant."""
        held = self._held.get(tenant_id)
        return self._server if held is None else held.taxonomy

    def rank_weights(self, tenant_id: str) -> RankWeights | None:
        """The weights of a tenant's searches that give none; None for the server's."""
        held = self._held.get(tenant_id)
        return None if held is None else held.settings.rank_weights

    def outfit_weights(self, tenant_id: str) -> OutfitWeights | None:
        """The weights of a tenant's outfits; None for the server's."""
        held = self._held.get(tenant_id)
        return None if held is None else held.settings.outfit_weights

    async def taxonomy_of_version(self, principal: Principal, version: str) -> Taxonomy | None:
        """The taxonomy of that version, of the caller's tenant; callers of the operators' have any tenant's.

        None where there is none. Raises Unavailable if the database does not answer.
        """
        found = self._find(principal, version)
        if found is None:
            await self.refresh()
            found = self._find(principal, version)
        return found

    def _find(self, principal: Principal, version: str) -> Taxonomy | None:
        if self._server.version == version:
            return self._server
        seen = self._held.values() if principal.tenant_id == OPERATOR_TENANT else self._own(principal)
        return next((held.taxonomy for held in seen if held.taxonomy.version == version), None)

    def _own(self, principal: Principal) -> Iterable[_Held]:
        held = self._held.get(principal.tenant_id)
        return () if held is None else (held,)

    async def refresh(self, *, prepare: bool = True) -> None:
        """Read the settings that have changed. Raises Unavailable if the database does not answer."""
        async with self._refreshing:
            before = dict(self._held)
            etags = await self._database.read(read_etags)
            for tenant_id in before.keys() - etags.keys():
                self._replace(tenant_id, before, None)
            changed = [each for each, etag in etags.items() if _etag(before.get(each)) != etag]
            if changed:
                read = await self._database.read(lambda session: read_settings(session, changed))
                for settings in read:
                    held = await self._prepared(settings, prepare)
                    self._replace(settings.tenant_id, before, held)

    def _replace(self, tenant_id: str, before: Mapping[str, _Held], held: _Held | None) -> None:
        """Put settings of the database into force, unless a call has changed them meanwhile."""
        if self._held.get(tenant_id) is not before.get(tenant_id):
            return
        if held is None:
            self._held.pop(tenant_id, None)
        else:
            self._held[tenant_id] = held

    async def _prepared(self, settings: TenantSettings, prepare: bool) -> _Held:
        taxonomy = self._taxonomy_of(settings)
        try:
            if prepare:
                await self.prepare(taxonomy)
        except ArmoireError as error:
            _LOG.warning("the words of tenant %r are not prepared: %s", settings.tenant_id, error)
        return _Held(settings, taxonomy)

    def _taxonomy_of(self, settings: TenantSettings) -> Taxonomy:
        """The taxonomy of stored settings; the server's, where it has changed and they do not fit it."""
        try:
            return settings.taxonomy.over(self._server)
        except InvalidInput as error:
            _LOG.warning("the words of tenant %r do not fit the taxonomy: %s", settings.tenant_id, error)
            return self._server

    async def get(self, principal: Principal, tenant_id: str = "") -> tuple[TenantSettings, Taxonomy]:
        """The settings of a tenant, which is the caller's if none is named, and its taxonomy.

        Raises:
            InvalidInput: no tenant may have that name.
            PermissionDenied: the caller does not administer it.
        """
        wanted = administered(principal, tenant_id or principal.tenant_id)
        read = await self._database.read(lambda session: read_settings(session, [wanted]))
        settings = read[0] if read else TenantSettings(wanted)
        return settings, self._taxonomy_of(settings)

    async def update(
        self, principal: Principal, settings: TenantSettings, etag: str = ""
    ) -> tuple[TenantSettings, Taxonomy]:
        """Change the settings of a tenant, once its words are prepared.

        Raises:
            InvalidInput: a field is out of its limits.
            PermissionDenied: the caller does not administer the tenant.
            Conflict: `etag` is set and no longer that of the settings.
            Overloaded, Unavailable, DeadlineExceeded: the words could not be prepared.
        """
        tenant_id = administered(principal, settings.tenant_id)
        if settings.rank_weights is not None:
            settings.rank_weights.check("settings.rank_weights")
        if settings.outfit_weights is not None:
            settings.outfit_weights.check("settings.outfit_weights")
        try:
            taxonomy = settings.taxonomy.over(self._server)
        except InvalidInput as error:
            raise error.within("settings.taxonomy") from None
        await self.prepare(taxonomy)

        def update(session: Session) -> Changed[None]:
            before = read_for_change(session, tenant_id)
            if etag and etag != before.etag:
                raise Conflict(f"the settings of tenant {tenant_id!r} were changed after they were read")
            write_settings(session, settings)
            name = f"tenants/{tenant_id}/settings"
            return None, Change.between(name, _facts(before), _facts(settings), tenant_id)

        await self._trail.write(principal, update)
        self._held[tenant_id] = _Held(settings, taxonomy)
        return settings, taxonomy


def _etag(held: _Held | None) -> str:
    return "" if held is None else held.settings.etag


def _facts(settings: TenantSettings) -> dict[str, object]:
    """What an audit record tells: the weights, how many words there are of each kind, and a hash of all."""
    facts = settings.facts()
    weights: dict[str, object] = {
        f"{kind}.{name}": weight
        for kind in ("rank_weights", "outfit_weights")
        for name, weight in (facts.get(kind) or {}).items()
    }
    counts = {f"taxonomy.{name}": len(rows) for name, rows in facts.get("taxonomy", {}).items()}
    return weights | counts | {"etag": settings.etag}
