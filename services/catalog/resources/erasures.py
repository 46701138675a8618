"""Erasures: started by administrators and operators."""

from __future__ import annotations

from collections.abc import Sequence

from domain.end_users import check_end_user
from domain.errors import FailedPrecondition, InvalidInput, NotFound
from domain.tenants import TENANT_RULE, is_tenant
from domain.types import Principal
from services.catalog.ids import check_id
from services.catalog.operations.erasure import TenantStore
from services.catalog.records.erased import product_exists
from services.catalog.records.operations import Operation, OperationKind
from services.catalog.resources.operations import Operations
from services.sql.database import Database


class Erasures:
    """Starts operations that remove a product, an end user or a tenant for good."""

    def __init__(self, database: Database, operations: Operations, stores: Sequence[TenantStore]) -> None:
        self._database = database
        self._operations = operations
        self._stores = stores

    async def product(self, principal: Principal, product_id: str) -> Operation:
        """Erase a product of the caller's, deleted or not. Raises InvalidInput, NotFound."""
        wanted = check_id("product_id", product_id)
        tenant_id = principal.tenant_id
        if not await self._database.read(lambda session: product_exists(session, tenant_id, wanted)):
            raise NotFound("product", wanted)
        return await self._operations.start(principal, OperationKind.ERASE, {"product_id": wanted})

    async def end_user(self, principal: Principal, end_user: str) -> Operation:
        """Erase the id of an end user of the caller's, wherever it is kept. Raises InvalidInput."""
        wanted = check_end_user("end_user", end_user)
        return await self._operations.start(
            principal, OperationKind.ERASE, {"end_user": wanted}, recorded=False
        )

    async def tenant(self, principal: Principal, tenant_id: str) -> Operation:
        """Erase a tenant; only operators get here.

        Raises:
            InvalidInput: no tenant may have that name.
            NotFound: nothing is kept of it.
            FailedPrecondition: it is the caller's own.
            Unavailable: a store does not answer.
        """
        wanted = tenant_id
        if not is_tenant(wanted):
            raise InvalidInput("tenant", f"must be {TENANT_RULE}, got {wanted[:100]!r}")
        if wanted == principal.tenant_id:
            raise FailedPrecondition(
                f"the tenant {wanted!r} runs this server and cannot be erased", reason="TENANT_OF_OPERATORS"
            )
        if not sum([await store.count(wanted) for store in self._stores]):
            raise NotFound("tenant", wanted)
        return await self._operations.start(principal, OperationKind.ERASE, {"tenant": wanted})
