"""What each tenant may use, in memory."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy.orm import Session

from domain.errors import Conflict, InvalidInput, PermissionDenied
from domain.tenants import TENANT_RULE, is_tenant
from domain.types import Principal
from services.access.sql.erasure import read_erased
from services.access.sql.tenants import read_tenant, read_tenants, write_tenant
from services.access.tenant import MOST, Defaults, Tenant
from services.audit.record import Change
from services.audit.trail import AuditTrail, Changed
from services.sql.database import Database


class Tenants:
    """The tenants that differ from the defaults, read again from time to time."""

    def __init__(self, database: Database, trail: AuditTrail, defaults: Defaults = Defaults()) -> None:
        """All tenants have the defaults until `refresh`."""
        self._database = database
        self._trail = trail
        self._defaults = defaults
        self._tenants: dict[str, Tenant] = {}
        self._limits: dict[str, Defaults] = {}
        self._erased: frozenset[str] = frozenset()

    def limits(self, tenant_id: str) -> Defaults:
        """What a tenant may use."""
        return self._limits.get(tenant_id, self._defaults)

    async def refresh(self) -> None:
        """Read the tenants again. Raises Unavailable if the database does not answer."""
        tenants, self._erased = await self._database.read(
            lambda session: (read_tenants(session), read_erased(session))
        )
        self._hold({each.id: each for each in tenants})

    def check_not_erased(self, tenant_id: str) -> None:
        """Raises PermissionDenied while a tenant is being erased."""
        if tenant_id in self._erased:
            raise PermissionDenied(f"the tenant {tenant_id} is being erased", reason="TENANT_ERASED")

    def get(self, principal: Principal, tenant_id: str = "") -> Tenant:
        """A tenant, which is the caller's if none is named.

        Raises:
            InvalidInput: no tenant may have that name.
            PermissionDenied: the caller does not administer it.
        """
        wanted = administered(principal, tenant_id or principal.tenant_id)
        return self._tenants.get(wanted, Tenant(wanted))

    async def update(self, principal: Principal, tenant: Tenant, etag: str = "") -> Tenant:
        """Change what a tenant may use; only operators get here.

        Raises:
            InvalidInput: a field is out of its limits.
            Conflict: `etag` is set and no longer the tenant's.
        """
        _check_name("tenant.id", tenant.id)
        for name, most in MOST.items():
            value = getattr(tenant, name)
            if value is not None and not 0 <= value <= most:
                raise InvalidInput(f"tenant.{name}", f"must be from 0 to {most}, got {value}")

        def update(session: Session) -> Changed[None]:
            before = read_tenant(session, tenant.id)
            if etag and etag != before.etag:
                raise Conflict(f"tenant {tenant.id!r} was changed after it was read")
            write_tenant(session, tenant)
            name = f"tenants/{tenant.id}"
            return None, Change.between(name, asdict(before), asdict(tenant), tenant.id)

        await self._trail.write(principal, update)
        self._hold({**self._tenants, tenant.id: tenant})
        return tenant

    def _hold(self, tenants: dict[str, Tenant]) -> None:
        self._tenants = tenants
        self._limits = {each.id: each.limits(self._defaults) for each in tenants.values()}


def administered(principal: Principal, tenant_id: str) -> str:
    """The tenant, if the caller administers it.

    Raises:
        InvalidInput: no tenant may have that name.
        PermissionDenied: it is another's.
    """
    _check_name("tenant", tenant_id)
    if not principal.is_operator and tenant_id != principal.tenant_id:
        raise PermissionDenied("another tenant is for those who run the server", reason="OPERATOR_ONLY")
    return tenant_id


def administered_tenants(principal: Principal, tenant_id: str = "") -> list[str] | None:
    """The tenants that the caller administers, or the one that is named; None for all.

    Raises:
        InvalidInput: no tenant may have that name.
        PermissionDenied: it is another's.
    """
    if tenant_id:
        return [administered(principal, tenant_id)]
    return None if principal.is_operator else [principal.tenant_id]


def _check_name(field: str, tenant_id: str) -> None:
    if not is_tenant(tenant_id):
        raise InvalidInput(field, f"must be {TENANT_RULE}, got {tenant_id[:80]!r}")
