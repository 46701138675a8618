"""Changes and their records, which are written together."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

import orjson
from sqlalchemy.orm import Session

from domain.calls import CURRENT_CALL
from domain.clock import now_us
from domain.types import Principal
from services.audit.audit_filter import AuditFilter
from services.audit.options import AuditOptions
from services.audit.record import AuditRecord, Change
from services.audit.sql.records import (
    count_end_user,
    count_records,
    erase_end_user,
    erase_records,
    insert_record,
    list_records,
    purge_records,
)
from services.background.log_throttle import LogThrottle
from services.sql.database import Database

T = TypeVar("T")
Changed: TypeAlias = tuple[T, Change | None]
"""The result of a transaction, and what it has changed; None if that is nothing."""

LINES = logging.getLogger("armoire.audit")
"""Gets each record as a line of JSON, once the change is durable."""
_LOG = logging.getLogger(__name__)
_DAY_US = 86_400_000_000
PURGE_BATCH = 1000
PURGE_EVERY_S = 3600.0


class AuditTrail:
    """The records of the changes to one database, in that database."""

    def __init__(
        self,
        database: Database,
        options: AuditOptions = AuditOptions(),
        clock: Callable[[], int] = now_us,
    ) -> None:
        self._database = database
        self._clock = clock
        self._throttle = LogThrottle()
        self.options = options

    async def write(self, principal: Principal, work: Callable[[Session], Changed[T]]) -> T:
        """Run `work` in a transaction that has the record of its change, too; returns its result.

        `CURRENT_CALL` tells the circumstances. Raises what `work` raises, and as `Database.write`.
        """

        def of_one(session: Session) -> tuple[T, Sequence[Change]]:
            result, change = work(session)
            return result, () if change is None else (change,)

        return await self.write_all(principal, of_one)

    async def write_all(
        self, principal: Principal, work: Callable[[Session], tuple[T, Sequence[Change]]]
    ) -> T:
        """As `write`, for a transaction that makes several changes."""
        record_of = self._record_of(principal)

        def recorded(session: Session) -> tuple[T, Sequence[AuditRecord]]:
            result, changes = work(session)
            records = [record_of(change) for change in changes]
            for record in records:
                insert_record(session, record)
            return result, records

        result, records = await self._database.write(recorded)
        for record in records:
            _log_line(record)
        return result

    async def note(self, principal: Principal, change: Change) -> None:
        """Record a change that was made elsewhere. Raises as `Database.write`."""
        await self.write(principal, lambda _: (None, change))

    async def list(
        self, wanted: AuditFilter, size: int, before: tuple[int, str] | None = None
    ) -> Sequence[AuditRecord]:
        """At most `size` records, newest first, older than the one with this time and id."""
        return await self._database.read(lambda session: list_records(session, wanted, size, before))

    async def run(self) -> None:
        """Remove old records for ever."""
        while True:
            try:
                await self.purge()
            except Exception as error:
                self._throttle.warn(_LOG, "removing old audit records failed", error=error)
            await asyncio.sleep(PURGE_EVERY_S)

    async def purge(self) -> int:
        """Remove the records that are older than the retention; returns how many."""
        if not self.options.retention_days:
            return 0
        before_us = self._clock() - self.options.retention_days * _DAY_US
        removed, count = 0, PURGE_BATCH
        while count == PURGE_BATCH:
            count = await self._database.write(lambda session: purge_records(session, before_us, PURGE_BATCH))
            removed += count
        return removed

    async def erase(self, tenant_id: str) -> int:
        """Remove a tenant's records; returns how many. Raises as `Database.write`."""
        removed, count = 0, PURGE_BATCH
        while count == PURGE_BATCH:
            count = await self._database.write(lambda session: erase_records(session, tenant_id, PURGE_BATCH))
            removed += count
        return removed

    async def count(self, tenant_id: str) -> int:
        """How many records a tenant has. Raises as `Database.read`."""
        return await self._database.read(lambda session: count_records(session, tenant_id))

    async def erase_end_user(self, tenant_id: str, end_user: str) -> int:
        """Remove an end user's id from a tenant's records; returns how many. Raises as `Database.write`."""
        return await self._database.write(lambda session: erase_end_user(session, tenant_id, end_user))

    async def count_end_user(self, tenant_id: str, end_user: str) -> int:
        """How many records of a tenant have an end user's id. Raises as `Database.read`."""
        return await self._database.read(lambda session: count_end_user(session, tenant_id, end_user))

    def _record_of(self, principal: Principal) -> Callable[[Change], AuditRecord]:
        """Makes the record of a change of the call that this task serves."""
        call, moment_us = CURRENT_CALL.get(), self._clock()

        def record_of(change: Change) -> AuditRecord:
            return AuditRecord(
                time_us=moment_us,
                id=secrets.token_hex(8),
                tenant_id=change.tenant_id or principal.tenant_id,
                actor=principal.subject,
                end_user=change.end_user or call.end_user,
                action=call.method,
                resource=change.resource,
                before=change.before,
                after=change.after,
                request_id=call.request_id,
            ).shortened()

        return record_of


def _log_line(record: AuditRecord) -> None:
    if LINES.isEnabledFor(logging.INFO):
        fields = record.as_json()
        LINES.info("%s", orjson.dumps(fields).decode(), extra={"audit": fields})
