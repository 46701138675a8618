"""The erasure of a tenant: who may call for it, and what administrators have changed of it."""

from __future__ import annotations

from domain.clock import now_us
from services.access.administration import Administration
from services.access.sql.erasure import begin_erasure, count_callers, erase_callers, forget_tenant


class AccessErasure:
    """Refuses a tenant's calls, and removes its keys, users, sessions, tokens, limits and audit records."""

    name = "access"

    def __init__(self, administration: Administration) -> None:
        self._administration = administration
        self._database = administration.database
        self._trail = administration.trail

    async def close(self, tenant_id: str) -> None:
        """Refuse the tenant's calls: here at once, in other processes after `REFRESH_S` at the latest."""
        await self._database.write(lambda session: begin_erasure(session, tenant_id, now_us()))
        await self._administration.refresh()

    async def erase(self, tenant_id: str) -> int:
        """Remove what is kept of a tenant, but that it is being erased; returns how many rows."""
        callers = await self._database.write(lambda session: erase_callers(session, tenant_id))
        records = await self._trail.erase(tenant_id)
        self._administration.sessions.forget_all()
        await self._administration.refresh()
        await self._administration.settings.refresh()
        return callers + records

    async def count(self, tenant_id: str) -> int:
        """How many rows are kept of a tenant."""
        callers = await self._database.read(lambda session: count_callers(session, tenant_id))
        return callers + await self._trail.count(tenant_id)

    async def erase_end_user(self, tenant_id: str, end_user: str) -> int:
        """Remove an end user's id from the audit records of a tenant; returns how many."""
        return await self._trail.erase_end_user(tenant_id, end_user)

    async def count_end_user(self, tenant_id: str, end_user: str) -> int:
        """How many audit records of a tenant have an end user's id."""
        return await self._trail.count_end_user(tenant_id, end_user)

    async def compact(self) -> None:
        """Write the database anew, without what was deleted."""
        await self._database.compact()

    async def forget(self, tenant_id: str) -> None:
        """Remove the tenant's row, so that its name is as any that was never used."""
        await self._database.write(lambda session: forget_tenant(session, tenant_id))
        await self._administration.refresh()
