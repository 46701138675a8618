"""Old jobs are removed."""

from __future__ import annotations

import asyncio
import logging

from domain.clock import MICROSECONDS, now_us
from services.background.log_throttle import LogThrottle
from services.catalog.records.dead_letters import purge_jobs
from services.sql.database import Database

_LOG = logging.getLogger(__name__)
_DAY_US = 86_400 * MICROSECONDS
_BATCH = 500
_EVERY_S = 3600.0


class JobRetention:
    """Removes the jobs of all tenants that have ended more than `days` ago, with their idempotency keys."""

    def __init__(self, database: Database, days: int) -> None:
        self._database = database
        self._days = days
        self._throttle = LogThrottle()

    async def run(self) -> None:
        """Remove old jobs for ever."""
        while True:
            try:
                await self.purge(now_us())
            except Exception as error:
                self._throttle.warn(_LOG, "removing old jobs failed", error=error)
            await asyncio.sleep(_EVERY_S)

    async def purge(self, moment_us: int) -> int:
        """Remove what is too old at a moment; returns how many jobs."""
        before_us, removed, count = moment_us - self._days * _DAY_US, 0, _BATCH
        while count == _BATCH:
            count = await self._database.write(lambda session: purge_jobs(session, before_us, _BATCH))
            removed += count
        return removed
