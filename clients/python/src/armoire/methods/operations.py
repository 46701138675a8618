# Generated from methods/async_operations.py by "make client". Change that file.
"""The calls that take a while, and on how far they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from armoire.caller import Caller
from armoire.calls import erasures, operations
from armoire.calls.operations import OperationFilter
from armoire.deadlines import WAIT_TIMEOUT_S
from armoire.errors import FailedPrecondition, Unavailable
from armoire.messages.catalog_audit import audit_report_from_any
from armoire.values.catalog_audit import AuditReport
from armoire.values.operations import Operation, OperationKind, OperationState
from armoire.values.types import Page


class OperationMethods:
    """The calls that take a while, and on how far they are."""

    _caller: Caller

    def erase_product(self, product_id: str, *, timeout_s: float | None = None) -> Operation:
        """Starts to remove a product from every store, at once and for good, whether it is deleted or not.

        Wait for the end with `wait_for_operation`.
        """
        return self._caller.run(erasures.erase_product(product_id), timeout_s)

    def erase_end_user(self, end_user: str, *, timeout_s: float | None = None) -> Operation:
        """Starts to remove the id of an end user, as `end_user` told it, from all that your tenant keeps.

        What was done for them stays without the id; their wardrobe, feedback and preferences go, and so do
        products of the type "wardrobe" that are in no other wardrobe. Wait for the end with
        `wait_for_operation`.
        """
        return self._caller.run(erasures.erase_end_user(end_user), timeout_s)

    def erase_tenant(self, tenant: str, *, timeout_s: float | None = None) -> Operation:
        """Starts to remove all that the server keeps of a tenant, for good; for those who run the server.

        Wait for the end with `wait_for_operation`.
        """
        return self._caller.run(erasures.erase_tenant(tenant), timeout_s)

    def start_audit(
        self,
        *,
        repair: bool = False,
        all_tenants: bool = False,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> Operation:
        """Begins to compare the stores of the catalogue, and to mend what differs if `repair` says so.

        The same key begins once; without one the client makes a fresh one.
        """
        return self._caller.run(operations.start_audit(repair, all_tenants, idempotency_key), timeout_s)

    def audit(
        self, *, repair: bool = False, all_tenants: bool = False, timeout_s: float = WAIT_TIMEOUT_S
    ) -> AuditReport:
        """Compares the stores of the catalogue, and mends what differs if `repair` says so.

        `all_tenants` is for those who run the server.
        """
        started = self.start_audit(repair=repair, all_tenants=all_tenants)
        operation = self.wait_for_operation(started.id, timeout_s=timeout_s)
        if operation.error is not None:
            raise operation.error
        if operation.response is None:
            raise FailedPrecondition(f"the audit {operation.id} is {operation.state.name}")
        return audit_report_from_any(operation.response)

    def get_operation(self, operation_id: str, *, timeout_s: float | None = None) -> Operation:
        """The operation with this id."""
        return self._caller.run(operations.get_operation(operation_id), timeout_s)

    def list_operations(
        self,
        *,
        states: Sequence[OperationState] = (),
        kinds: Sequence[OperationKind] = (),
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[Operation]:
        """A page of operations, newest first: those in one of the states, of the kinds, of the time, where
        given."""
        which = OperationFilter(states, kinds, created_from, created_before)
        return self._caller.run(operations.list_operations(which, page_size, page_token), timeout_s)

    def iter_operations(
        self,
        *,
        states: Sequence[OperationState] = (),
        kinds: Sequence[OperationKind] = (),
        created_from: datetime | None = None,
        created_before: datetime | None = None,
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> Iterator[Operation]:
        """Like `list_operations`, page after page; `timeout_s` is for each."""
        which = OperationFilter(states, kinds, created_from, created_before)
        return self._caller.each(lambda token: operations.list_operations(which, page_size, token), timeout_s)

    def watch_operation(self, operation_id: str, *, timeout_s: float = WAIT_TIMEOUT_S) -> Iterator[Operation]:
        """The operation now and after every change, until it is done."""
        return self._caller.stream(operations.watch_operation(operation_id), timeout_s)

    def wait_for_operation(self, operation_id: str, *, timeout_s: float = WAIT_TIMEOUT_S) -> Operation:
        """The operation once it is done: SUCCEEDED, CANCELLED, or FAILED with its error."""
        for operation in self.watch_operation(operation_id, timeout_s=timeout_s):
            if operation.state.final:
                return operation
        raise Unavailable(f"the watch of operation {operation_id} ended before it did", code="UNAVAILABLE")

    def cancel_operation(self, operation_id: str, *, timeout_s: float | None = None) -> Operation:
        """Asks a running operation to stop; what it finished stays."""
        return self._caller.run(operations.cancel_operation(operation_id), timeout_s)

    def retry_operation(self, operation_id: str, *, timeout_s: float | None = None) -> Operation:
        """Runs an operation again that FAILED or was CANCELLED, from where it stopped."""
        return self._caller.run(operations.retry_operation(operation_id), timeout_s)
