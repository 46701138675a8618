"""The ends of jobs and operations, for webhooks; written in the transaction of the end."""

from __future__ import annotations

from sqlalchemy.orm import Session

from services.catalog.records.webhooks import Event, enqueue_event

_JOBS = {"complete": Event.JOB_COMPLETE, "failed": Event.JOB_FAILED, "cancelled": Event.JOB_CANCELLED}
_OPERATIONS = {
    "succeeded": Event.OPERATION_SUCCEEDED,
    "failed": Event.OPERATION_FAILED,
    "cancelled": Event.OPERATION_CANCELLED,
}


def job_ended(session: Session, tenant_id: str, job_id: str, state: str, reason: str, moment_us: int) -> None:
    """Tell webhooks that a job has ended; `reason` is that of its error, or ""."""
    data = {"job_id": job_id, "state": state.upper(), "reason": reason}
    enqueue_event(session, tenant_id, _JOBS[state], data, moment_us)


def operation_ended(
    session: Session, tenant_id: str, operation_id: str, kind: str, state: str, reason: str, moment_us: int
) -> None:
    """Tell webhooks that an operation is done."""
    data = {"operation_id": operation_id, "kind": kind.upper(), "state": state.upper(), "reason": reason}
    enqueue_event(session, tenant_id, _OPERATIONS[state], data, moment_us)
