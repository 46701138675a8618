"""Operations: work that takes longer than a call, from QUEUED to SUCCEEDED, FAILED or CANCELLED."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from domain.clock import MICROSECONDS, datetime_from_us
from domain.error_record import error_from_record, error_to_record
from domain.errors import AlreadyExists, ArmoireError, FailedPrecondition, NotFound
from services.catalog.records.end_events import operation_ended
from services.catalog.records.paging import Cursor
from services.catalog.sql.tables import OperationRow


class OperationKind(StrEnum):
    """What an operation does."""

    AUDIT = "audit"
    BACKFILL = "backfill"
    ERASE = "erase"
    EXPORT = "export"
    IMPORT = "import"
    REINDEX = "reindex"
    TRAINING = "training"


class OperationState(StrEnum):
    """How far an operation is. A RUNNING one whose process ends is QUEUED again."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (OperationState.QUEUED, OperationState.RUNNING)
_RESUMABLE = (OperationState.FAILED, OperationState.CANCELLED)
_AHEAD_US = 600 * MICROSECONDS
"""No operation is delayed by this much: a moment further ahead was written before the clock was set back."""


@dataclass(frozen=True, slots=True)
class OperationProgress:
    """What is counted in `unit`s, such as "photos"; `total` is 0 while it is not known."""

    unit: str = ""
    done: int = 0
    failed: int = 0
    total: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as callers see it; `response` is there once it has SUCCEEDED, `error` if it FAILED."""

    id: str
    kind: OperationKind
    state: OperationState
    progress: OperationProgress
    cancel_requested: bool
    error: ArmoireError | None = field(compare=False)  # exceptions are equal only to themselves
    response: Mapping[str, Any] | None
    create_time: datetime
    update_time: datetime
    end_time: datetime | None

    @property
    def done(self) -> bool:
        return self.state not in UNFINISHED


@dataclass(frozen=True, slots=True)
class OperationFilter:
    """A filter of listed operations; a field that is not set is ignored.

    `hidden` are kinds that the caller does not see.
    `created_from_us` is inclusive,
    `created_before_us` exclusive; microseconds since 1970.
    """

    states: frozenset[OperationState] = frozenset()
    kinds: frozenset[OperationKind] = frozenset()
    hidden: frozenset[OperationKind] = frozenset()
    created_from_us: int | None = None
    created_before_us: int | None = None

    @property
    def scope(self) -> str:
        """A text that identifies the filter."""
        return f"{sorted(self.states)} {sorted(self.kinds)} {self.created_from_us} {self.created_before_us}"


@dataclass(frozen=True, slots=True)
class OperationClaim:
    """One try at an operation. It holds the lease as long as its token is the operation's."""

    tenant_id: str
    id: str
    kind: OperationKind
    token: str
    request: Mapping[str, Any]
    checkpoint: Mapping[str, Any]
    progress: OperationProgress
    failures: int


def insert_operation(
    session: Session,
    tenant_id: str,
    operation_id: str,
    kind: OperationKind,
    request: Mapping[str, Any],
    idempotency_key: str,
    moment_us: int,
) -> Operation:
    """Queue an operation, or find the one that an earlier call with this key queued.

    Raises:
        AlreadyExists: that call asked for something else.
    """
    found = _find_by_key(session, tenant_id, idempotency_key) if idempotency_key else None
    if found is not None:
        if (found.kind, found.request) != (kind, dict(request)):
            raise AlreadyExists(
                f"idempotency_key {idempotency_key!r} was used for a different request",
                reason="IDEMPOTENCY_KEY_REUSED",
            )
        return _operation(found)
    row = OperationRow(
        tenant_id=tenant_id,
        id=operation_id,
        kind=kind,
        state=OperationState.QUEUED,
        request=dict(request),
        checkpoint={},
        progress={},
        cancel_requested=False,
        failures=0,
        run_after_us=moment_us,
        idempotency_key=idempotency_key or None,
        create_us=moment_us,
        update_us=moment_us,
    )
    session.add(row)
    session.flush()
    return _operation(row)


def _find_by_key(session: Session, tenant_id: str, idempotency_key: str) -> OperationRow | None:
    return session.scalar(
        select(OperationRow).where(
            OperationRow.tenant_id == tenant_id, OperationRow.idempotency_key == idempotency_key
        )
    )


def read_operation(session: Session, tenant_id: str, operation_id: str) -> Operation:
    """One operation.

    Raises:
        NotFound: this tenant has none of that id.
    """
    return _operation(_row(session, tenant_id, operation_id))


