"""How much work waits in the catalogue, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.clock import MICROSECONDS
from services.catalog.records.jobs import OPEN, JobState
from services.catalog.records.webhooks import DeliveryState
from services.catalog.sql.tables import JobRow, OutboxRow, WebhookDeliveryRow

_STATES: tuple[str, ...] = (*OPEN, JobState.FAILED)
"""Not those of which there are ever more, which would make each count a longer scan."""
_JOBS = (
    select(JobRow.state, func.count(), func.min(JobRow.create_us))
    .where(JobRow.state.in_(_STATES))
    .group_by(JobRow.state)
)


_DEAD_LETTERS = (
    select(JobRow.reason, func.count()).where(JobRow.state == JobState.FAILED).group_by(JobRow.reason)
)


_UNDELIVERED = (DeliveryState.PENDING, DeliveryState.FAILED)
_DELIVERIES = (
    select(WebhookDeliveryRow.state, func.count())
    .where(WebhookDeliveryRow.state.in_(_UNDELIVERED))
    .group_by(WebhookDeliveryRow.state)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A number of rows, and the age of the oldest in seconds; 0 if there is none."""

    count: int = 0
    oldest_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Backlog:
    """The rows of the outbox, jobs by state, FAILED ones by reason, deliveries of webhooks by state."""

    outbox: Waiting
    jobs: Mapping[str, Waiting]
    dead_letters: Mapping[str, int]
    deliveries: Mapping[str, int]


def read_backlog(session: Session, now_us: int) -> Backlog:
    """Count the work that waits at a moment, of all tenants."""
    count, oldest_us = session.execute(select(func.count(), func.min(OutboxRow.create_us))).one()
    jobs: dict[str, Waiting] = dict.fromkeys(_STATES, Waiting())
    for state, jobs_in_state, first_us in session.execute(_JOBS):
        jobs[state] = _waiting(jobs_in_state, first_us, now_us)
    dead = {reason or "": count for reason, count in session.execute(_DEAD_LETTERS)}
    deliveries: dict[str, int] = dict.fromkeys(_UNDELIVERED, 0)
    for state, number in session.execute(_DELIVERIES):
        deliveries[state] = number
    return Backlog(_waiting(count, oldest_us, now_us), jobs, dead, deliveries)


def _waiting(count: int, oldest_us: int | None, now_us: int) -> Waiting:
    return Waiting(count, 0.0 if oldest_us is None else max(0.0, (now_us - oldest_us) / MICROSECONDS))
