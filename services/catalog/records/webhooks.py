"""Webhooks of tenants, and events on their way to them.

An event is written in the transaction of what it tells, so it is sent if and only if that has happened.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from domain.clock import datetime_from_us
from domain.errors import NotFound
from services.catalog.ids import IdSource
from services.catalog.records.paging import Cursor
from services.catalog.sql.tables import WebhookDeliveryRow, WebhookRow
from services.catalog.sql.upsert import table_of


class Event(StrEnum):
    """What webhooks are told of."""

    JOB_COMPLETE = "indexing_job.complete"
    JOB_FAILED = "indexing_job.failed"
    JOB_CANCELLED = "indexing_job.cancelled"
    OPERATION_SUCCEEDED = "operation.succeeded"
    OPERATION_FAILED = "operation.failed"
    OPERATION_CANCELLED = "operation.cancelled"


class DeliveryState(StrEnum):
    """How far a delivery is; FAILED ones are not sent any more."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a tenant wants events to be sent."""

    id: str
    url: str
    events: tuple[str, ...]
    disabled: bool
    failing_from: datetime | None
    create_time: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way. `status` is the HTTP status of the last answer, 0 if there was none."""

    id: str
    webhook_id: str
    event: str
    state: DeliveryState
    attempts: int
    status: int
    error: str
    create_time: datetime
    update_time: datetime


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """One attempt at a delivery, and what it needs to know.

    `first_us` is when the event was first to be sent, in microseconds since 1970.
    """

    tenant_id: str
    id: str
    webhook_id: str
    token: str
    url: str
    secret: str = field(repr=False)
    body: str
    attempts: int
    first_us: int


_HOOK, _DELIVERY = table_of(WebhookRow), table_of(WebhookDeliveryRow)
_ENABLED = select(_HOOK.c.id, _HOOK.c.events).where(
    _HOOK.c.tenant_id == bindparam("tenant_id"), _HOOK.c.disabled.is_(False)
)
_HOOK_OF = (_HOOK.c.tenant_id == _DELIVERY.c.tenant_id) & (_HOOK.c.id == _DELIVERY.c.webhook_id)
_NEXT_DUE = (
    select(func.min(_DELIVERY.c.run_after_us))
    .join_from(_DELIVERY, _HOOK, _HOOK_OF)
    .where(
        _DELIVERY.c.state == DeliveryState.PENDING,
        _DELIVERY.c.webhook_id.not_in(bindparam("except_of", expanding=True)),
        _HOOK.c.disabled.is_(False),
    )
)
_ERROR_CHARS = 200


def insert_webhook(
    session: Session,
    tenant_id: str,
    webhook_id: str,
    url: str,
    events: Sequence[str],
    secret: str,
    moment_us: int,
) -> Webhook:
    row = WebhookRow(
        tenant_id=tenant_id,
        id=webhook_id,
        url=url,
        events=list(events),
        secret=secret,
        disabled=False,
        create_us=moment_us,
    )
    session.add(row)
    session.flush()
    return _webhook(row)


def count_webhooks(session: Session, tenant_id: str) -> int:
    return session.scalar(select(func.count()).where(WebhookRow.tenant_id == tenant_id)) or 0


def list_webhooks(session: Session, tenant_id: str) -> list[Webhook]:
    """Newest first."""
    rows = session.scalars(
        select(WebhookRow).where(WebhookRow.tenant_id == tenant_id).order_by(WebhookRow.id.desc())
    )
    return [_webhook(row) for row in rows]


def read_webhook(session: Session, tenant_id: str, webhook_id: str) -> Webhook:
    """Raises NotFound."""
    return _webhook(_row(session, tenant_id, webhook_id))


def delete_webhook(session: Session, tenant_id: str, webhook_id: str) -> Webhook:
    """Remove a webhook with its deliveries. Raises NotFound."""
    row = _row(session, tenant_id, webhook_id)
    of_hook = (_DELIVERY.c.tenant_id == tenant_id, _DELIVERY.c.webhook_id == webhook_id)
    session.execute(delete(_DELIVERY).where(*of_hook))
    session.delete(row)
    return _webhook(row)


def enqueue_event(
    session: Session, tenant_id: str, event: Event, data: Mapping[str, str | int], moment_us: int
) -> None:
    """Queue an event, in its own transaction, for each webhook of the tenant that wants it."""
    hooks = session.execute(_ENABLED, {"tenant_id": tenant_id})
    wanted = [row.id for row in hooks if event in row.events]
    if wanted:
        ids = IdSource()
        rows = [delivery_values(tenant_id, ids.next(), hook, event, data, moment_us) for hook in wanted]
        session.execute(insert(_DELIVERY), rows)


def delivery_values(
    tenant_id: str, id: str, webhook_id: str, event: str, data: Mapping[str, str | int], moment_us: int
) -> dict[str, Any]:
    """A row of a delivery that is due."""
    timestamp = datetime_from_us(moment_us).isoformat()
    body = json.dumps({"type": event, "timestamp": timestamp, "data": dict(data)}, separators=(",", ":"))
    return {
        "tenant_id": tenant_id,
        "id": id,
        "webhook_id": webhook_id,
        "event": event,
        "body": body,
        "state": DeliveryState.PENDING,
        "attempts": 0,
        "run_after_us": moment_us,
        "status": 0,
        "error": "",
        "first_us": moment_us,
        "create_us": moment_us,
        "update_us": moment_us,
    }


def insert_delivery(session: Session, values: Mapping[str, Any]) -> None:
    session.execute(insert(_DELIVERY), dict(values))


def claim_deliveries(
    session: Session,
    most: int,
    lease_us: int,
    moment_us: int,
    per_webhook: int = 4,
    busy: Mapping[str, int] | None = None,
) -> list[ClaimedDelivery]:
    """Take deliveries that are due; each is due again after `lease_us`, unless its attempt ends before.

    At most `per_webhook` of one webhook are taken, with the attempts that `busy` counts by webhook.
    """
    under_way = Counter(busy or {})
    full = [hook for hook, count in under_way.items() if count >= per_webhook]
    due = (
        select(_DELIVERY, _HOOK.c.url, _HOOK.c.secret)
        .join_from(_DELIVERY, _HOOK, _HOOK_OF)
        .where(
            _DELIVERY.c.state == DeliveryState.PENDING,
            _DELIVERY.c.run_after_us <= moment_us,
            _DELIVERY.c.webhook_id.not_in(full),
            _HOOK.c.disabled.is_(False),
        )
        .order_by(_DELIVERY.c.run_after_us, _DELIVERY.c.id)
        .limit(most)
        .with_for_update(skip_locked=True, of=_DELIVERY)
    )
    claims: list[ClaimedDelivery] = []
    for row in session.execute(due).all():
        if under_way[row.webhook_id] >= per_webhook:
            continue
        under_way[row.webhook_id] += 1
        claim = ClaimedDelivery(
            *(row.tenant_id, row.id, row.webhook_id, str(uuid.uuid4()), row.url, row.secret, row.body),
            *(row.attempts + 1, row.first_us),
        )
        claims.append(claim)
        _update(
            session,
            claim.tenant_id,
            claim.id,
            lease_token=claim.token,
            attempts=claim.attempts,
            run_after_us=moment_us + lease_us,
        )
    return claims


def next_delivery_us(session: Session, except_of: Sequence[str] = ()) -> int | None:
    """When the next delivery is due, but of those webhooks; None if none is pending."""
    moment: int | None = session.scalar(_NEXT_DUE, {"except_of": list(except_of)})
    return moment


def end_attempt(
    session: Session,
    claim: ClaimedDelivery,
    state: DeliveryState,
    status: int,
    error: str,
    run_after_us: int,
    moment_us: int,
) -> bool:
    """Store the outcome of an attempt; False where another one has taken the delivery over."""
    changed = session.execute(
        update(_DELIVERY)
        .where(
            _DELIVERY.c.tenant_id == claim.tenant_id,
            _DELIVERY.c.id == claim.id,
            _DELIVERY.c.lease_token == claim.token,
        )
        .values(
            state=state,
            status=status,
            error=error[:_ERROR_CHARS],
            run_after_us=run_after_us,
            lease_token=None,
            update_us=moment_us,
        )
        .returning(_DELIVERY.c.id)
    )
    if changed.first() is None:
        return False
    note_outcome(session, claim.tenant_id, claim.webhook_id, moment_us, ok=state is DeliveryState.DELIVERED)
    return True


def note_outcome(session: Session, tenant_id: str, webhook_id: str, moment_us: int, *, ok: bool) -> None:
    """Remember since when a webhook fails; a success turns it on."""
    of_hook = (_HOOK.c.tenant_id == tenant_id, _HOOK.c.id == webhook_id)
    if ok:
        session.execute(update(_HOOK).where(*of_hook).values(failing_us=None, disabled=False))
    else:
        began = update(_HOOK).where(*of_hook, _HOOK.c.failing_us.is_(None)).values(failing_us=moment_us)
        session.execute(began)


def disable_webhook(session: Session, tenant_id: str, webhook_id: str, failing_before_us: int) -> bool:
    """Send nothing more to a webhook that has failed since before a moment; whether that is so now."""
    disabled = session.execute(
        update(_HOOK)
        .where(
            _HOOK.c.tenant_id == tenant_id,
            _HOOK.c.id == webhook_id,
            _HOOK.c.failing_us <= failing_before_us,
        )
        .values(disabled=True)
        .returning(_HOOK.c.id)
    )
    return disabled.first() is not None


def list_deliveries(
    session: Session, tenant_id: str, cursor: Cursor, webhook_id: str, state: DeliveryState | None
) -> list[Delivery]:
    """Newest first, one more than the page's size where there are more."""
    query = select(WebhookDeliveryRow).where(WebhookDeliveryRow.tenant_id == tenant_id)
    if webhook_id:
        query = query.where(WebhookDeliveryRow.webhook_id == webhook_id)
    if state is not None:
        query = query.where(WebhookDeliveryRow.state == state)
    if cursor.before:
        query = query.where(WebhookDeliveryRow.id < cursor.before)
    rows = session.scalars(query.order_by(WebhookDeliveryRow.id.desc()).limit(cursor.size + 1))
    return [_delivery(row) for row in rows]


