"""What administrators change, kept in step with the database."""

from __future__ import annotations

import asyncio
import logging

from domain.errors import Unavailable
from services.access.api_keys import ApiKeys
from services.access.key_ring import KeyRing
from services.access.tenant import Defaults
from services.access.tenants import Tenants
from services.audit.options import AuditOptions
from services.audit.trail import AuditTrail
from services.sql.database import Database

_LOG = logging.getLogger("armoire.access")
REFRESH_S = 5.0


class Administration:
    """Keys and tenants. While the database does not answer, they stay as they were."""

    def __init__(
        self, database: Database, defaults: Defaults = Defaults(), audit: AuditOptions = AuditOptions()
    ) -> None:
        self.trail = AuditTrail(database, audit)
        self.ring = KeyRing(database)
        self.keys = ApiKeys(database, self.trail, self.ring)
        self.tenants = Tenants(database, self.trail, defaults)

    async def refresh(self) -> None:
        """Read what other processes have changed. Raises Unavailable if the database does not answer."""
        await self.ring.refresh()
        await self.tenants.refresh()

    async def run(self) -> None:
        """Refresh for ever."""
        while True:
            await asyncio.sleep(REFRESH_S)
            try:
                await self.refresh()
            except Unavailable as error:
                _LOG.warning("keys and tenants are those of before: %s", error)