def list_operations(
    session: Session, tenant_id: str, cursor: Cursor, wanted: OperationFilter
) -> list[Operation]:
    """Newest first, one more than the page's size where there are more."""
    query = select(OperationRow).where(OperationRow.tenant_id == tenant_id)
    if wanted.states:
        query = query.where(OperationRow.state.in_(wanted.states))
    if wanted.kinds:
        query = query.where(OperationRow.kind.in_(wanted.kinds))
    if wanted.hidden:
        query = query.where(OperationRow.kind.not_in(wanted.hidden))
    if wanted.created_from_us is not None:
        query = query.where(OperationRow.create_us >= wanted.created_from_us)
    if wanted.created_before_us is not None:
        query = query.where(OperationRow.create_us < wanted.created_before_us)
    if cursor.before:
        query = query.where(OperationRow.id < cursor.before)
    rows = session.scalars(query.order_by(OperationRow.id.desc()).limit(cursor.size + 1))
    return [_operation(row) for row in rows]


def unfinished_operation(session: Session, tenant_id: str, kind: OperationKind, but_key: str) -> str:
    """The id of the tenant's oldest unfinished operation of a kind, "" for none.

    One with the idempotency key `but_key`, where that is set, does not count.
    """
    query = select(OperationRow.id).where(
        OperationRow.tenant_id == tenant_id,
        OperationRow.kind == kind,
        OperationRow.state.in_(UNFINISHED),
    )
    if but_key:
        query = query.where(func.coalesce(OperationRow.idempotency_key, "") != but_key)
    return session.scalar(query.order_by(OperationRow.id).limit(1)) or ""


def kept_operations(
    session: Session, tenant_id: str, operation_ids: Collection[str], since_us: int
) -> set[str]:
    """The ids among these of operations that are unfinished, or ended at that moment or later."""
    query = select(OperationRow.id).where(
        OperationRow.tenant_id == tenant_id,
        OperationRow.id.in_(operation_ids),
        or_(OperationRow.end_us.is_(None), OperationRow.end_us >= since_us),
    )
    return set(session.scalars(query))


def request_cancel(session: Session, tenant_id: str, operation_id: str, moment_us: int) -> Operation:
    """Ask an unfinished operation to stop; one that no process works on is CANCELLED at once.

    Raises:
        NotFound: this tenant has none of that id.
        FailedPrecondition: it is done.
    """
    row = _row(session, tenant_id, operation_id, lock=True)
    if row.state not in UNFINISHED:
        raise FailedPrecondition(
            f"operation {operation_id!r} is done: it is {row.state.upper()}", reason="OPERATION_DONE"
        )
    row.cancel_requested = True
    row.update_us = moment_us
    if row.lease_token is None:
        row.state, row.end_us = OperationState.CANCELLED, moment_us
        operation_ended(session, tenant_id, row.id, row.kind, row.state, "", moment_us)
    return _operation(row)


def retry_operation(session: Session, tenant_id: str, operation_id: str, moment_us: int) -> Operation:
    """Queue a FAILED or CANCELLED operation again; it goes on from its checkpoint.

    Raises:
        NotFound: this tenant has none of that id.
        FailedPrecondition: it is in another state.
    """
    row = _row(session, tenant_id, operation_id, lock=True)
    if row.state not in _RESUMABLE:
        raise FailedPrecondition(
            f"operation {operation_id!r} is {row.state.upper()} and cannot be retried: only a FAILED or "
            "CANCELLED one can",
            reason="OPERATION_NOT_RETRYABLE",
        )
    row.state, row.error, row.end_us = OperationState.QUEUED, None, None
    row.cancel_requested, row.failures, row.interruptions = False, 0, 0
    row.run_after_us = row.update_us = moment_us
    return _operation(row)


@dataclass(frozen=True, slots=True)
class ClaimedOperation:
    """The claim, if an operation is due; (tenant, id) of those that failed, because they were interrupted."""

    claim: OperationClaim | None = None
    interrupted: tuple[tuple[str, str], ...] = ()


def claim_operation(
    session: Session,
    kinds: frozenset[OperationKind],
    lease_us: int,
    moment_us: int,
    max_interruptions: int,
) -> ClaimedOperation:
    """Take the operation that has been due for the longest time, or whose lease ran out.

    One with which more processes have died than `max_interruptions` is set to FAILED instead. After the clock
    was set back, operations whose moments are far ahead are due, too.
    """
    interrupted: list[tuple[str, str]] = []
    while (row := _due_row(session, kinds, lease_us, moment_us)) is not None:
        row.interruptions += row.lease_token is not None
        if row.interruptions <= max_interruptions:
            return ClaimedOperation(_leased(row, lease_us, moment_us), tuple(interrupted))
        interrupted.append((row.tenant_id, row.id))
        message = f"the server stopped {row.interruptions} times while it worked on this operation"
        row.state, row.error = (
            OperationState.FAILED,
            error_to_record(ArmoireError(message, reason="INTERRUPTED")),
        )
        row.lease_token = row.lease_expires_us = None
        row.update_us = row.end_us = moment_us
        session.flush()
        operation_ended(session, row.tenant_id, row.id, row.kind, row.state, "INTERRUPTED", moment_us)
    return ClaimedOperation(None, tuple(interrupted))


