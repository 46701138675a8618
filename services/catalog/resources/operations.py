"""Operations: started, read, watched, cancelled and retried by callers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import NotFound
from domain.types import Principal, Scope
from services.audit.record import Change
from services.audit.trail import AuditTrail, Changed
from services.catalog.ids import IdSource, check_id
from services.catalog.limits import CatalogLimits, check_text
from services.catalog.records import operations
from services.catalog.records.job_events import JobEvents
from services.catalog.records.operations import Operation, OperationFilter, OperationKind
from services.catalog.records.paging import Page, cut_page, read_cursor
from services.sql.database import Database


class Operations:
    """The calls on operations, each within the caller's tenant.

    An operation that is watched is read anew after `recheck_s` without an event.
    """

    def __init__(
        self,
        database: Database,
        trail: AuditTrail,
        ids: IdSource,
        events: JobEvents,
        limits: CatalogLimits,
        wake_runner: Callable[[], None],
        recheck_s: float,
    ) -> None:
        self._database = database
        self._trail = trail
        self._ids = ids
        self._events = events
        self._limits = limits
        self._wake_runner = wake_runner
        self._recheck_s = recheck_s

    async def start(
        self,
        principal: Principal,
        kind: OperationKind,
        request: Mapping[str, Any],
        idempotency_key: str = "",
        *,
        recorded: bool = True,
    ) -> Operation:
        """Queue an operation; the same key queues once. Its audit record has the request if `recorded`.

        Raises InvalidInput, AlreadyExists.
        """
        key = check_text("idempotency_key", idempotency_key, self._limits.max_key_chars)
        operation_id, moment_us = self._ids.next(), now_us()

        def insert(session: Session) -> Changed[Operation]:
            tenant_id = principal.tenant_id
            operation = operations.insert_operation(
                session, tenant_id, operation_id, kind, request, key, moment_us
            )
            is_new = operation.id == operation_id
            facts = {"kind": kind.value, **(request if recorded else {})}
            return operation, Change(f"operations/{operation_id}", {}, facts) if is_new else None

        operation = await self._trail.write(principal, insert)
        self._wake_runner()
        return operation

    async def get(self, principal: Principal, operation_id: str) -> Operation:
        """Raises InvalidInput, NotFound."""
        wanted = check_id("operation_id", operation_id)
        return await self._database.read(lambda session: _read(session, principal, wanted))

    async def list(
        self,
        principal: Principal,
        page_size: int = 0,
        page_token: str = "",
        wanted: OperationFilter = OperationFilter(),
    ) -> Page[Operation]:
        """Newest first. Raises InvalidInput."""
        cursor = read_cursor(self._limits, principal, f"operations {wanted.scope}", page_size, page_token)
        shown = replace(wanted, hidden=_hidden(principal))
        found = await self._database.read(
            lambda session: operations.list_operations(session, principal.tenant_id, cursor, shown)
        )
        return cut_page(cursor, found, lambda operation: operation.id)

    async def cancel(self, principal: Principal, operation_id: str) -> Operation:
        """Ask an operation to stop. Raises InvalidInput, NotFound, or FailedPrecondition where it is done."""
        wanted = check_id("operation_id", operation_id)
        operation = await self._change(principal, wanted, operations.request_cancel)
        self._events.publish(principal.tenant_id, operation.id)
        return operation

    async def retry(self, principal: Principal, operation_id: str) -> Operation:
        """Queue a FAILED or CANCELLED operation again. Raises InvalidInput, NotFound, FailedPrecondition."""
        wanted = check_id("operation_id", operation_id)
        operation = await self._change(principal, wanted, operations.retry_operation)
        self._events.publish(principal.tenant_id, operation.id)
        self._wake_runner()
        return operation

    async def _change(
        self, principal: Principal, operation_id: str, change: Callable[[Session, str, str, int], Operation]
    ) -> Operation:
        moment_us = now_us()

        def work(session: Session) -> Changed[Operation]:
            before = _read(session, principal, operation_id)
            after = change(session, principal.tenant_id, operation_id, moment_us)
            resource = f"operations/{operation_id}"
            return after, Change.between(resource, _facts(before), _facts(after))

        return await self._trail.write(principal, work)

    async def watch(self, principal: Principal, operation_id: str) -> AsyncIterator[Operation]:
        """Yield the operation now and after every change, until it is done. Raises InvalidInput, NotFound."""
        with self._events.watch(principal.tenant_id, check_id("operation_id", operation_id)) as watch:
            shown: Operation | None = None
            while shown is None or not shown.done:
                operation = await self.get(principal, operation_id)
                if operation != shown:
                    shown = operation
                    yield operation
                if not operation.done:
                    await watch.wait(self._recheck_s)


def _hidden(principal: Principal) -> frozenset[OperationKind]:
    """Kinds for administrators only, which may tell of all tenants."""
    kinds = frozenset({OperationKind.AUDIT, OperationKind.REINDEX})
    return frozenset() if Scope.ADMIN in principal.scopes else kinds


def _read(session: Session, principal: Principal, operation_id: str) -> Operation:
    """An operation that the caller sees. Raises NotFound."""
    operation = operations.read_operation(session, principal.tenant_id, operation_id)
    if operation.kind in _hidden(principal):
        raise NotFound("operation", operation_id)
    return operation


def _facts(operation: Operation) -> dict[str, Any]:
    return {"state": operation.state.name, "cancel_requested": operation.cancel_requested}
