"""What each tenant may use, in memory."""

from __future__ import annotations

from domain.errors import InvalidInput, PermissionDenied
from domain.types import Principal
from services.access.sql.tenants import read_tenants, write_tenant
from services.access.tenant import TENANT_RULE, Defaults, Tenant, is_tenant
from services.sql.database import Database

MAX_REQUESTS_PER_MINUTE = 10_000_000


class Tenants:
    """The tenants that differ from the defaults, read again from time to time."""

    def __init__(self, database: Database, defaults: Defaults = Defaults()) -> None:
        """All tenants have the defaults until `refresh`."""
        self._database = database
        self._defaults = defaults
        self._tenants: dict[str, Tenant] = {}

    def requests_per_minute(self, tenant_id: str) -> int:
        """How many calls a tenant may make in a minute; 0 is no limit."""
        tenant = self._tenants.get(tenant_id)
        own = None if tenant is None else tenant.requests_per_minute
        return self._defaults.requests_per_minute if own is None else own

    async def refresh(self) -> None:
        """Read the tenants again. Raises Unavailable if the database does not answer."""
        self._tenants = {each.id: each for each in await self._database.read(read_tenants)}

    def get(self, principal: Principal, tenant_id: str = "") -> Tenant:
        """A tenant, which is the caller's if none is named.

        Raises:
            InvalidInput: no tenant may have that name.
            PermissionDenied: the caller does not administer it.
        """
        wanted = administered(principal, tenant_id or principal.tenant_id)
        return self._tenants.get(wanted, Tenant(wanted))

    async def update(self, tenant: Tenant) -> Tenant:
        """Change what a tenant may use; only operators get here.

        Raises:
            InvalidInput: a field is out of its limits.
        """
        _check_name("tenant.id", tenant.id)
        rate = tenant.requests_per_minute
        if rate is not None and not 0 <= rate <= MAX_REQUESTS_PER_MINUTE:
            raise InvalidInput(
                "tenant.requests_per_minute", f"must be from 0 to {MAX_REQUESTS_PER_MINUTE}, got {rate}"
            )
        await self._database.write(lambda session: write_tenant(session, tenant))
        self._tenants = {**self._tenants, tenant.id: tenant}
        return tenant


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


def _check_name(field: str, tenant_id: str) -> None:
    if not is_tenant(tenant_id):
        raise InvalidInput(field, f"must be {TENANT_RULE}, got {tenant_id[:80]!r}")
