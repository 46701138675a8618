"""Feedback of end users, on items and on outfits, as events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from domain.clock import datetime_from_us
from domain.errors import AlreadyExists
from domain.preference_rules import FeedbackKind
from services.catalog.sql.tables import FeedbackRow
from services.catalog.sql.upsert import table_of

MAX_EVENT_ROWS = 2000
"""Of an end user, one for each item of each feedback; the oldest go first."""
_FEEDBACK = table_of(FeedbackRow)


@dataclass(frozen=True, slots=True)
class NewFeedback:
    """Feedback on the items of an outfit, or on one item.

    Attributes:
        weight: of each item; those of an outfit share that of the kind.
        fingerprint: of what was asked for, to compare calls with one key.
    """

    id: str
    end_user: str
    kind: FeedbackKind
    item_ids: tuple[str, ...]
    weight: float
    idempotency_key: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """Feedback that is kept; items that were removed since are no longer in it."""

    id: str
    kind: FeedbackKind
    item_ids: tuple[str, ...]
    create_time: datetime


@dataclass(frozen=True, slots=True)
class ItemWeight:
    """The weight that one feedback gave to one item at a moment, in microseconds since 1970."""

    item_id: str
    weight: float
    create_us: int


def insert_feedback(session: Session, tenant_id: str, new: NewFeedback, moment_us: int) -> None:
    """Raises IntegrityError where an item is not there any more."""
    rows = [
        {
            "tenant_id": tenant_id,
            "id": new.id,
            "item_id": item_id,
            "end_user": new.end_user,
            "kind": new.kind.value,
            "weight": new.weight,
            "idempotency_key": new.idempotency_key or None,
            "fingerprint": new.fingerprint,
            "create_us": moment_us,
        }
        for item_id in new.item_ids
    ]
    session.execute(insert(_FEEDBACK), rows)


def find_feedback_by_key(
    session: Session, tenant_id: str, end_user: str, idempotency_key: str, fingerprint: str
) -> str | None:
    """The id of the end user's feedback that an earlier call with this key gave.

    Raises:
        AlreadyExists: that call said something else.
    """
    if not idempotency_key:
        return None
    query = select(FeedbackRow.id, FeedbackRow.fingerprint).where(
        FeedbackRow.tenant_id == tenant_id,
        FeedbackRow.end_user == end_user,
        FeedbackRow.idempotency_key == idempotency_key,
    )
    row = session.execute(query.limit(1)).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise AlreadyExists(
            f"idempotency_key {idempotency_key!r} was used for different feedback",
            resource="feedback",
            id=row.id,
            reason="IDEMPOTENCY_KEY_REUSED",
        )
    return str(row.id)


def prune_feedback(session: Session, tenant_id: str, end_user: str, most: int = MAX_EVENT_ROWS) -> None:
    """Remove the oldest feedback of an end user, so that at most so many rows are left."""
    of_user = (_FEEDBACK.c.tenant_id == tenant_id, _FEEDBACK.c.end_user == end_user)
    newest = select(_FEEDBACK.c.id).where(*of_user).order_by(_FEEDBACK.c.id.desc())
    oldest_out = session.scalar(newest.offset(most).limit(1))
    if oldest_out is not None:
        session.execute(delete(_FEEDBACK).where(*of_user, _FEEDBACK.c.id <= oldest_out))


def list_feedback(session: Session, tenant_id: str, end_user: str) -> list[Feedback]:
    """All that is kept of an end user, oldest first."""
    query = select(FeedbackRow).where(FeedbackRow.tenant_id == tenant_id, FeedbackRow.end_user == end_user)
    events: dict[str, list[FeedbackRow]] = {}
    for row in session.scalars(query.order_by(FeedbackRow.id, FeedbackRow.item_id)):
        events.setdefault(row.id, []).append(row)
    return [
        Feedback(
            id,
            FeedbackKind(rows[0].kind),
            tuple(row.item_id for row in rows),
            datetime_from_us(rows[0].create_us),
        )
        for id, rows in events.items()
    ]


def item_weights(session: Session, tenant_id: str, end_user: str) -> Sequence[ItemWeight]:
    """What is kept of an end user, oldest first."""
    query = select(FeedbackRow.item_id, FeedbackRow.weight, FeedbackRow.create_us).where(
        FeedbackRow.tenant_id == tenant_id, FeedbackRow.end_user == end_user
    )
    return [ItemWeight(*row) for row in session.execute(query.order_by(FeedbackRow.id, FeedbackRow.item_id))]


def delete_feedback(session: Session, tenant_id: str, end_user: str) -> int:
    """Remove all feedback of an end user; returns how many rows."""
    of_user = (_FEEDBACK.c.tenant_id == tenant_id, _FEEDBACK.c.end_user == end_user)
    result: Any = session.execute(delete(_FEEDBACK).where(*of_user))
    return int(result.rowcount)


def purge_feedback(session: Session, before_us: int, most: int) -> int:
    """Remove at most so many feedbacks of all tenants that were given before a moment; returns how many."""
    query = select(_FEEDBACK.c.tenant_id, _FEEDBACK.c.id).where(_FEEDBACK.c.create_us < before_us).distinct()
    keys = session.execute(query.limit(most)).all()
    for tenant_id, id in keys:
        of_event = (_FEEDBACK.c.tenant_id == tenant_id, _FEEDBACK.c.id == id)
        session.execute(delete(_FEEDBACK).where(*of_event))
    return len(keys)