def _due_row(
    session: Session, kinds: frozenset[OperationKind], lease_us: int, moment_us: int
) -> OperationRow | None:
    latest_us = moment_us + max(_AHEAD_US, 2 * lease_us)
    return session.scalar(
        select(OperationRow)
        .where(
            OperationRow.state.in_(UNFINISHED),
            OperationRow.kind.in_(kinds),
            or_(OperationRow.run_after_us <= moment_us, OperationRow.run_after_us > latest_us),
            or_(
                OperationRow.lease_expires_us.is_(None),
                OperationRow.lease_expires_us < moment_us,
                OperationRow.lease_expires_us > latest_us,
            ),
        )
        .order_by(OperationRow.run_after_us, OperationRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _leased(row: OperationRow, lease_us: int, moment_us: int) -> OperationClaim:
    """The claim of an operation that is taken."""
    token = str(uuid.uuid4())
    row.state, row.lease_token = OperationState.RUNNING, token
    row.lease_expires_us, row.update_us = moment_us + lease_us, moment_us
    return OperationClaim(
        row.tenant_id,
        row.id,
        OperationKind(row.kind),
        token,
        row.request,
        row.checkpoint,
        OperationProgress(**row.progress),
        row.failures,
    )


def next_operation_us(session: Session) -> int | None:
    """When the next unfinished operation is due or its lease runs out; None where none is unfinished."""
    moment = func.coalesce(OperationRow.lease_expires_us, OperationRow.run_after_us)
    found: int | None = session.scalar(select(func.min(moment)).where(OperationRow.state.in_(UNFINISHED)))
    return found


def release_operations(session: Session, moment_us: int) -> None:
    """Expire every lease; only for the only process on the database."""
    expired = {"lease_expires_us": moment_us - 1}
    session.execute(update(OperationRow).where(OperationRow.lease_token.is_not(None)).values(expired))


def renew_operation(session: Session, claim: OperationClaim, expires_us: int) -> bool | None:
    """Extend the claim's lease; whether it is to stop, or None if the lease was lost."""
    return _change(session, claim, {"lease_expires_us": expires_us})


def save_progress(
    session: Session,
    claim: OperationClaim,
    progress: OperationProgress,
    checkpoint: Mapping[str, Any],
    moment_us: int,
) -> bool | None:
    """Keep how far the operation is; whether it is to stop, or None if the lease was lost."""
    values = {"progress": asdict(progress), "checkpoint": dict(checkpoint), "update_us": moment_us}
    return _change(session, claim, values)


def requeue_operation(
    session: Session, claim: OperationClaim, run_after_us: int, moment_us: int, *, counts: bool
) -> None:
    """Queue the operation again; `counts` says whether the try counts as a failure."""
    failures = claim.failures + int(counts)
    values = {"state": OperationState.QUEUED, "run_after_us": run_after_us, "failures": failures}
    _change(session, claim, values | _UNLEASED | {"update_us": moment_us})


def end_operation(
    session: Session,
    claim: OperationClaim,
    state: OperationState,
    moment_us: int,
    response: Mapping[str, Any] | None = None,
    error: ArmoireError | None = None,
) -> None:
    """Set the operation to a state in which it is done."""
    ended = {
        "state": state,
        "response": response,
        "error": None if error is None else error_to_record(error),
        "update_us": moment_us,
        "end_us": moment_us,
    }
    if _change(session, claim, ended | _UNLEASED) is None:
        return
    reason = "" if error is None else error.reason
    operation_ended(session, claim.tenant_id, claim.id, claim.kind, state, reason, moment_us)


_UNLEASED: dict[str, Any] = {"lease_token": None, "lease_expires_us": None}


def _change(session: Session, claim: OperationClaim, values: Mapping[str, Any]) -> bool | None:
    """Change the claim's operation; whether it is to stop, or None if another try has its lease by now."""
    changed = session.execute(
        update(OperationRow)
        .where(
            OperationRow.tenant_id == claim.tenant_id,
            OperationRow.id == claim.id,
            OperationRow.lease_token == claim.token,
        )
        .values(values)
        .returning(OperationRow.cancel_requested)
    ).first()
    return None if changed is None else bool(changed[0])


def _row(session: Session, tenant_id: str, operation_id: str, *, lock: bool = False) -> OperationRow:
    row = session.get(OperationRow, (tenant_id, operation_id), with_for_update=lock or None)
    if row is None:
        raise NotFound("operation", operation_id)
    return row


def _operation(row: OperationRow) -> Operation:
    return Operation(
        id=row.id,
        kind=OperationKind(row.kind),
        state=OperationState(row.state),
        progress=OperationProgress(**row.progress),
        cancel_requested=row.cancel_requested,
        error=None if row.error is None else error_from_record(row.error),
        response=row.response,
        create_time=datetime_from_us(row.create_us),
        update_time=datetime_from_us(row.update_us),
        end_time=None if row.end_us is None else datetime_from_us(row.end_us),
    )