def read_delivery(session: Session, tenant_id: str, delivery_id: str) -> Delivery:
    """Raises NotFound."""
    row = session.get(WebhookDeliveryRow, (tenant_id, delivery_id))
    if row is None:
        raise NotFound("webhook delivery", delivery_id)
    return _delivery(row)


def redeliver(session: Session, tenant_id: str, delivery_id: str, moment_us: int) -> Delivery:
    """Queue a delivery as if it had never been tried. Raises NotFound."""
    before = read_delivery(session, tenant_id, delivery_id)
    fresh = {"run_after_us": moment_us, "first_us": moment_us, "lease_token": None, "update_us": moment_us}
    _update(session, tenant_id, before.id, state=DeliveryState.PENDING, attempts=0, **fresh)
    session.expire_all()
    return read_delivery(session, tenant_id, delivery_id)


def purge_deliveries(session: Session, before_us: int, most: int) -> int:
    """Remove at most `most` deliveries of all tenants that ended before a moment; returns how many."""
    old = (_DELIVERY.c.state != DeliveryState.PENDING, _DELIVERY.c.update_us < before_us)
    keys = session.execute(select(_DELIVERY.c.tenant_id, _DELIVERY.c.id).where(*old).limit(most)).all()
    for tenant_id, id in keys:
        session.execute(delete(_DELIVERY).where(_DELIVERY.c.tenant_id == tenant_id, _DELIVERY.c.id == id))
    return len(keys)


def _update(session: Session, tenant_id: str, delivery_id: str, **values: Any) -> None:
    of_delivery = (_DELIVERY.c.tenant_id == tenant_id, _DELIVERY.c.id == delivery_id)
    session.execute(update(_DELIVERY).where(*of_delivery).values(**values))


def read_secret(session: Session, tenant_id: str, webhook_id: str) -> str:
    """Raises NotFound."""
    return _row(session, tenant_id, webhook_id).secret


def _row(session: Session, tenant_id: str, webhook_id: str) -> WebhookRow:
    row = session.get(WebhookRow, (tenant_id, webhook_id))
    if row is None:
        raise NotFound("webhook", webhook_id)
    return row


def _webhook(row: WebhookRow) -> Webhook:
    failing = None if row.failing_us is None else datetime_from_us(row.failing_us)
    created = datetime_from_us(row.create_us)
    return Webhook(row.id, row.url, tuple(row.events), row.disabled, failing, created)


def _delivery(row: WebhookDeliveryRow) -> Delivery:
    return Delivery(
        *(row.id, row.webhook_id, row.event, DeliveryState(row.state), row.attempts, row.status, row.error),
        *(datetime_from_us(row.create_us), datetime_from_us(row.update_us)),
    )
