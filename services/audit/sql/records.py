"""Audit records in SQL; every function runs in its caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, cast

from sqlalchemy import Select, Table, delete, func, insert, select, tuple_, update
from sqlalchemy.orm import Session

from services.audit.audit_filter import AuditFilter
from services.audit.record import AuditRecord
from services.audit.sql.tables import AuditRecordRow

_RECORD = cast(Table, AuditRecordRow.__table__)
_INSERT = insert(_RECORD)
_FIELDS = tuple(field.name for field in fields(AuditRecord))
_KEY = tuple_(_RECORD.c.time_us, _RECORD.c.id)


def insert_record(session: Session, record: AuditRecord) -> None:
    """Add a record."""
    session.execute(_INSERT, {name: getattr(record, name) for name in _FIELDS})


def list_records(
    session: Session, wanted: AuditFilter, size: int, before: tuple[int, str] | None
) -> list[AuditRecord]:
    """At most `size` records, newest first, older than the one with this time and id."""
    query = _filtered(select(*(_RECORD.c[name] for name in _FIELDS)), wanted)
    if before is not None:
        query = query.where(_RECORD.c.time_us <= before[0], tuple_(*before) > _KEY)
    rows = session.execute(query.order_by(_RECORD.c.time_us.desc(), _RECORD.c.id.desc()).limit(size))
    return [AuditRecord(*row) for row in rows]


def purge_records(session: Session, before_us: int, most: int) -> int:
    """Remove at most so many of the records made before a time; returns how many."""
    oldest = select(_RECORD.c.time_us, _RECORD.c.id).where(_RECORD.c.time_us < before_us)
    oldest = oldest.order_by(_RECORD.c.time_us, _RECORD.c.id).limit(most)
    removed: Any = session.execute(delete(_RECORD).where(_KEY.in_(oldest)))
    return int(removed.rowcount)


def erase_records(session: Session, tenant_id: str, most: int) -> int:
    """Remove at most so many of a tenant's records; returns how many."""
    some = select(_RECORD.c.time_us, _RECORD.c.id).where(_RECORD.c.tenant_id == tenant_id).limit(most)
    removed: Any = session.execute(delete(_RECORD).where(_KEY.in_(some)))
    return int(removed.rowcount)


def count_records(session: Session, tenant_id: str) -> int:
    """How many records a tenant has."""
    query = select(func.count()).select_from(_RECORD).where(_RECORD.c.tenant_id == tenant_id)
    return session.scalar(query) or 0


def erase_facts(session: Session, tenant_id: str, resources: Sequence[str]) -> int:
    """Remove what a tenant's records tell of resources, but that something was done; returns how many."""
    of_resources = (_RECORD.c.tenant_id == tenant_id, _RECORD.c.resource.in_(resources))
    changed: Any = session.execute(update(_RECORD).where(*of_resources).values(before={}, after={}))
    return int(changed.rowcount)


def erase_end_user(session: Session, tenant_id: str, end_user: str) -> int:
    """Remove an end user's id from a tenant's records, which stay; returns how many."""
    of_user = (_RECORD.c.tenant_id == tenant_id, _RECORD.c.end_user == end_user)
    changed: Any = session.execute(update(_RECORD).where(*of_user).values(end_user=""))
    return int(changed.rowcount)


def count_end_user(session: Session, tenant_id: str, end_user: str) -> int:
    """How many records of a tenant have an end user's id."""
    of_user = (_RECORD.c.tenant_id == tenant_id, _RECORD.c.end_user == end_user)
    return session.scalar(select(func.count()).select_from(_RECORD).where(*of_user)) or 0


def _filtered(query: Select[Any], wanted: AuditFilter) -> Select[Any]:
    columns, prefix = _RECORD.c, wanted.resource_prefix
    if wanted.tenants is not None:
        query = query.where(columns.tenant_id.in_(wanted.tenants))
    if wanted.from_us is not None:
        query = query.where(columns.time_us >= wanted.from_us)
    if wanted.before_us is not None:
        query = query.where(columns.time_us < wanted.before_us)
    if wanted.actor:
        query = query.where(columns.actor == wanted.actor)
    if wanted.action:
        query = query.where(columns.action == wanted.action)
    if prefix:
        query = query.where(func.substr(columns.resource, 1, len(prefix)) == prefix)
    return query
